/* SPDX-License-Identifier: Apache-2.0 */
#include "model/work.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_row(const void *context, size_t index, const void *key)
{
    const struct pt_works *works = context;
    const struct pt_work *row = &works->rows[index];
    const struct pt_work *other = key;
    return row->name_space_id == other->name_space_id && row->phase_id == other->phase_id &&
           same_text(row->name_space, other->name_space) && same_text(row->phase, other->phase);
}

/* Namespaces repeat in each phase, but rarely: one copy for each row. */
static bool keep_texts(struct pt_works *works, struct pt_work *row, const struct pt_work *key)
{
    row->name_space =
        key->name_space != NULL ? pt_texts_keep(&works->texts, key->name_space) : NULL;
    row->phase = key->phase != NULL ? pt_texts_keep(&works->texts, key->phase) : NULL;
    return (row->name_space == NULL) == (key->name_space == NULL) &&
           (row->phase == NULL) == (key->phase == NULL);
}

static struct pt_work *append(struct pt_works *works, const struct pt_work *key, uint64_t hash)
{
    struct pt_work *rows =
        works->count == PT_WORKS_HIGHEST
            ? NULL
            : pt_array_reach(works->rows, &works->room, works->count, 16, sizeof *rows);
    if (rows == NULL) {
        return NULL;
    }
    works->rows = rows;
    struct pt_work *row = &rows[works->count];
    *row = *key;
    if (!keep_texts(works, row, key) || !pt_index_map_add(&works->map, hash, works->count)) {
        return NULL;
    }
    works->count++;
    return row;
}

static struct pt_work *row_of(struct pt_works *works, const struct pt_work *key, uint64_t hash)
{
    size_t at = pt_index_map_find(&works->map, hash, same_row, works, key);
    struct pt_work *row = at != PT_INDEX_NONE ? &works->rows[at] : append(works, key, hash);
    works->left_out += row == NULL;
    return row;
}

struct pt_work *pt_work_of_ids(struct pt_works *works, int32_t name_space, int32_t phase)
{
    struct pt_work key = {.name_space_id = name_space, .phase_id = phase};
    return row_of(works, &key,
                  pt_hash_number((uint64_t)(uint32_t)name_space << 32 | (uint32_t)phase));
}

struct pt_work *pt_work_of_names(struct pt_works *works, const char *name_space, const char *phase)
{
    struct pt_work key = {.name_space = name_space, .phase = phase};
    return row_of(works, &key, pt_hash_text(pt_hash_text(0, name_space), phase));
}

void pt_work_call(struct pt_work *work, int64_t duration_ns, bool failed)
{
    pt_histogram_add(&work->durations, duration_ns);
    work->min_ns = work->calls == 0 ? duration_ns : pt_min(work->min_ns, duration_ns);
    work->max_ns = work->calls == 0 ? duration_ns : pt_max(work->max_ns, duration_ns);
    work->sum_ns = pt_add(work->sum_ns, duration_ns);
    work->calls = pt_add(work->calls, 1);
    work->failed += failed;
}

void pt_work_merge(struct pt_work *to, const struct pt_work *from)
{
    pt_histogram_merge(&to->durations, &from->durations);
    if (from->calls > 0) {
        to->min_ns = to->calls == 0 ? from->min_ns : pt_min(to->min_ns, from->min_ns);
        to->max_ns = to->calls == 0 ? from->max_ns : pt_max(to->max_ns, from->max_ns);
    }
    to->sum_ns = pt_add(to->sum_ns, from->sum_ns);
    to->calls = pt_add(to->calls, from->calls);
    to->failed = pt_add(to->failed, from->failed);
    to->documents = pt_add(to->documents, from->documents);
    to->bytes = pt_add(to->bytes, from->bytes);
    to->commands = pt_add(to->commands, from->commands);
    to->cpu_ns = pt_add(to->cpu_ns, from->cpu_ns);
    to->cpu_calls = pt_add(to->cpu_calls, from->cpu_calls);
    for (int i = 0; i < PT_WRITE_COUNTS; i++) {
        to->writes[i] = pt_add(to->writes[i], from->writes[i]);
    }
    pt_outcome_add(&to->outcome, &from->outcome);
}

int64_t pt_work_percentile(const struct pt_work *work, double percent)
{
    uint64_t timed = work->durations.count;
    if (timed != (uint64_t)work->calls || timed < pt_histogram_least(percent)) {
        return PT_WORK_NO_DURATION;
    }
    int64_t value = pt_histogram_percentile(&work->durations, percent);
    return pt_min(pt_max(value, work->min_ns), work->max_ns);
}

static int dearer_first(const void *a, const void *b)
{
    const struct pt_work *first = a;
    const struct pt_work *second = b;
    if (first->sum_ns != second->sum_ns) {
        return first->sum_ns < second->sum_ns ? 1 : -1;
    }
    int order = strcmp(first->name_space != NULL ? first->name_space : "",
                       second->name_space != NULL ? second->name_space : "");
    return order != 0 ? order : strcmp(first->phase, second->phase);
}

void pt_works_sort(struct pt_works *works)
{
    pt_index_map_release(&works->map);
    if (works->count > 1) {
        qsort(works->rows, works->count, sizeof *works->rows, dearer_first);
    }
}

void pt_works_release(struct pt_works *works)
{
    for (size_t i = 0; i < works->count; i++) {
        pt_histogram_release(&works->rows[i].durations);
    }
    free(works->rows);
    pt_index_map_release(&works->map);
    pt_texts_release(&works->texts);
    *works = (struct pt_works){0};
}
