/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/metric.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "text/human.h"

/* In the order of the messages. */
static const struct pt_metric METRICS[] = {
    {.name = "runtime", .unit = PT_UNIT_TIME},
    {.name = "documents", .unit = PT_UNIT_COUNT},
    {.name = "throughput", .unit = PT_UNIT_RATE},
    {.name = "failed", .unit = PT_UNIT_COUNT},
    {.name = "not_written", .unit = PT_UNIT_COUNT},
    {.name = "unknown", .unit = PT_UNIT_COUNT},
    {.name = "errors", .unit = PT_UNIT_COUNT},
    {.name = "retries", .unit = PT_UNIT_COUNT},
    {.name = "cpu", .unit = PT_UNIT_TIME},
    {.name = "memory", .unit = PT_UNIT_SIZE},
    {.name = "dropped", .unit = PT_UNIT_COUNT, .of_loss = true},
    {.name = "exit_status", .unit = PT_UNIT_COUNT, .of_loss = true},
    {.name = "count", .unit = PT_UNIT_COUNT, .of_phase = true},
    {.name = "failed", .unit = PT_UNIT_COUNT, .of_phase = true},
    {.name = "total", .unit = PT_UNIT_TIME, .of_phase = true},
    {.name = "average", .unit = PT_UNIT_TIME, .of_phase = true},
    {.name = "min", .unit = PT_UNIT_TIME, .of_phase = true},
    {.name = "p50", .unit = PT_UNIT_TIME, .of_phase = true},
    {.name = "p90", .unit = PT_UNIT_TIME, .of_phase = true},
    {.name = "p95", .unit = PT_UNIT_TIME, .of_phase = true},
    {.name = "p99", .unit = PT_UNIT_TIME, .of_phase = true},
    {.name = "max", .unit = PT_UNIT_TIME, .of_phase = true},
    {.name = "documents", .unit = PT_UNIT_COUNT, .of_phase = true},
    {.name = "throughput", .unit = PT_UNIT_RATE, .of_phase = true},
    {.name = "bytes", .unit = PT_UNIT_SIZE, .of_phase = true},
};

#define METRICS_COUNT (sizeof METRICS / sizeof METRICS[0])

const struct pt_metric *pt_metric_find(const char *name, bool of_phase)
{
    for (size_t i = 0; i < METRICS_COUNT; i++) {
        if (METRICS[i].of_phase == of_phase && strcmp(METRICS[i].name, name) == 0) {
            return &METRICS[i];
        }
    }
    return NULL;
}

const char *pt_metric_names(char *text, bool of_phase)
{
    size_t at = 0;
    text[0] = '\0';
    for (size_t i = 0; i < METRICS_COUNT; i++) {
        if (METRICS[i].of_phase == of_phase && at < PT_METRIC_NAMES_BYTES) {
            at += (size_t)snprintf(text + at, PT_METRIC_NAMES_BYTES - at, "%s%s",
                                   at > 0 ? ", " : "", METRICS[i].name);
        }
    }
    return text;
}

static bool take(int64_t value, double *ret_value)
{
    *ret_value = (double)value;
    return value >= 0;
}

static bool per_second(int64_t documents, int64_t ns, double *ret_value)
{
    *ret_value = ns > 0 ? (double)documents / ((double)ns / 1e9) : 0.0;
    return documents >= 0 && ns > 0;
}

static bool value_of_run(const char *name, const struct pt_run_figures *run, double *ret_value)
{
    const struct {
        const char *name;
        int64_t value;
    } values[] = {
        {"runtime", run->runtime_ns},      {"documents", run->documents},
        {"failed", run->failed},           {"not_written", run->not_written},
        {"unknown", run->unknown},         {"errors", run->errors},
        {"retries", run->retries},         {"cpu", run->cpu_ns},
        {"memory", run->memory_bytes},     {"dropped", run->dropped},
        {"exit_status", run->exit_status},
    };
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        if (strcmp(values[i].name, name) == 0) {
            return take(values[i].value, ret_value);
        }
    }
    return per_second(run->documents, run->runtime_ns, ret_value);
}

/* False for a duration of a phase without entries. */
static bool duration_of_phase(const char *name, const struct pt_phase_figures *phase,
                              double *ret_value)
{
    static const char *const percentiles[PT_PERCENTILES] = {"p50", "p90", "p95", "p99"};
    for (int i = 0; i < PT_PERCENTILES; i++) {
        if (strcmp(percentiles[i], name) == 0) {
            return take(phase->percentiles_ns[i], ret_value);
        }
    }
    if (strcmp(name, "average") == 0) {
        *ret_value = phase->count > 0 ? (double)phase->sum_ns / (double)phase->count : 0.0;
    } else {
        take(strcmp(name, "min") == 0 ? phase->min_ns : phase->max_ns, ret_value);
    }
    return phase->count > 0;
}

static bool value_of_phase(const char *name, const struct pt_phase_figures *phase,
                           double *ret_value)
{
    const struct {
        const char *name;
        int64_t value;
    } values[] = {
        {"count", phase->count},         {"failed", phase->failed}, {"total", phase->sum_ns},
        {"documents", phase->documents}, {"bytes", phase->bytes},
    };
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        if (strcmp(values[i].name, name) == 0) {
            return take(values[i].value, ret_value);
        }
    }
    if (strcmp(name, "throughput") == 0) {
        return per_second(phase->documents, phase->sum_ns, ret_value);
    }
    return duration_of_phase(name, phase, ret_value);
}

bool pt_metric_value(const struct pt_metric *metric, const struct pt_run_figures *run,
                     const struct pt_phase_figures *phase, double *ret_value)
{
    if (run->missing != NULL && !metric->of_loss) {
        return false;
    }
    return metric->of_phase ? phase != NULL && value_of_phase(metric->name, phase, ret_value)
                            : value_of_run(metric->name, run, ret_value);
}

const char *pt_metric_text(char *text, enum pt_unit unit, double value)
{
    int64_t whole = value < 9e18 ? llround(value) : INT64_MAX;
    switch (unit) {
    case PT_UNIT_TIME:
        return pt_human_duration(text, whole);
    case PT_UNIT_SIZE:
        return pt_human_bytes(text, whole);
    case PT_UNIT_RATE:
        if (value < 9.95) {
            snprintf(text, PT_METRIC_BYTES, "%.2g/s", value);
            return text;
        }
        pt_human_count(text, whole);
        return strcat(text, "/s");
    case PT_UNIT_COUNT:
        break;
    }
    return pt_human_count(text, whole);
}
