/* SPDX-License-Identifier: Apache-2.0 */
/* json_check.h: whether a text is JSON (RFC 8259) of printable ASCII, a value or a line of them. */
#ifndef FUZZ_JSON_CHECK_H
#define FUZZ_JSON_CHECK_H

#include <stdbool.h>
#include <stddef.h>

bool json_is_valid(const char *text, size_t length);

#endif
