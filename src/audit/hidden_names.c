/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/hidden_names.h"

#include <string.h>

#include <phasetap/log_format.h>

#include "names/token.h"

#define NESTED_HIGHEST 16 /* a recorder nests far less deep */

static bool is_public(const char *text)
{
    static const char *const phases[] = {
#define PHASE(id, constant, name, reported) name,
        PT_PHASES(PHASE)
#undef PHASE
    };
    for (size_t i = 0; i < sizeof phases / sizeof phases[0]; i++) {
        if (strcmp(text, phases[i]) == 0) {
            return true;
        }
    }
    return strncmp(text, "libmongoc-1.0.so", 16) == 0 || strncmp(text, "libmongoc2.so", 13) == 0;
}

bool pt_text_is_hidden(const char *text)
{
    return text != NULL && (text[0] == '\0' || pt_token_is(text) || is_public(text));
}

static bool is_hidden(const bson_iter_t *iter, bool is_list, int depth);

static bool are_hidden(const bson_iter_t *parent, int depth)
{
    bson_iter_t child;
    bool is_list = BSON_ITER_HOLDS_ARRAY(parent);
    if (depth == NESTED_HIGHEST || !bson_iter_recurse(parent, &child)) {
        return false;
    }
    while (bson_iter_next(&child)) {
        if (!is_hidden(&child, is_list, depth)) {
            return false;
        }
    }
    return child.err_off == 0;
}

static bool is_hidden(const bson_iter_t *iter, bool is_list, int depth)
{
    const char *key = bson_iter_key(iter);
    if (!is_list && key[0] != '\0' && !pt_token_is(key)) {
        return false;
    }
    switch (bson_iter_type(iter)) {
    case BSON_TYPE_UTF8:
        return pt_text_is_hidden(bson_iter_utf8(iter, NULL));
    case BSON_TYPE_DOCUMENT:
    case BSON_TYPE_ARRAY:
        return are_hidden(iter, depth + 1);
    case BSON_TYPE_INT64:
    case BSON_TYPE_DOUBLE:
    case BSON_TYPE_BOOL:
        return true;
    default: /* the recorder writes no other */
        return false;
    }
}

bool pt_metadata_is_hidden(const bson_iter_t *document)
{
    return are_hidden(document, 0);
}
