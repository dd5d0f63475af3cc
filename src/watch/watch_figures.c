/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/watch_figures.h"

#include <stdlib.h>

/* More than that is a wrong total. */
#define PERCENT_HIGHEST 1000.0

static int64_t age(const struct pt_watch_process *watched)
{
    const struct pt_process *process = watched->process;
    int64_t until_ns = watched->live.last_ns;
    if (watched->clock_is_ours) {
        until_ns = pt_max(until_ns, watched->looked_at_ns);
    }
    return pt_max(0, pt_sub(until_ns, process->start_ns));
}

static void set_window(struct pt_watch_figures *figures, const struct pt_watch_process *watched)
{
    const struct pt_watch_mark *mark = &watched->marks[0];
    figures->window_ns = figures->window_done = PT_WATCH_UNKNOWN;
    if (mark->at_ns == 0) {
        return;
    }
    for (int part = 0; part < PT_PART_COUNT; part++) {
        int64_t ns = pt_max(0, pt_sub(watched->live.parts_ns[part], mark->parts_ns[part]));
        figures->parts_ns[part] = ns;
        figures->parts_sum_ns = pt_add(figures->parts_sum_ns, ns);
    }
    figures->window_ns = pt_sub(watched->looked_at_ns, mark->at_ns);
    if (mark->writes == figures->writes) {
        figures->window_done = pt_max(0, pt_sub(figures->done, mark->done));
    }
}

/* |now - mean| < mean / 2, as documents of the same time. */
static bool is_steady(const struct pt_watch_figures *figures)
{
    if (figures->window_done == PT_WATCH_UNKNOWN || figures->window_ns <= 0) {
        return false;
    }
    double now = (double)figures->window_done / (double)figures->window_ns;
    double mean = (double)figures->done / (double)figures->run_ns;
    return now > mean * 0.5 && now < mean * 1.5;
}

static void set_left(struct pt_watch_figures *figures, bool ended, int64_t total)
{
    figures->total = total > 0 ? total : PT_WATCH_UNKNOWN;
    figures->percent = figures->left_ns = PT_WATCH_UNKNOWN;
    if (total <= 0) {
        return;
    }
    double percent = 100.0 * (double)figures->done / (double)total;
    figures->percent = percent < PERCENT_HIGHEST ? (int64_t)percent : PT_WATCH_UNKNOWN;
    int64_t left = pt_sub(total, figures->done);
    if (left == 0) {
        figures->left_ns = 0;
    } else if (!ended && left > 0 && figures->run_ns >= PT_WATCH_TELL_NS && is_steady(figures)) {
        double ns = (double)figures->run_ns / (double)figures->done * (double)left;
        figures->left_ns = ns < 9e18 ? (int64_t)ns : PT_WATCH_UNKNOWN;
    }
}

static void set_resources(struct pt_watch_figures *figures, const struct pt_watch_counts *counts)
{
    const struct pt_watch_sample *before = &counts->samples[0];
    const struct pt_watch_sample *newest = &counts->samples[1];
    figures->cpu_ns = figures->cpu_window_ns = figures->rss_bytes = PT_WATCH_UNKNOWN;
    if (newest->t_ns > 0 && newest->rss_bytes >= 0) {
        figures->rss_bytes = newest->rss_bytes;
    }
    bool both = before->t_ns > 0 && before->cpu_ns >= 0 && newest->cpu_ns >= before->cpu_ns;
    if (both && newest->t_ns > before->t_ns) {
        figures->cpu_ns = newest->cpu_ns - before->cpu_ns;
        figures->cpu_window_ns = newest->t_ns - before->t_ns;
    }
}

static bool is_alive(const struct pt_watch_thread *thread)
{
    return thread->seen && !thread->ended;
}

void pt_watch_figures_make(struct pt_watch_figures *figures, const struct pt_watch_process *watched,
                           int64_t total)
{
    const struct pt_watch_counts *counts = &watched->live;
    *figures = (struct pt_watch_figures){
        .run_ns = age(watched), .done = pt_watch_done(counts), .writes = counts->writes};
    set_window(figures, watched);
    set_left(figures, pt_watch_process_has_ended(watched), total);
    set_resources(figures, counts);
    for (size_t i = 0; i < counts->slots; i++) {
        figures->threads += is_alive(&counts->threads[i]);
    }
}

int64_t pt_watch_thread_done(const struct pt_watch_process *watched, size_t number)
{
    const struct pt_watch_mark *mark = &watched->marks[0];
    const struct pt_watch_thread *thread = &watched->live.threads[number];
    if (mark->at_ns == 0 || mark->writes != watched->live.writes || watched->live.thinned) {
        return PT_WATCH_UNKNOWN;
    }
    int64_t before = number < mark->slots ? mark->threads_done[number] : 0;
    return pt_max(0, pt_sub(mark->writes ? thread->written : thread->read, before));
}

int32_t pt_watch_thread_phase(const struct pt_watch_thread *thread, bool *ret_inside)
{
    *ret_inside = thread->open_count > 0 && !thread->ended;
    return *ret_inside ? thread->open[thread->open_count - 1].phase : thread->phase;
}

static int more_first(const void *a, const void *b)
{
    const struct pt_watch_phase_use *x = a;
    const struct pt_watch_phase_use *y = b;
    if (x->threads != y->threads) {
        return x->threads > y->threads ? -1 : 1;
    }
    return (x->phase > y->phase) - (x->phase < y->phase);
}

static int by_phase(const void *a, const void *b)
{
    const struct pt_watch_phase_use *x = a;
    const struct pt_watch_phase_use *y = b;
    return (x->phase > y->phase) - (x->phase < y->phase);
}

/* One row for each living thread, those of one phase side by side. */
static size_t list_threads(const struct pt_watch_counts *counts, struct pt_watch_phase_use *list)
{
    size_t count = 0;
    for (size_t i = 0; i < counts->slots; i++) {
        bool inside;
        if (is_alive(&counts->threads[i])) {
            list[count].phase = pt_watch_thread_phase(&counts->threads[i], &inside);
            list[count++].threads = 1;
        }
    }
    if (count > 1) {
        qsort(list, count, sizeof *list, by_phase);
    }
    return count;
}

/* One row for each phase, the most frequent ones first. */
static size_t join_rows(struct pt_watch_phase_use *list, size_t count)
{
    size_t joined = 0;
    for (size_t i = 0; i < count; i++) {
        if (joined > 0 && list[joined - 1].phase == list[i].phase) {
            list[joined - 1].threads++;
        } else {
            list[joined++] = list[i];
        }
    }
    if (joined > 1) {
        qsort(list, joined, sizeof *list, more_first);
    }
    return joined;
}

int pt_watch_phase_uses(const struct pt_watch_counts *counts,
                        struct pt_watch_phase_use uses[PT_WATCH_PHASES], int64_t *ret_more)
{
    struct pt_watch_phase_use *list = calloc(counts->slots + 1, sizeof *list);
    size_t count = list != NULL ? join_rows(list, list_threads(counts, list)) : 0;
    *ret_more = 0;
    for (size_t i = 0; i < count; i++) {
        if (i < PT_WATCH_PHASES) {
            uses[i] = list[i];
        } else {
            *ret_more += list[i].threads;
        }
    }
    free(list);
    return count < PT_WATCH_PHASES ? (int)count : PT_WATCH_PHASES;
}
