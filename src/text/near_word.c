/* SPDX-License-Identifier: Apache-2.0 */
#include "text/near_word.h"

#include <stdio.h>
#include <string.h>

/* Commands and options are shorter; what is longer was not meant to be one. */
#define WORD_CHARS 31

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* One row of the table of distances: rows[0] is new, rows[1] the one before, rows[2] before that.
 */
static void fill_row(size_t *rows[3], const char *a, size_t i, const char *b, size_t b_length)
{
    rows[0][0] = i;
    for (size_t j = 1; j <= b_length; j++) {
        size_t changed = rows[1][j - 1] + (a[i - 1] != b[j - 1]);
        rows[0][j] = least(changed, least(rows[1][j], rows[0][j - 1]) + 1);
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
            rows[0][j] = least(rows[0][j], rows[2][j - 2] + 1);
        }
    }
}

/* Slips between two words of at most WORD_CHARS letters (optimal string alignment). */
static size_t slips_between(const char *a, const char *b)
{
    size_t table[3][WORD_CHARS + 1];
    size_t *rows[3] = {table[0], table[1], table[2]};
    size_t a_length = strlen(a), b_length = strlen(b);
    for (size_t j = 0; j <= b_length; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a_length; i++) {
        size_t *oldest = rows[2];
        rows[2] = rows[1];
        rows[1] = rows[0];
        rows[0] = oldest;
        fill_row(rows, a, i, b, b_length);
    }
    return rows[0][b_length];
}

static size_t slips_allowed(size_t length)
{
    return length < 4 ? 1 : length < 8 ? 2 : 3;
}

void pt_near_begin(struct pt_near_word *near, const char *given)
{
    *near = (struct pt_near_word){.given = given};
}

void pt_near_offer(struct pt_near_word *near, const char *word)
{
    size_t given = strlen(near->given), length = strlen(word);
    if (given < 2 || given > WORD_CHARS || length > WORD_CHARS) {
        return;
    }
    bool begins = strncmp(word, near->given, given) == 0;
    size_t slips = begins ? 1 : slips_between(near->given, word);
    if (slips <= slips_allowed(given) && (near->best == NULL || slips < near->slips)) {
        near->best = word;
        near->slips = slips;
    }
}

const char *pt_near_hint(const struct pt_near_word *near, const char *prefix,
                         char hint[PT_NEAR_HINT_BYTES])
{
    hint[0] = '\0';
    if (near->best != NULL) {
        snprintf(hint, PT_NEAR_HINT_BYTES, " did you mean '%s%s'?", prefix, near->best);
    }
    return hint;
}
