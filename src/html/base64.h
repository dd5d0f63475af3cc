/* SPDX-License-Identifier: Apache-2.0 */
/* base64.h: bytes as a JSON text in base64, RFC 4648. */
#ifndef PHASETAP_BASE64_H
#define PHASETAP_BASE64_H

#include "text/json_out.h"

void pt_json_base64(struct pt_json *json, const char *key, const uint8_t *bytes, size_t count);

#endif
