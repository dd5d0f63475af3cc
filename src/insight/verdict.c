/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/verdict.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/thread_role.h"

#define LEAST_GAIN_NS 50000000
#define SECOND_NS     1000000000

enum pt_fill_of pt_sort_fill(enum pt_call_sort sort)
{
    return sort <= PT_SORT_MORE ? PT_FILL_READING : PT_FILL_WRITING;
}

const char *pt_sort_text(enum pt_call_sort sort)
{
    static const char *const texts[PT_SORT_COUNT] = {"find",   "getMore", "insert",
                                                     "update", "delete",  "createIndexes"};
    return sort < PT_SORT_COUNT ? texts[sort] : "call";
}

const char *pt_group_name(const struct pt_call_group *group)
{
    return group->name_space != NULL ? group->name_space : "an unknown collection";
}

int64_t pt_group_mean(const struct pt_call_group *group)
{
    int64_t succeeded = group->calls - group->failed;
    return succeeded > 0 ? group->sum_ns / succeeded : 0;
}

static bool is_named(const struct pt_call_group *group, const char *name_space)
{
    return group->name_space != NULL && name_space != NULL &&
           strcmp(group->name_space, name_space) == 0;
}

const struct pt_call_group *pt_case_group(const struct pt_case *c, const char *name_space,
                                          enum pt_call_sort sort)
{
    for (size_t i = 0; i < c->model->group_count; i++) {
        const struct pt_call_group *group = &c->model->groups[i];
        if (group->sort == sort && is_named(group, name_space)) {
            return group;
        }
    }
    return NULL;
}

int64_t pt_case_gain(const struct pt_case *c, const struct pt_call_group *group, int64_t saved_ns)
{
    return pt_fill_gain(&c->fill, pt_sort_fill(group->sort), saved_ns);
}

int64_t pt_case_threads(const struct pt_case *c)
{
    int64_t count = 0;
    for (size_t i = 0; i < c->model->process_count; i++) {
        const struct pt_process *process = c->model->processes[i];
        for (size_t at = 1; at < process->thread_slots; at++) {
            const struct pt_recorded_thread *thread = process->threads[at];
            count += thread != NULL && pt_thread_role(thread) != PT_ROLE_OTHER;
        }
    }
    return count;
}

int64_t pt_case_fastest(const struct pt_case *c)
{
    int64_t least_ns = INT64_MAX;
    for (size_t i = 0; i < c->model->command_count; i++) {
        const struct pt_command_use *use = &c->model->commands[i];
        least_ns = use->failed < use->count ? pt_min(least_ns, use->min_ns) : least_ns;
    }
    return least_ns;
}

int64_t pt_case_of_run(const struct pt_case *c, int64_t threads_ns)
{
    if (c->time.wall_ns <= 0) {
        return 0;
    }
    double share = (double)threads_ns / (double)c->time.wall_ns;
    return (int64_t)(share * (double)c->run_ns);
}

bool pt_worth(const struct pt_case *c, int64_t gain_ns)
{
    bool share = gain_ns >= c->run_ns / 20;
    bool second = gain_ns >= SECOND_NS && gain_ns >= c->run_ns / 100;
    return gain_ns >= LEAST_GAIN_NS && (share || second);
}

const char *pt_plural(int64_t count)
{
    return count == 1 ? "" : "s";
}

void pt_insight_sentence(struct pt_insight *insight, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(insight->sentence, sizeof insight->sentence, format, arguments);
    va_end(arguments);
}

void pt_insight_number(struct pt_insight *insight, const char *format, ...)
{
    va_list arguments;
    if (insight->number_count == PT_INSIGHT_NUMBERS) {
        return;
    }
    va_start(arguments, format);
    char *line = insight->numbers[insight->number_count++];
    vsnprintf(line, PT_INSIGHT_LINE_BYTES, format, arguments);
    va_end(arguments);
}

void pt_insight_action(struct pt_insight *insight, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(insight->action, sizeof insight->action, format, arguments);
    va_end(arguments);
}

void pt_insight_gain(const struct pt_case *c, struct pt_insight *insight, const char *bound,
                     int64_t then_ns)
{
    size_t used = strlen(insight->action);
    double percent = 100.0 * (1.0 - (double)then_ns / (double)pt_max(1, c->run_ns));
    insight->gain_from_ns = c->run_ns;
    insight->gain_to_ns = then_ns;
    snprintf(insight->action + used, sizeof insight->action - used,
             percent < 9.95 ? ": %s %s -> %s (-%.1f %%)." : ": %s %s -> %s (-%.0f %%).", bound,
             PT_DURATION(c->run_ns), PT_DURATION(then_ns), percent);
}

/* What CPU time leaves of a gain. */
static int64_t with_cpus(const struct pt_case *c, int64_t then_ns, double used_ns)
{
    double least_ns = c->cpus > 0 ? used_ns / (double)c->cpus : 0.0;
    return pt_max(then_ns, pt_min(c->run_ns, (int64_t)least_ns));
}

bool pt_insight_gain_beside(const struct pt_case *c, struct pt_insight *insight, int64_t then_ns)
{
    double busy = c->busy_cpus > 0.0 ? c->busy_cpus : 0.0;
    int64_t own_ns = with_cpus(c, then_ns, (double)c->own_cpu_ns);
    int64_t full_ns = with_cpus(c, own_ns, busy * (double)c->run_ns);
    if (!pt_worth(c, c->run_ns - own_ns)) {
        return false;
    }
    if (full_ns > own_ns) {
        pt_insight_number(insight,
                          "The %s CPUs of this machine are %s busy, with all its programs.",
                          PT_COUNT(c->cpus), PT_PERCENT(c->busy_cpus, (double)c->cpus));
    }
    bool leaves = pt_worth(c, c->run_ns - full_ns);
    insight->confidence = leaves ? insight->confidence : PT_POSSIBLE;
    pt_insight_gain(c, insight, "at best", leaves ? full_ns : own_ns);
    return true;
}
