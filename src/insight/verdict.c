/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/verdict.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LEAST_GAIN_NS 50000000
#define SECOND_NS     1000000000

const struct pt_phase_stats *pt_case_phase(const struct pt_case *c, const char *name)
{
    for (size_t i = 0; i < c->model->phase_count; i++) {
        const struct pt_phase_stats *phase = &c->model->phases[i];
        if (!phase->annotated && strncmp(phase->name, name, strlen(name)) == 0) {
            return phase;
        }
    }
    return NULL;
}

int64_t pt_case_threads(const struct pt_case *c)
{
    int64_t count = 0;
    for (size_t i = 0; i < c->model->process_count; i++) {
        const struct pt_process *process = c->model->processes[i];
        for (size_t at = 1; at < process->thread_slots; at++) {
            count += process->threads[at] != NULL;
        }
    }
    return count;
}

int64_t pt_case_floor(const struct pt_case *c, int64_t then_ns)
{
    if (c->cpus <= 0 || c->busy_cpus < 0.0) {
        return then_ns;
    }
    double least_ns = c->busy_cpus * (double)c->run_ns / (double)c->cpus;
    return pt_max(then_ns, pt_min(c->run_ns, (int64_t)least_ns));
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
