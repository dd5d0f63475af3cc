/* SPDX-License-Identifier: Apache-2.0 */
/*
 * translate.h: puts names in the place of their tokens in any text: a summary, a JSON report, an
 * export.
 *
 * The text's format is not known, so a name must not be able to end a JSON string, a CSV field, a
 * frame of a flame graph or an HTML element, or to drive a terminal: the bytes " \ , ; < > & ' %,
 * control and invisible characters, and what is no UTF-8 are written as %XX. Tokens without a name
 * stay. One thread.
 */
#ifndef PHASETAP_TRANSLATE_H
#define PHASETAP_TRANSLATE_H

#include <stdio.h>

#include "names/key_file.h"

enum pt_translated {
    PT_TRANSLATED_ALL,
    PT_TRANSLATED_BINARY, /* the input holds what no text of ours has: nothing behind that */
    PT_TRANSLATED_UNREAD, /* reading failed, see errno */
};

/* Until the end of `in`. Whether `out` took it is for the caller to check. */
enum pt_translated pt_translate(const struct pt_keys *keys, FILE *in, FILE *out);

#endif
