/* SPDX-License-Identifier: Apache-2.0 */
/*
 * safe_text.h: the one filter between texts that others wrote (logs, ELF files, file names, command
 * lines) and a terminal.
 *
 * A terminal obeys control characters: C0 and DEL, and C1 both as bytes and as UTF-8. Bidirectional
 * overrides show text in another order than it has, and invisible characters make two names look
 * the same. All of these are written as \uXXXX (\U000XXXXX above U+FFFF), and bytes that are not
 * UTF-8 as \xXX. Everything else is passed on. A backslash stays as it is: the result is for
 * reading, not for decoding. JSON output escapes more (json_out.h).
 *
 * Any thread. Sizes are bytes.
 */
#ifndef PHASETAP_SAFE_TEXT_H
#define PHASETAP_SAFE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define PT_UTF8_INVALID UINT32_MAX

/* The longest form of one character or invalid byte, final zero included. */
#define PT_SAFE_CHARACTER_BYTES 11

/*
 * Decodes the character at `text`, of which `left` bytes (at least 1) are there. Returns its
 * length, or 1 with PT_UTF8_INVALID where the bytes are not UTF-8 (overlong forms, surrogates and
 * values beyond U+10FFFF are not).
 */
size_t pt_utf8_next(const char *text, size_t left, uint32_t *ret_point);

/* True for a character that is written as an escape. */
bool pt_point_is_hidden(uint32_t point);

/* Writes as much of `from` as fits in `room` (at least 1) and ends with a zero, never within a
 * character or an escape. Returns `to`. */
char *pt_safe_text(char *to, size_t room, const char *from);

void pt_put_safe(FILE *out, const char *text);

#endif
