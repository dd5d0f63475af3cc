/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/annotate_figures.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "base/uri_text.h"
#include "host/spawn_tool.h"
#include "host/thread_life.h"
#include "log/name_ids.h"
#include "log/name_table.h"
#include "thread/annotation_documents.h"
#include "thread/annotation_entries.h"
#include "thread/annotation_totals.h"
#include "thread/thread.h"

#define PT_RECOGNISED_SUFFIX " (recognised)" /* as in the report */
#define PT_FIGURE_NAME_BYTES (PT_NAME_BYTES + sizeof PT_RECOGNISED_SUFFIX)

typedef struct pt_recognised_sum recognised_sums[PT_RECOGNISED_PHASES];

static const char *const recognised_names[PT_RECOGNISED_PHASES] = {
#define NAME_1(id, name) [id] = (name),
#define NAME_0(id, name)
#define NAME(id, constant, name, reported) NAME_##reported(id, name)
    PT_PHASES(NAME)
#undef NAME
#undef NAME_0
#undef NAME_1
};

static void summarise(struct phasetap_summary *out, int64_t count, int64_t total_ns, int64_t min_ns,
                      int64_t max_ns)
{
    out->count = count;
    out->total_duration = (double)total_ns / 1e9;
    out->average_duration = out->total_duration / (double)count;
    out->min_duration = (double)min_ns / 1e9;
    out->max_duration = (double)max_ns / 1e9;
}

/* What log/name_ids.h keeps of a name. */
static void keep_name(char out[PT_NAME_BYTES], const char *name)
{
    char clean[PT_NAME_BYTES];
    pt_uri_text_without_user(clean, sizeof clean, name);
    size_t bytes = pt_text_prefix_bytes(clean, PT_NAME_BYTES - 1);
    pt_text_copy_utf8(out, clean, bytes);
    out[bytes] = '\0';
}

/* A phase of the program by its name, as far as it is kept; 0: no entry of it was ever completed. A
 * question must not add a name to the log. */
static int32_t find_phase(const char *name, struct pt_annotation_totals *totals)
{
    char kept[PT_NAME_BYTES];
    int32_t phase;
    keep_name(kept, name);
    for (unsigned i = 0; i < pt_annotation_totals_phases(); i++) {
        bool completed = pt_annotation_totals_at(i, &phase, totals);
        const char *known = pt_name_text(phase);
        if (completed && known && strcmp(known, kept) == 0) {
            return phase;
        }
    }
    return 0;
}

/* The name of a recognised phase in each_phase and in the report. */
static void recognised_name(char out[PT_FIGURE_NAME_BYTES], int phase)
{
    struct pt_annotation_totals totals;
    size_t at = 0;
    out[0] = '\0';
    pt_text_append(out, PT_FIGURE_NAME_BYTES, &at, recognised_names[phase]);
    if (find_phase(out, &totals) != 0) {
        pt_text_append(out, PT_FIGURE_NAME_BYTES, &at, PT_RECOGNISED_SUFFIX);
    }
}

static bool recognised_summary(const char *name, struct phasetap_summary *summary)
{
    recognised_sums sums;
    char known[PT_FIGURE_NAME_BYTES];
    pt_recognised_read(sums);
    for (int phase = 1; phase < PT_RECOGNISED_PHASES; phase++) {
        const struct pt_recognised_sum *sum = &sums[phase];
        recognised_name(known, phase);
        if (sum->count > 0 && strcmp(known, name) == 0) {
            summarise(summary, sum->count, sum->total_ns, sum->min_ns, sum->max_ns);
            return true;
        }
    }
    return false;
}

int pt_figures_phase_summary(const char *name, struct phasetap_summary *summary)
{
    int saved_errno = errno;
    struct pt_annotation_totals totals;
    bool found = name && pt_thread_self();
    if (found && find_phase(name, &totals) != 0) {
        summarise(summary, totals.count, totals.total_ns, totals.min_ns, totals.max_ns);
    } else {
        found = found && recognised_summary(name, summary);
    }
    errno = saved_errno;
    return found ? 0 : -1;
}

static size_t each_annotated(phasetap_phase_visitor visit, void *context)
{
    struct pt_annotation_totals totals;
    struct phasetap_summary summary;
    size_t visited = 0;
    int32_t phase;
    for (unsigned i = 0; i < pt_annotation_totals_phases(); i++) {
        if (pt_annotation_totals_at(i, &phase, &totals) && pt_name_text(phase)) {
            summarise(&summary, totals.count, totals.total_ns, totals.min_ns, totals.max_ns);
            visit(context, pt_name_text(phase), 0, &summary);
            visited++;
        }
    }
    return visited;
}

static size_t each_recognised(phasetap_phase_visitor visit, void *context)
{
    recognised_sums sums;
    struct phasetap_summary summary;
    char name[PT_FIGURE_NAME_BYTES];
    size_t visited = 0;
    pt_recognised_read(sums);
    for (int phase = 1; phase < PT_RECOGNISED_PHASES; phase++) {
        const struct pt_recognised_sum *sum = &sums[phase];
        if (sum->count > 0) {
            recognised_name(name, phase);
            summarise(&summary, sum->count, sum->total_ns, sum->min_ns, sum->max_ns);
            visit(context, name, 1, &summary);
            visited++;
        }
    }
    return visited;
}

size_t pt_figures_each_phase(phasetap_phase_visitor visit, void *context)
{
    int saved_errno = errno;
    size_t visited = 0;
    if (visit && pt_thread_self()) {
        visited = each_annotated(visit, context);
        visited += each_recognised(visit, context);
    }
    errno = saved_errno;
    return visited;
}

struct entry_visit {
    phasetap_entry_visitor visit;
    void *context;
    int64_t wall_offset_ns;
};

static void visit_entry(void *context, const struct pt_annotation_entry *entry)
{
    const struct entry_visit *v = context;
    int64_t start_ns = entry->start_ns + v->wall_offset_ns;
    struct phasetap_entry out;
    memset(&out, 0, sizeof out);
    out.start_time = (double)start_ns / 1e9;
    out.end_time = (double)(start_ns + entry->duration_ns) / 1e9;
    out.duration_seconds = (double)entry->duration_ns / 1e9;
    out.thread = entry->thread;
    v->visit(v->context, &out);
}

size_t pt_figures_each_entry(const char *name, phasetap_entry_visitor visit, void *context)
{
    int saved_errno = errno;
    struct pt_annotation_totals totals;
    struct entry_visit v = {visit, context, pt_clock_read_ns(CLOCK_REALTIME) - pt_now_ns()};
    int32_t phase = name && visit && pt_thread_self() ? find_phase(name, &totals) : 0;
    size_t visited = phase != 0 ? pt_annotation_entries_each(phase, visit_entry, &v) : 0;
    errno = saved_errno;
    return visited;
}

void pt_figures_reset(void)
{
    int saved_errno = errno;
    struct pt_thread *t = pt_thread_self();
    if (t) {
        int64_t now_ns = pt_now_ns();
        pt_annotation_totals_reset(now_ns);
        pt_annotation_record_reset(t, now_ns);
    }
    errno = saved_errno;
}

int pt_figures_log_summary(void)
{
    return pt_thread_self() ? pt_spawn_tool("summary", NULL, pt_annotation_totals_since()) : -1;
}

int pt_figures_write_report(const char *path)
{
    bool can = path && pt_thread_self();
    return can ? pt_spawn_tool("report", path, pt_annotation_totals_since()) : -1;
}
