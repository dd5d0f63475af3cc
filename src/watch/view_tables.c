/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/view_tables.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/columns.h"
#include "render/screen_parts.h"
#include "render/shares.h"
#include "text/safe_text.h"
#include "watch/view_rows.h"

#define PARTS_SHOWN  5
#define BAR_FROM     52 /* columns that the figures of a part take */
#define PHASE_BYTES  512
#define PHASE_WIDTH  20
#define LEAST_PLACES 72 /* columns of a screen from which on collections are shown */

/* `text` in exactly so many columns, cut at its end. `to` holds PHASE_BYTES. */
static const char *padded(char *to, const char *text, int columns)
{
    snprintf(to, PHASE_BYTES - PT_VIEW_WIDTH, "%s", text);
    to[pt_text_fit(to, columns)] = '\0';
    size_t length = strlen(to);
    int missing = columns - pt_text_columns(to);
    snprintf(to + length, PHASE_BYTES - length, "%*s", missing > 0 ? missing : 0, "");
    return to;
}

static void put_part(struct pt_view *view, const struct pt_watch_figures *f, int part, int tenths)
{
    char bar[PT_VIEW_WIDTH + 1] = "";
    char name[64];
    const struct pt_part_words *words = pt_part_words((enum pt_part)part);
    int room = view->width > BAR_FROM ? view->width - BAR_FROM : 0;
    int columns = room * tenths / PT_TENTHS;
    memset(bar, words->letter, (size_t)columns);
    bar[columns] = '\0';
    snprintf(name, sizeof name, "%c %s", words->letter, words->name);
    pt_view_put(view, PT_PLAIN, "  %-29s %9s %7s  %s", name,
                pt_figure_total(PT_HUMAN_ROOM, f->parts_ns[part]),
                pt_figure_share(PT_HUMAN_ROOM, tenths), bar);
}

static int longest(const int64_t left[PT_PART_COUNT])
{
    int best = 0;
    for (int part = 1; part < PT_PART_COUNT; part++) {
        best = left[part] > left[best] ? part : best;
    }
    return best;
}

void pt_view_parts(struct pt_view *view, const struct pt_watch_figures *figures)
{
    int tenths[PT_PART_COUNT];
    int64_t left[PT_PART_COUNT];
    if (figures->parts_sum_ns <= 0) {
        pt_view_put(view, PT_BOLD, "Where the time went: -");
        return;
    }
    memcpy(left, figures->parts_ns, sizeof left);
    pt_shares(figures->parts_ns, PT_PART_COUNT, PT_TENTHS, tenths);
    pt_view_put(view, PT_BOLD, "What ended in the last %s took %s of all threads",
                PT_DURATION(figures->window_ns), PT_DURATION(figures->parts_sum_ns));
    for (int row = 0; row < PARTS_SHOWN; row++) {
        int part = longest(left);
        if (left[part] > 0) {
            put_part(view, figures, part, tenths[part]);
        }
        left[part] = 0;
    }
}

/* What a thread is doing, as far as its documents say. */
static void thread_text(char text[PHASE_BYTES], const struct pt_watch_process *watched,
                        const struct pt_watch_thread *thread)
{
    bool inside;
    int32_t phase = pt_watch_thread_phase(thread, &inside);
    const char *name =
        phase != 0 ? pt_names_text(&watched->process->names, PT_NAME_PHASE, phase) : "-";
    char raw[PHASE_BYTES];
    snprintf(raw, sizeof raw, "%s%s", inside ? "in " : "", name);
    pt_safe_text(text, PHASE_BYTES, raw);
}

static void place_text(char text[PHASE_BYTES], const struct pt_watch_process *watched,
                       const struct pt_watch_thread *thread)
{
    const char *name =
        thread->name_space != 0
            ? pt_names_text(&watched->process->names, PT_NAME_NAMESPACE, thread->name_space)
            : "-";
    snprintf(text, PHASE_BYTES, "%s", name);
}

/* How long ago its newest call or gap ended; "-" where our clock does not tell. */
static const char *ago_text(char *text, const struct pt_watch_process *watched,
                            const struct pt_watch_thread *thread)
{
    if (thread->last_ns == 0 || !watched->clock_is_ours) {
        return strcpy(text, "-");
    }
    return pt_human_duration(text, pt_max(0, pt_sub(watched->looked_at_ns, thread->last_ns)));
}

struct row {
    size_t number;
    int64_t done; /* PT_WATCH_UNKNOWN counts as nothing */
};

static int busiest_first(const void *a, const void *b)
{
    const struct row *x = a;
    const struct row *y = b;
    if (x->done != y->done) {
        return x->done > y->done ? -1 : 1;
    }
    return (x->number > y->number) - (x->number < y->number);
}

static size_t list_rows(struct row *rows, const struct pt_watch_process *watched, bool busiest)
{
    const struct pt_watch_counts *counts = &watched->live;
    size_t count = 0;
    for (size_t i = 0; i < counts->slots; i++) {
        if (counts->threads[i].seen && !counts->threads[i].ended) {
            rows[count++] = (struct row){i, pt_watch_thread_done(watched, i)};
        }
    }
    if (busiest && count > 1) {
        qsort(rows, count, sizeof *rows, busiest_first);
    }
    return count;
}

