/* SPDX-License-Identifier: Apache-2.0 */
#include "render/places.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/saturate.h"

static bool is_one_of(const char *phase, const char *const *names)
{
    for (; phase != NULL && *names != NULL; names++) {
        if (strcmp(phase, *names) == 0) {
            return true;
        }
    }
    return false;
}

static struct pt_place place_of(const struct pt_work *work)
{
    static const char *const reading[] = {"Document Query", "Aggregation", NULL};
    static const char *const writing[] = {"Document Insertion", "Document Update",
                                          "Document Deletion", NULL};
    static const char *const building[] = {"Index Creation", NULL};
    struct pt_place place = {.name_space = work->name_space, .all_ns = work->sum_ns};
    if (is_one_of(work->phase, reading)) {
        place.read = work->documents;
        place.read_ns = work->sum_ns;
    } else if (is_one_of(work->phase, writing)) {
        place.written = work->documents;
        place.write_ns = work->sum_ns;
        place.refused = pt_add(work->outcome.refused, work->outcome.not_attempted);
    } else if (is_one_of(work->phase, building)) {
        place.index_ns = work->sum_ns;
    }
    return place;
}

void pt_place_add(struct pt_place *to, const struct pt_place *more)
{
    to->read = pt_add(to->read, more->read);
    to->read_ns = pt_add(to->read_ns, more->read_ns);
    to->written = pt_add(to->written, more->written);
    to->write_ns = pt_add(to->write_ns, more->write_ns);
    to->refused = pt_add(to->refused, more->refused);
    to->index_ns = pt_add(to->index_ns, more->index_ns);
    to->all_ns = pt_add(to->all_ns, more->all_ns);
}

static int by_name(const void *a, const void *b)
{
    const char *x = ((const struct pt_place *)a)->name_space;
    const char *y = ((const struct pt_place *)b)->name_space;
    if (x == NULL || y == NULL) {
        return (x != NULL) - (y != NULL);
    }
    return strcmp(x, y);
}

static int by_time(const void *a, const void *b)
{
    const struct pt_place *x = a;
    const struct pt_place *y = b;
    if (x->all_ns != y->all_ns) {
        return x->all_ns > y->all_ns ? -1 : 1;
    }
    return by_name(a, b);
}

/* Rows of one name, which stand side by side, become one. */
static void fold(struct pt_places *places)
{
    size_t kept = 0;
    for (size_t i = 1; i < places->count; i++) {
        if (by_name(&places->rows[kept], &places->rows[i]) == 0) {
            pt_place_add(&places->rows[kept], &places->rows[i]);
        } else {
            places->rows[++kept] = places->rows[i];
        }
    }
    places->count = kept + 1;
}

void pt_places_make(struct pt_places *places, const struct pt_model *model)
{
    *places = (struct pt_places){.rows = NULL};
    for (size_t i = 0; i < model->works.count; i++) {
        struct pt_place *rows =
            pt_array_reach(places->rows, &places->room, places->count, 16, sizeof *rows);
        if (rows == NULL) {
            break;
        }
        places->rows = rows;
        rows[places->count++] = place_of(&model->works.rows[i]);
    }
    if (places->count > 1) {
        qsort(places->rows, places->count, sizeof *places->rows, by_name);
        fold(places);
        qsort(places->rows, places->count, sizeof *places->rows, by_time);
    }
}
