/* SPDX-License-Identifier: Apache-2.0 */
#include "model/tally.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/saturate.h"

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static struct pt_error_total *find(const struct pt_tally *tally, const struct pt_error_total *error)
{
    for (size_t i = 0; i < tally->used; i++) {
        struct pt_error_total *known = &tally->errors[i];
        if (known->code == error->code && known->where == error->where &&
            known->domain == error->domain && same_text(known->name_space, error->name_space)) {
            return known;
        }
    }
    return NULL;
}

static bool make_room(struct pt_tally *tally)
{
    if (tally->used == PT_TALLY_HIGHEST) {
        return false;
    }
    struct pt_error_total *errors =
        pt_array_reach(tally->errors, &tally->room, tally->used, 8, sizeof *errors);
    if (errors == NULL) {
        return false;
    }
    tally->errors = errors;
    return true;
}

static bool append(struct pt_tally *tally, const struct pt_error_total *error)
{
    struct pt_error_total *added = &tally->errors[tally->used];
    *added = *error;
    if (error->name_space != NULL) {
        added->name_space = pt_texts_keep(&tally->texts, error->name_space);
    }
    bool whole = error->name_space == NULL || added->name_space != NULL;
    tally->used += whole;
    return whole;
}

void pt_error_total_span(struct pt_error_total *total, int64_t first_ns, int64_t last_ns)
{
    if (first_ns > 0) {
        total->first_ns = total->first_ns > 0 ? pt_min(total->first_ns, first_ns) : first_ns;
    }
    total->last_ns = pt_max(total->last_ns, last_ns);
}

void pt_tally_add(struct pt_tally *tally, const struct pt_error_total *error)
{
    struct pt_error_total *known = find(tally, error);
    if (known != NULL) {
        known->count = pt_add(known->count, error->count);
        pt_error_total_span(known, error->first_ns, error->last_ns);
    } else if (!make_room(tally) || !append(tally, error)) {
        tally->rest = pt_add(tally->rest, error->count);
    }
}

static int more_first(const void *a, const void *b)
{
    const struct pt_error_total *first = a;
    const struct pt_error_total *second = b;
    if (first->count != second->count) {
        return first->count < second->count ? 1 : -1;
    }
    if (first->code != second->code) {
        return first->code > second->code ? 1 : -1;
    }
    if (first->where != second->where) {
        return first->where > second->where ? 1 : -1;
    }
    if (first->domain != second->domain) {
        return first->domain > second->domain ? 1 : -1;
    }
    return strcmp(first->name_space != NULL ? first->name_space : "",
                  second->name_space != NULL ? second->name_space : "");
}

void pt_tally_sort(struct pt_tally *tally)
{
    if (tally->used > 1) {
        qsort(tally->errors, tally->used, sizeof *tally->errors, more_first);
    }
}

void pt_tally_release(struct pt_tally *tally)
{
    free(tally->errors);
    pt_texts_release(&tally->texts);
    *tally = (struct pt_tally){0};
}
