/* SPDX-License-Identifier: Apache-2.0 */
/*
 * token.h: recognises the tokens that stand for names (phasetap/names_format.h). Any thread.
 */
#ifndef PHASETAP_TOKEN_H
#define PHASETAP_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

enum pt_token_match {
    PT_TOKEN_NONE,  /* no token begins so */
    PT_TOKEN_BEGIN, /* a token may begin so */
    PT_TOKEN_WHOLE, /* it is one */
};

/* Of the first `length` bytes of `text`; a token that hides all names of a kind is none. */
enum pt_token_match pt_token_match(const char *text, size_t length);

/* True for a whole token, one that hides all names of a kind included. */
bool pt_token_is(const char *text);

#endif
