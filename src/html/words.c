/* SPDX-License-Identifier: Apache-2.0 */
#include "html/words.h"

#include <string.h>

static bool is_word(const void *context, size_t index, const void *key)
{
    const struct pt_words *words = context;
    return strcmp(words->texts.items[index], key) == 0;
}

int32_t pt_word(struct pt_words *words, const char *text)
{
    if (text == NULL) {
        return PT_WORD_NONE;
    }
    uint64_t hash = pt_hash_text(0, text);
    size_t at = pt_index_map_find(&words->map, hash, is_word, words, text);
    if (at != PT_INDEX_NONE) {
        return (int32_t)at;
    }
    at = words->texts.count;
    if (at == PT_WORDS_HIGHEST || pt_texts_keep(&words->texts, text) == NULL) {
        return PT_WORD_NONE;
    }
    return pt_index_map_add(&words->map, hash, at) ? (int32_t)at : PT_WORD_NONE;
}

void pt_words_release(struct pt_words *words)
{
    pt_texts_release(&words->texts);
    pt_index_map_release(&words->map);
}
