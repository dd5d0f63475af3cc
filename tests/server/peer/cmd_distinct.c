/* SPDX-License-Identifier: Apache-2.0 */
/* distinct: the different values of one top-level field, in the order in which they first appear.
 */
#include <stdlib.h>

#include "commands.h"
#include "match.h"

/* An open-addressed set of elements that point into the collection's documents. */
struct value_set {
    struct bson_element *slots; /* value NULL: free */
    size_t capacity;            /* a power of two, at most half full */
    size_t count;
};

/* Numbers of different types must meet in one slot, so they hash by their double. */
static size_t hash_value(const struct bson_element *element)
{
    double number = bson_element_is_number(element) ? bson_element_double(element) + 0.0 : 0;
    const uint8_t *bytes =
        bson_element_is_number(element) ? (const uint8_t *)&number : element->value;
    size_t count_bytes = bson_element_is_number(element) ? sizeof number : element->value_bytes;
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < count_bytes; i++) {
        hash = (hash ^ bytes[i]) * 1099511628211u;
    }
    return (size_t)(hash ^ hash >> 32);
}

/* The slot where the value is or belongs. */
static struct bson_element *slot_of(const struct value_set *set, const struct bson_element *value)
{
    size_t at = hash_value(value) & (set->capacity - 1);
    while (set->slots[at].value != NULL && !match_values_equal(&set->slots[at], value)) {
        at = (at + 1) & (set->capacity - 1);
    }
    return &set->slots[at];
}

static bool set_grow(struct value_set *set)
{
    struct value_set larger = {.capacity = set->capacity != 0 ? set->capacity * 2 : 64,
                               .count = set->count};
    larger.slots = calloc(larger.capacity, sizeof *larger.slots);
    if (larger.slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < set->capacity; i++) {
        if (set->slots[i].value != NULL) {
            *slot_of(&larger, &set->slots[i]) = set->slots[i];
        }
    }
    free(set->slots);
    *set = larger;
    return true;
}

/* True when the value is new to the set. */
static bool set_add(struct value_set *set, const struct bson_element *value)
{
    if (set->count * 2 >= set->capacity && !set_grow(set)) {
        return false;
    }
    struct bson_element *slot = slot_of(set, value);
    if (slot->value != NULL) {
        return false;
    }
    *slot = *value;
    set->count++;
    return true;
}

void cmd_distinct(struct request *request, struct bson_out *out)
{
    static const uint8_t empty[5] = {5, 0, 0, 0, 0};
    struct value_set set = {0};
    struct scan scan = {.filter = {empty, sizeof empty}, .remaining = UINT64_MAX};
    struct bson_view document;
    struct bson_element value;
    const char *key = bson_find_string(request->body, "key");
    if (key == NULL || !request_name_space(request, NULL)) {
        request_fail(request, 9, "distinct wants a collection and a `key`");
        return;
    }
    bson_find_document(request->body, "query", &scan.filter);
    if (match_unsupported(scan.filter) != NULL) {
        request_fail(request, 2, "this peer does not know the operator %s",
                     match_unsupported(scan.filter));
        return;
    }
    size_t values = bson_out_array_begin(out, "values");
    scan.collection = store_find(&request->peer->store, request->name_space);
    if (scan.collection != NULL) {
        pthread_rwlock_rdlock(&scan.collection->lock);
        while (scan_next(&scan, &document)) {
            if (bson_find(document, key, &value) && set_add(&set, &value)) {
                bson_out_member_element(out, (uint32_t)set.count - 1, &value);
            }
        }
        pthread_rwlock_unlock(&scan.collection->lock);
    }
    bson_out_end(out, values);
    free(set.slots);
}