static void put_thread(struct pt_view *view, const struct pt_watch_process *watched,
                       const struct pt_watch_figures *f, const struct row *row)
{
    char phase[PHASE_BYTES], place[PHASE_BYTES], name[PHASE_BYTES];
    const struct pt_watch_thread *thread = &watched->live.threads[row->number];
    bool main_thread = thread->tid != 0 && thread->tid == watched->process->pid;
    char number[32] = "main";
    if (!main_thread) {
        snprintf(number, sizeof number, "thread %zu", row->number);
    }
    thread_text(phase, watched, thread);
    place_text(place, watched, thread);
    pt_view_put(view, PT_PLAIN, "  %-11s %s %9s %11s  %s", number, padded(name, phase, PHASE_WIDTH),
                ago_text(PT_HUMAN_ROOM, watched, thread),
                pt_figure_bare_rate(PT_HUMAN_ROOM, row->done, f->window_ns),
                view->width >= LEAST_PLACES ? place : "");
}

/* The rows of a table that are shown: from `at`, `fit` of them. "n more" takes the last row of the
 * screen where some are below it. */
struct page {
    size_t at, fit;
};

static struct page page_of(const struct pt_view *view, struct pt_view_state *state, size_t rows)
{
    size_t room = (size_t)pt_view_room(view);
    size_t most = rows > room ? rows - room : 0;
    state->scroll = state->scroll < most ? state->scroll : most;
    bool all = state->scroll == most;
    return (struct page){state->scroll, all || room == 0 ? room : room - 1};
}

static void put_more(struct pt_view *view, size_t below)
{
    if (below > 0) {
        pt_view_put(view, PT_PLAIN, "  %zu more", below);
    }
}

void pt_view_threads(struct pt_view *view, const struct pt_watch_process *watched,
                     const struct pt_watch_figures *figures, struct pt_view_state *state)
{
    struct row *rows = calloc(watched->live.slots + 1, sizeof *rows);
    size_t count = rows != NULL ? list_rows(rows, watched, state->busiest) : 0;
    view->table_rows = count;
    if (count > 0 && pt_view_room(view) >= 2) {
        pt_view_put(view, PT_BOLD, "  %-11s %-*s %9s %11s  %s", "Thread", PHASE_WIDTH,
                    watched->live.thinned ? "newest call kept" : "newest call", "ended ago",
                    "documents/s", view->width >= LEAST_PLACES ? "collection" : "");
        struct page page = page_of(view, state, count);
        for (; page.at < count && page.fit > 0; page.at++, page.fit--) {
            put_thread(view, watched, figures, &rows[page.at]);
        }
        put_more(view, count - page.at);
    }
    free(rows);
}

static void put_process(struct pt_view *view, const struct pt_watch_process *watched)
{
    struct pt_watch_figures f;
    char text[PT_VIEW_BYTES], name[PHASE_BYTES];
    char state[PT_ENDING_BYTES] = "";
    pt_watch_figures_make(&f, watched, 0);
    pt_watch_process_state_text(watched, state, sizeof state);
    char safe[PHASE_BYTES];
    pt_safe_text(safe, sizeof safe, pt_view_program(text, watched->process));
    pt_view_put(view, PT_PLAIN, "  %-9" PRId64 " %s %9s %14s %12s %7s  %s", watched->process->pid,
                padded(name, safe, 16), PT_DURATION(f.run_ns), PT_COUNT(f.done),
                pt_figure_rate(PT_HUMAN_ROOM, f.window_done, f.window_ns),
                PT_COUNT(watched->live.errors), state);
}

static void put_sum(struct pt_view *view, const struct pt_watch_list *list, int64_t total)
{
    int64_t done = 0, runs = 0;
    char of[64] = "";
    for (size_t i = 0; i < list->count; i++) {
        done = pt_add(done, pt_watch_done(&list->processes[i]->live));
        runs += !pt_watch_process_has_ended(list->processes[i]);
    }
    if (total > 0) {
        snprintf(of, sizeof of, " of %s", PT_COUNT(total));
    }
    pt_view_put(view, PT_BOLD, "%zu processes, %" PRId64 " running   %s%s documents", list->count,
                runs, PT_COUNT(done), of);
}

void pt_view_processes(struct pt_view *view, const struct pt_watch_list *list,
                       struct pt_view_state *state)
{
    view->table_rows = list->count;
    put_sum(view, list, state->total);
    pt_view_put(view, PT_BOLD, "  %-9s %-16s %9s %14s %12s %7s  %s", "Pid", "program", "time",
                "documents", "now", "errors", "state");
    struct page page = page_of(view, state, list->count);
    for (; page.at < list->count && page.fit > 0; page.at++, page.fit--) {
        put_process(view, list->processes[page.at]);
    }
    put_more(view, list->count - page.at);
}
