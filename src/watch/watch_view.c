/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/watch_view.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/columns.h"
#include "watch/view_rows.h"
#include "watch/view_tables.h"

#define LEAST_FOR_PARTS 16 /* rows of the screen */

static void put_bar(struct pt_view *view, const struct pt_watch_figures *f)
{
    char bar[PT_VIEW_WIDTH + 1];
    if (f->percent == PT_WATCH_UNKNOWN) {
        return;
    }
    int64_t full = pt_min(f->percent, 100) * view->width / 100;
    for (int at = 0; at < view->width; at++) {
        bar[at] = at < full ? '#' : '.';
    }
    bar[view->width] = '\0';
    pt_view_put(view, PT_PLAIN, "%s", bar);
}

static void put_head(struct pt_view *view, const struct pt_watch_process *watched,
                     const struct pt_watch_figures *f)
{
    char state[PT_ENDING_BYTES] = "";
    char progress[64] = "";
    char name[PT_VIEW_BYTES];
    pt_watch_process_state_text(watched, state, sizeof state);
    if (f->percent != PT_WATCH_UNKNOWN) {
        snprintf(progress, sizeof progress, "   %" PRId64 " %%, %s left", f->percent,
                 pt_view_left(PT_HUMAN_ROOM, f->left_ns));
    }
    pt_view_put(view, PT_BOLD, "%s  pid %" PRId64 "  %s  %s%s",
                pt_view_program(name, watched->process), watched->process->pid,
                PT_DURATION(f->run_ns), state, progress);
}

static void put_documents(struct pt_view *view, const struct pt_watch_counts *counts,
                          const struct pt_watch_figures *f)
{
    char of[64] = "";
    if (f->total != PT_WATCH_UNKNOWN) {
        snprintf(of, sizeof of, " of %s", PT_COUNT(f->total));
    }
    pt_view_put(view, PT_PLAIN, "%s%s documents %s   %s now   %s mean", PT_COUNT(f->done), of,
                f->writes ? "written" : "read",
                pt_figure_rate(PT_HUMAN_ROOM, f->window_done, f->window_ns),
                pt_figure_rate(PT_HUMAN_ROOM, f->done, f->run_ns));
    bool bad = counts->refused > 0 || counts->dropped > 0;
    pt_view_put(view, bad ? PT_WARN : PT_PLAIN,
                "read %s   refused %s   errors %s   retries %s   events lost %s",
                PT_COUNT(counts->read), PT_COUNT(counts->refused), PT_COUNT(counts->errors),
                PT_COUNT(counts->retries), PT_COUNT(counts->dropped));
}

static void put_resources(struct pt_view *view, const struct pt_watch_counts *counts,
                          const struct pt_watch_figures *f)
{
    char cpu[32] = "-";
    char of[32] = "";
    if (f->cpu_window_ns != PT_WATCH_UNKNOWN) {
        snprintf(cpu, sizeof cpu, "%.2f", (double)f->cpu_ns / (double)f->cpu_window_ns);
    }
    if (counts->processors > 0) {
        snprintf(of, sizeof of, " of %d", (int)counts->processors);
    }
    pt_view_put(view, PT_PLAIN, "CPU %s%s   memory %s   threads %s", cpu, of,
                f->rss_bytes == PT_WATCH_UNKNOWN ? "-" : PT_BYTES(f->rss_bytes),
                PT_COUNT(f->threads));
}

static void show_one(struct pt_view *view, const struct pt_watch_process *watched,
                     struct pt_view_state *state, bool alone)
{
    struct pt_watch_figures figures;
    pt_watch_figures_make(&figures, watched, alone ? state->total : 0);
    put_head(view, watched, &figures);
    put_bar(view, &figures);
    put_documents(view, &watched->live, &figures);
    put_resources(view, &watched->live, &figures);
    if (view->height >= LEAST_FOR_PARTS) {
        pt_view_parts(view, &figures);
    }
    pt_view_threads(view, watched, &figures, state);
}

static void put_waiting(struct pt_view *view, const struct pt_watch_list *list)
{
    for (size_t i = 0; i < list->source_count; i++) {
        const struct pt_watch_source *source = &list->sources[i];
        if (!source->found && !source->lost) {
            pt_view_put(view, PT_PLAIN, "waiting for %s",
                        source->name != NULL ? source->name : "a process that records");
        }
    }
}

/* The keys stand in the last row. */
static void put_keys(struct pt_view *view, const struct pt_watch_list *list,
                     const struct pt_view_state *state)
{
    view->count = view->count < view->height - 1 ? view->count : view->height - 1;
    while (view->count < view->height - 1) {
        pt_view_put(view, PT_PLAIN, "%s", "");
    }
    pt_view_put(view, PT_KEY, "q quit  p %s  s sort  arrows scroll%s",
                state->paused ? "go on" : "pause", list->count > 1 ? "  Tab next process" : "");
}

void pt_watch_view(struct pt_view *view, const struct pt_watch_list *list,
                   struct pt_view_state *state)
{
    view->width = view->width < PT_VIEW_WIDTH ? view->width : PT_VIEW_WIDTH;
    view->height = view->height < PT_VIEW_ROWS ? view->height : PT_VIEW_ROWS;
    view->count = 0;
    view->table_rows = 0;
    state->opened = state->opened <= list->count ? state->opened : 0;
    if (list->count == 0) {
        put_waiting(view, list);
    } else if (list->count == 1 || state->opened > 0) {
        const size_t at = state->opened > 0 ? state->opened - 1 : 0;
        show_one(view, list->processes[at], state, list->count == 1);
    } else {
        pt_view_processes(view, list, state);
    }
    put_keys(view, list, state);
}
