/* SPDX-License-Identifier: Apache-2.0 */
/* Projections; project.h is the manual. */
#include "project.h"

bool project_applies(struct bson_view projection)
{
    struct bson_walk walk;
    struct bson_element field;
    bson_walk_begin(&walk, projection);
    while (bson_walk_next(&walk, &field)) {
        if (!bson_element_is_number(&field) && field.type != BSON_BOOL) {
            return false;
        }
    }
    return !bson_is_empty(projection);
}

/* True when fields are kept by name: the first one besides _id is 1, or there is only {_id: 1}. */
static bool keeps_named(struct bson_view projection)
{
    struct bson_walk walk;
    struct bson_element field;
    bool keeps = bson_find_bool(projection, "_id", false);
    bson_walk_begin(&walk, projection);
    while (bson_walk_next(&walk, &field)) {
        if (strcmp(field.key, "_id") != 0) {
            return bson_element_i64(&field, 0) != 0;
        }
    }
    return keeps;
}

size_t project_append(struct bson_out *out, uint32_t index, struct bson_view document,
                      struct bson_view projection)
{
    struct bson_walk walk;
    struct bson_element field;
    bool named = keeps_named(projection);
    size_t mark = bson_out_member_begin(out, index);
    bson_walk_begin(&walk, document);
    while (bson_walk_next(&walk, &field)) {
        bool other = strcmp(field.key, "_id") == 0 || !named;
        if (bson_find_bool(projection, field.key, other)) {
            bson_out_element(out, field.key, &field);
        }
    }
    bson_out_end(out, mark);
    return out->len_bytes - mark;
}
