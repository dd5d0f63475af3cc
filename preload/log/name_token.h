/* SPDX-License-Identifier: Apache-2.0 */
/*
 * name_token.h: what stands for a name outside this process: the name itself, or with
 * PHASETAP_NAMES=alias or hash a token. (docs/PRIVACY.md, "Names")
 *
 * A token is a word for the kind of name, a hyphen, and 16 hexadecimal digits: SipHash-2-4 of the
 * kind and the name, under a random key. The key is made when the object is loaded, so that forked
 * children have it in their memory. Programs that `phasetap run` starts share the secret part of
 * PHASETAP_HANDSHAKE instead: one name then has one token in all processes of the run. The key is
 * never written anywhere. Memory of this process keeps the names: only what leaves it has tokens.
 *
 * If the kernel has no random numbers, all names of a kind have one token, without digits.
 *
 * pt_tokens_begin in the constructor, pt_tokens_lose_names by the thread that starts the recording;
 * the others on any thread.
 */
#ifndef PT_NAME_TOKEN_H
#define PT_NAME_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "phasetap/names_format.h"
#include "phasetap/options.h"

enum pt_token_kind {
#define PT_TOKEN_ENUM(constant, word) PT_TOKEN_##constant,
    PT_TOKEN_KINDS(PT_TOKEN_ENUM)
#undef PT_TOKEN_ENUM
};

/* `handshake`: the value of PHASETAP_HANDSHAKE, or any text. */
void pt_tokens_begin(enum pt_names_mode mode, const char *handshake);

enum pt_names_mode pt_tokens_mode(void);

/* Nothing keeps the names beside the tokens: an alias is as good as a hash from now on. */
void pt_tokens_lose_names(void);

/* `text` itself if names are plain, if it is empty, or if it is the name of a phase that phasetap
 * recognises; else its token, in `out`. */
const char *pt_token_of(char out[PT_TOKEN_BYTES], enum pt_token_kind kind, const char *text);

#endif
