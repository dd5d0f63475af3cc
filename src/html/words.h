/* SPDX-License-Identifier: Apache-2.0 */
/*
 * words.h: texts that the page repeats (collections, phases, commands, servers), each once and
 * known by its number, in order of first use. At most PT_WORDS_HIGHEST: the page keeps a limited
 * number of events, so a log does not reach that limit unless it was made to.
 *
 * Zero bytes are an empty table. It owns copies of the texts; release with pt_words_release(). One
 * thread.
 */
#ifndef PHASETAP_WORDS_H
#define PHASETAP_WORDS_H

#include "base/index_map.h"
#include "base/texts.h"

#define PT_WORDS_HIGHEST 65536
#define PT_WORD_NONE     (-1)

struct pt_words {
    struct pt_texts texts;
    struct pt_index_map map;
};

/* PT_WORD_NONE for NULL, beyond the limit, and without memory. */
int32_t pt_word(struct pt_words *words, const char *text);
void pt_words_release(struct pt_words *words);

#endif
