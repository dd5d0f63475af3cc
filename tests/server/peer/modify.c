/* SPDX-License-Identifier: Apache-2.0 */
/* Updates of one document; modify.h is the manual. */
#include "modify.h"

#include <string.h>

static const uint8_t EMPTY_DOCUMENT[5] = {5, 0, 0, 0, 0};

static bool has_operators(struct bson_view change)
{
    return !bson_is_empty(change) && change.data[5] == '$';
}

const char *modify_unsupported(const struct bson_element *change)
{
    struct bson_view document;
    struct bson_walk walk;
    struct bson_element operator;
    if (change->type != BSON_DOCUMENT || !bson_element_document(change, &document)) {
        return "pipeline";
    }
    if (!has_operators(document)) {
        return NULL;
    }
    bson_walk_begin(&walk, document);
    while (bson_walk_next(&walk, &operator)) {
        if (strcmp(operator.key, "$set") != 0 && strcmp(operator.key, "$unset") != 0) {
            return operator.key;
        }
    }
    return NULL;
}

static struct bson_view part(struct bson_view change, const char *operator)
{
    struct bson_view fields;
    if (!bson_find_document(change, operator, & fields)) {
        fields = (struct bson_view){EMPTY_DOCUMENT, sizeof EMPTY_DOCUMENT};
    }
    return fields;
}

static void replace(struct bson_view old, struct bson_view change, struct bson_out *scratch)
{
    struct bson_walk walk;
    struct bson_element element;
    bool has_id = bson_find(old, "_id", &element);
    if (has_id) {
        bson_out_element(scratch, "_id", &element);
    }
    bson_walk_begin(&walk, change);
    while (bson_walk_next(&walk, &element)) {
        if (!has_id || strcmp(element.key, "_id") != 0) {
            bson_out_element(scratch, element.key, &element);
        }
    }
}

static void set_and_unset(struct bson_view old, struct bson_view set, struct bson_view unset,
                          struct bson_out *scratch)
{
    struct bson_walk walk;
    struct bson_element element, changed;
    bson_walk_begin(&walk, old);
    while (bson_walk_next(&walk, &element)) {
        if (!bson_find(unset, element.key, &changed)) {
            bool is_set = bson_find(set, element.key, &changed) && strcmp(element.key, "_id") != 0;
            bson_out_element(scratch, element.key, is_set ? &changed : &element);
        }
    }
    bson_walk_begin(&walk, set);
    while (bson_walk_next(&walk, &element)) {
        if (!bson_find(old, element.key, &changed)) {
            bson_out_element(scratch, element.key, &element);
        }
    }
}

void modify_document(struct bson_view old, struct bson_view change, struct bson_out *scratch)
{
    scratch->len_bytes = 0;
    size_t mark = bson_out_begin(scratch);
    if (has_operators(change)) {
        set_and_unset(old, part(change, "$set"), part(change, "$unset"), scratch);
    } else {
        replace(old, change, scratch);
    }
    bson_out_end(scratch, mark);
}

void modify_upsert_base(struct bson_view filter, struct bson_out *scratch)
{
    struct bson_walk walk;
    struct bson_element element, equal;
    struct bson_view condition;
    scratch->len_bytes = 0;
    size_t mark = bson_out_begin(scratch);
    bson_walk_begin(&walk, filter);
    while (bson_walk_next(&walk, &element)) {
        if (!bson_element_document(&element, &condition) || !has_operators(condition)) {
            bson_out_element(scratch, element.key, &element);
        } else if (bson_find(condition, "$eq", &equal)) {
            bson_out_element(scratch, element.key, &equal);
        }
    }
    bson_out_end(scratch, mark);
}
