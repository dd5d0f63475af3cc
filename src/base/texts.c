/* SPDX-License-Identifier: Apache-2.0 */
#include "base/texts.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

const char *pt_texts_keep(struct pt_texts *texts, const char *text)
{
    char **items = pt_array_reach(texts->items, &texts->room, texts->count, 16, sizeof *items);
    if (items == NULL) {
        return NULL;
    }
    texts->items = items;
    char *copy = strdup(text);
    if (copy != NULL) {
        items[texts->count++] = copy;
    }
    return copy;
}

void pt_texts_release(struct pt_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++) {
        free(texts->items[i]);
    }
    free(texts->items);
    *texts = (struct pt_texts){0};
}
