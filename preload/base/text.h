/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.h: the few text functions that the preload object needs.
 *
 * They replace stdio's, which may take locks, allocate and follow the host's locale. No state, no
 * allocation; any layer, any thread, signal handlers too.
 */
#ifndef PT_TEXT_H
#define PT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PT_PATH_BYTES 1024u /* of every buffer for a path */

/* Decimal digits of `value` with a final zero; `out` holds at least 21 bytes. Returns the number of
 * digits. */
size_t pt_text_decimal(char *out, uint64_t value);

/* Length of `text`, but at most `max_bytes`, and never in the middle of a UTF-8 character. */
size_t pt_text_prefix_bytes(const char *text, size_t max_bytes);

/* Copies `count` bytes; a byte that belongs to no well-formed UTF-8 character becomes '?'. Adds no
 * final zero. */
void pt_text_copy_utf8(char *out, const char *text, size_t count);

/* Appends `text` at `out + *at`, keeping room for the final zero; false when it did not fit (then
 * `out` holds what did). */
bool pt_text_append(char *out, size_t size_bytes, size_t *at, const char *text);

/* Two lower-case hexadecimal digits for each of `count` bytes, with a final zero. */
void pt_text_hex(char *out, const uint8_t *bytes, size_t count);

/* The unsigned number at the start of `text`; *end behind its last digit, or `text` when there is
 * none. Saturates. */
uint64_t pt_text_number(const char *text, const char **end);

#endif
