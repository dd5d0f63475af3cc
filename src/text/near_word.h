/* SPDX-License-Identifier: Apache-2.0 */
/*
 * near_word.h: the known word that a misspelt one was meant to be.
 *
 * Near is: begins with what was given (two letters at least), or differs by few slips, each a
 * letter missing, added, changed, or two swapped: one slip in words of up to 3 letters, two up to
 * 7, three beyond. The nearest wins, the first of equally near ones. No state; any thread.
 */
#ifndef PHASETAP_NEAR_WORD_H
#define PHASETAP_NEAR_WORD_H

#include <stdbool.h>
#include <stddef.h>

#define PT_NEAR_HINT_BYTES 96

struct pt_near_word {
    const char *given;
    const char *best; /* NULL: nothing is near */
    size_t slips;     /* of `best` */
};

/* `given` and the words that are offered must outlive `near`. */
void pt_near_begin(struct pt_near_word *near, const char *given);
void pt_near_offer(struct pt_near_word *near, const char *word);

/* " did you mean 'PREFIXword'?", or "" when nothing is near. Returns `hint`. */
const char *pt_near_hint(const struct pt_near_word *near, const char *prefix,
                         char hint[PT_NEAR_HINT_BYTES]);

#endif
