/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MASKER_WORDS_H
#define MASKER_WORDS_H

/* Word lists for synthetic patients (generate.c) and for pseudonyms (transforms.c). Constant; any
 * thread may read. */

#include "random.h"

#include <stdint.h>

typedef struct {
    const char *const *words;
    uint32_t count;
} word_list;

extern const word_list words_given;
extern const word_list words_family;
extern const word_list words_street;
extern const word_list words_city;
extern const word_list words_state;
extern const word_list words_payer;
extern const word_list words_department;
extern const word_list words_diagnosis;
extern const word_list words_allergy;
extern const word_list words_relation;
extern const word_list words_note;

/* One word of the list, by the next number of `source`. Never NULL. */
const char *words_pick(const word_list *list, random_source *source);

#endif
