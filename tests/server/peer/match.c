/* SPDX-License-Identifier: Apache-2.0 */
/* Filters; match.h is the manual. */
#include "match.h"

#include <string.h>

enum relation { LESS = -1, EQUAL = 0, GREATER = 1, UNRELATED = 2 };

static enum relation compare(const struct bson_element *left, const struct bson_element *right)
{
    if (bson_element_is_number(left) && bson_element_is_number(right)) {
        double a = bson_element_double(left), b = bson_element_double(right);
        return a < b ? LESS : a > b ? GREATER : a == b ? EQUAL : UNRELATED;
    }
    if (left->type != right->type) {
        return UNRELATED;
    }
    if (left->value_bytes == right->value_bytes &&
        memcmp(left->value, right->value, left->value_bytes) == 0) {
        return EQUAL;
    }
    const char *a = bson_element_string(left), *b = bson_element_string(right);
    if (a == NULL || b == NULL) {
        return UNRELATED;
    }
    return strcmp(a, b) < 0 ? LESS : GREATER;
}

bool match_values_equal(const struct bson_element *left, const struct bson_element *right)
{
    return compare(left, right) == EQUAL;
}

static bool op_eq(const struct bson_element *field, const struct bson_element *operand)
{
    return field != NULL && compare(field, operand) == EQUAL;
}

static bool op_ne(const struct bson_element *field, const struct bson_element *operand)
{
    return !op_eq(field, operand);
}

static bool op_gt(const struct bson_element *field, const struct bson_element *operand)
{
    return field != NULL && compare(field, operand) == GREATER;
}

static bool op_lt(const struct bson_element *field, const struct bson_element *operand)
{
    return field != NULL && compare(field, operand) == LESS;
}

static bool op_gte(const struct bson_element *field, const struct bson_element *operand)
{
    return op_gt(field, operand) || op_eq(field, operand);
}

static bool op_lte(const struct bson_element *field, const struct bson_element *operand)
{
    return op_lt(field, operand) || op_eq(field, operand);
}

static bool op_in(const struct bson_element *field, const struct bson_element *operand)
{
    struct bson_view list;
    if (!bson_element_document(operand, &list)) {
        return false;
    }
    struct bson_walk walk;
    struct bson_element member;
    bson_walk_begin(&walk, list);
    while (bson_walk_next(&walk, &member)) {
        if (op_eq(field, &member)) {
            return true;
        }
    }
    return false;
}

static bool op_exists(const struct bson_element *field, const struct bson_element *operand)
{
    return (field != NULL) == (bson_element_i64(operand, 1) != 0);
}

static const struct {
    const char *name;
    bool (*holds)(const struct bson_element *field, const struct bson_element *operand);
} OPERATORS[] = {
    {"$eq", op_eq}, {"$ne", op_ne},   {"$gt", op_gt}, {"$gte", op_gte},
    {"$lt", op_lt}, {"$lte", op_lte}, {"$in", op_in}, {"$exists", op_exists},
};
enum { OPERATOR_COUNT = sizeof OPERATORS / sizeof OPERATORS[0] };

/* OPERATOR_COUNT when there is none of that name. */
static size_t operator_index(const char *name)
{
    size_t i = 0;
    while (i < OPERATOR_COUNT && strcmp(OPERATORS[i].name, name) != 0) {
        i++;
    }
    return i;
}

/* A condition such as {$gte: 5, $lt: 9}: a document whose first key is an operator. */
static bool is_condition(const struct bson_element *element, struct bson_view *condition)
{
    return element->type == BSON_DOCUMENT && bson_element_document(element, condition) &&
           !bson_is_empty(*condition) && condition->data[5] == '$';
}

/* {$or: [filter, ...]}: the list, for which the same is asked of each member as of a filter. */
static bool is_any_of(const struct bson_element *element, struct bson_view *list)
{
    return strcmp(element->key, "$or") == 0 && bson_element_document(element, list);
}

static const char *unsupported_in_any(struct bson_view list)
{
    struct bson_walk walk;
    struct bson_element member;
    struct bson_view filter;
    const char *unsupported = NULL;
    bson_walk_begin(&walk, list);
    while (unsupported == NULL && bson_walk_next(&walk, &member)) {
        unsupported = bson_element_document(&member, &filter) ? match_unsupported(filter) : "$or";
    }
    return unsupported;
}

static bool any_matches(struct bson_view list, struct bson_view document)
{
    struct bson_walk walk;
    struct bson_element member;
    struct bson_view filter;
    bson_walk_begin(&walk, list);
    while (bson_walk_next(&walk, &member)) {
        if (bson_element_document(&member, &filter) && match_document(filter, document)) {
            return true;
        }
    }
    return false;
}

static const char *unsupported_in(const struct bson_element *element)
{
    struct bson_walk walk;
    struct bson_element operand;
    struct bson_view part;
    if (is_any_of(element, &part)) {
        return unsupported_in_any(part);
    }
    if (element->key[0] == '$') {
        return element->key;
    }
    if (is_condition(element, &part)) {
        bson_walk_begin(&walk, part);
        while (bson_walk_next(&walk, &operand)) {
            if (operator_index(operand.key) == OPERATOR_COUNT) {
                return operand.key;
            }
        }
    }
    return NULL;
}

const char *match_unsupported(struct bson_view filter)
{
    struct bson_walk walk;
    struct bson_element element;
    const char *unsupported = NULL;
    bson_walk_begin(&walk, filter);
    while (unsupported == NULL && bson_walk_next(&walk, &element)) {
        unsupported = unsupported_in(&element);
    }
    return unsupported;
}

static bool condition_holds(struct bson_view condition, const struct bson_element *field)
{
    struct bson_walk walk;
    struct bson_element operand;
    bson_walk_begin(&walk, condition);
    while (bson_walk_next(&walk, &operand)) {
        size_t i = operator_index(operand.key);
        if (i == OPERATOR_COUNT || !OPERATORS[i].holds(field, &operand)) {
            return false;
        }
    }
    return true;
}

static bool element_matches(const struct bson_element *wanted, struct bson_view document)
{
    struct bson_element field;
    struct bson_view part;
    if (is_any_of(wanted, &part)) {
        return any_matches(part, document);
    }
    const struct bson_element *found = bson_find(document, wanted->key, &field) ? &field : NULL;
    return is_condition(wanted, &part) ? condition_holds(part, found) : op_eq(found, wanted);
}

bool match_document(struct bson_view filter, struct bson_view document)
{
    struct bson_walk walk;
    struct bson_element wanted;
    bson_walk_begin(&walk, filter);
    while (bson_walk_next(&walk, &wanted)) {
        if (!element_matches(&wanted, document)) {
            return false;
        }
    }
    return true;
}
