/* SPDX-License-Identifier: Apache-2.0 */
#include "model/phase.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/saturate.h"

void pt_entry_release(struct pt_entry *entry)
{
    free(entry->detail);
    free(entry->metadata);
    free(entry->result_metadata);
    entry->detail = NULL;
    entry->metadata = NULL;
    entry->result_metadata = NULL;
}

static bool make_room(struct pt_phase_stats *phase)
{
    struct pt_entry *entries =
        pt_array_reach(phase->entries, &phase->room, phase->kept, 16, sizeof *entries);
    if (entries == NULL) {
        return false;
    }
    phase->entries = entries;
    return true;
}

static void keep(struct pt_phase_stats *phase, struct pt_entry *entry, size_t limit)
{
    if (phase->kept < limit && make_room(phase)) {
        phase->entries[phase->kept++] = *entry;
    } else {
        pt_entry_release(entry);
    }
}

static bool is_empty(const struct pt_phase_stats *phase)
{
    return phase->entries_total == 0;
}

static void count_writes(struct pt_phase_stats *phase, const int64_t writes[PT_WRITE_COUNTS])
{
    phase->has_writes = true;
    for (int i = 0; i < PT_WRITE_COUNTS; i++) {
        phase->writes[i] = pt_add(phase->writes[i], writes[i]);
    }
}

static void count_completed(struct pt_phase_stats *phase, const struct pt_entry *entry)
{
    int64_t duration = entry->duration_ns;
    phase->min_ns = phase->count == 0 ? duration : pt_min(phase->min_ns, duration);
    phase->max_ns = phase->count == 0 ? duration : pt_max(phase->max_ns, duration);
    phase->sum_ns = pt_add(phase->sum_ns, duration);
    phase->count++;
    phase->failed += entry->failed;
    phase->documents_read = pt_add(phase->documents_read, entry->documents);
    phase->documents_written = pt_add(phase->documents_written, entry->documents_written);
    phase->bytes = pt_add(phase->bytes, entry->bytes);
    phase->commands = pt_add(phase->commands, entry->commands);
    pt_histogram_add(&phase->durations, duration);
    phase->cpu_calls += entry->has_cpu;
    phase->cpu_ns = pt_add(phase->cpu_ns, entry->has_cpu ? entry->cpu_ns : 0);
    if (phase->timed) {
        pt_series_spread(&phase->busy, entry->start_ns, duration, 0);
    }
    if (entry->kind == PT_ENTRY_MASKING) {
        phase->waiting_ns =
            pt_add(phase->waiting_ns, pt_sub(pt_sub(entry->end_ns, entry->start_ns), duration));
    }
    if (entry->detail != NULL && entry->detail->has_writes && !entry->detail->counted) {
        count_writes(phase, entry->detail->writes);
    }
}

void pt_phase_add(struct pt_phase_stats *phase, struct pt_entry *entry, size_t limit)
{
    phase->first_start_ns =
        is_empty(phase) ? entry->start_ns : pt_min(phase->first_start_ns, entry->start_ns);
    phase->entries_total++;
    phase->masking |= entry->kind == PT_ENTRY_MASKING;
    phase->connection |= entry->kind == PT_ENTRY_CONNECTION;
    if (entry->open) {
        phase->open++;
    } else {
        count_completed(phase, entry);
    }
    keep(phase, entry, limit);
}

static void merge_counts(struct pt_phase_stats *to, const struct pt_phase_stats *from)
{
    if (from->count > 0) {
        to->min_ns = to->count == 0 ? from->min_ns : pt_min(to->min_ns, from->min_ns);
        to->max_ns = to->count == 0 ? from->max_ns : pt_max(to->max_ns, from->max_ns);
    }
    to->sum_ns = pt_add(to->sum_ns, from->sum_ns);
    to->count += from->count;
    to->failed += from->failed;
    to->documents_read = pt_add(to->documents_read, from->documents_read);
    to->documents_written = pt_add(to->documents_written, from->documents_written);
    to->bytes = pt_add(to->bytes, from->bytes);
    to->commands = pt_add(to->commands, from->commands);
    to->cpu_ns = pt_add(to->cpu_ns, from->cpu_ns);
    to->cpu_calls = pt_add(to->cpu_calls, from->cpu_calls);
    to->waiting_ns = pt_add(to->waiting_ns, from->waiting_ns);
    to->open += from->open;
    to->entries_total += from->entries_total;
    pt_outcome_add(&to->outcome, &from->outcome);
    if (from->has_writes) {
        count_writes(to, from->writes);
    }
}

static void merge_entries(struct pt_phase_stats *to, struct pt_phase_stats *from, int64_t offset_ns,
                          size_t limit)
{
    for (size_t i = 0; i < from->kept; i++) {
        struct pt_entry *entry = &from->entries[i];
        entry->start_ns = pt_add(entry->start_ns, offset_ns);
        entry->end_ns = pt_add(entry->end_ns, offset_ns);
        keep(to, entry, limit);
    }
    from->kept = 0;
}

void pt_phase_merge(struct pt_phase_stats *to, struct pt_phase_stats *from, int64_t offset_ns,
                    size_t limit)
{
    if (!is_empty(from)) {
        int64_t first = pt_add(from->first_start_ns, offset_ns);
        to->first_start_ns = is_empty(to) ? first : pt_min(to->first_start_ns, first);
    }
    to->masking |= from->masking;
    to->connection |= from->connection;
    to->writing |= from->writing;
    merge_counts(to, from);
    pt_phase_use_merge(&to->use, &from->use);
    pt_histogram_merge(&to->durations, &from->durations);
    merge_entries(to, from, offset_ns, limit);
    pt_phase_release(from);
}

static int earlier_first(const void *a, const void *b)
{
    const struct pt_entry *first = a;
    const struct pt_entry *second = b;
    if (first->start_ns != second->start_ns) {
        return first->start_ns < second->start_ns ? -1 : 1;
    }
    return first->thread < second->thread ? -1 : first->thread > second->thread;
}

void pt_phase_sort(struct pt_phase_stats *phase)
{
    if (phase->kept > 1) {
        qsort(phase->entries, phase->kept, sizeof *phase->entries, earlier_first);
    }
}

bool pt_phase_percentile(const struct pt_phase_stats *phase, double percent, int64_t *ret_ns)
{
    if (phase->durations.count < pt_histogram_least(percent)) {
        return false;
    }
    int64_t value = pt_histogram_percentile(&phase->durations, percent);
    *ret_ns = pt_min(pt_max(value, phase->min_ns), phase->max_ns);
    return true;
}

int64_t pt_phase_documents(const struct pt_phase_stats *phase)
{
    if (phase->writing) {
        return pt_writes_done(phase->writes);
    }
    return phase->masking ? pt_max(phase->documents_read, phase->documents_written)
                          : phase->documents_read;
}

struct pt_outcome pt_phase_outcome(const struct pt_phase_stats *phase)
{
    struct pt_outcome outcome = phase->outcome;
    if (phase->writing) {
        outcome.requested = phase->documents_read;
        outcome.refused = pt_add(outcome.refused, phase->writes[PT_WRITE_ERRORS]);
    }
    return outcome;
}

void pt_phase_release(struct pt_phase_stats *phase)
{
    for (size_t i = 0; i < phase->kept; i++) {
        pt_entry_release(&phase->entries[i]);
    }
    free(phase->entries);
    free(phase->told_apart);
    pt_histogram_release(&phase->durations);
    pt_series_release(&phase->busy);
    *phase = (struct pt_phase_stats){0};
}
