/* SPDX-License-Identifier: Apache-2.0 */
/* Phases as histograms, and each phase in each namespace as counters. */
#include "export/bounds.h"
#include "export/prometheus_family.h"

/* ---- phases ---- */

static void put_bucket(struct pt_samples *samples, const char *phase, const char *bound,
                       int64_t count)
{
    pt_sample_begin(samples, "_bucket");
    pt_sample_label(samples, "phase", phase);
    pt_sample_label(samples, "le", bound);
    pt_sample_int(samples, count);
}

/* Without the zeros at the end: 0.5, 1, 30. */
static void bound_text(char *text, size_t room, int64_t bound_ns)
{
    snprintf(text, room, "%g", (double)bound_ns / 1e9);
}

static void put_histogram(struct pt_samples *samples, const struct pt_phase_stats *phase)
{
    char bound[32];
    for (size_t i = 0; i < pt_bounds_phase.count; i++) {
        uint64_t below = pt_histogram_up_to(&phase->durations, pt_bounds_phase.ns[i]);
        bound_text(bound, sizeof bound, pt_bounds_phase.ns[i]);
        put_bucket(samples, phase->name, bound, pt_min((int64_t)below, phase->count));
    }
    put_bucket(samples, phase->name, "+Inf", phase->count);
    pt_sample_begin(samples, "_sum");
    pt_sample_label(samples, "phase", phase->name);
    pt_sample_seconds(samples, phase->sum_ns);
    pt_sample_begin(samples, "_count");
    pt_sample_label(samples, "phase", phase->name);
    pt_sample_int(samples, phase->count);
}

static void put_durations(struct pt_samples *samples, const struct pt_model *model)
{
    for (size_t i = 0; i < model->phase_count && i < PT_SERIES_PHASES; i++) {
        put_histogram(samples, &model->phases[i]);
    }
}

static void put_failures(struct pt_samples *samples, const struct pt_model *model)
{
    for (size_t i = 0; i < model->phase_count && i < PT_SERIES_PHASES; i++) {
        pt_sample_begin(samples, "");
        pt_sample_label(samples, "phase", model->phases[i].name);
        pt_sample_int(samples, model->phases[i].failed);
    }
}

/* ---- phases by namespace ---- */

typedef int64_t (*figure_of)(const struct pt_work *work);

static int64_t calls_of(const struct pt_work *work)
{
    return work->calls;
}
static int64_t failed_of(const struct pt_work *work)
{
    return work->failed;
}
static int64_t time_of(const struct pt_work *work)
{
    return work->sum_ns;
}
static int64_t documents_of(const struct pt_work *work)
{
    return work->documents;
}
static int64_t bytes_of(const struct pt_work *work)
{
    return work->bytes;
}

static void put_work(struct pt_samples *samples, const char *phase, const char *name_space,
                     int64_t number, bool seconds)
{
    pt_sample_begin(samples, "");
    pt_sample_label(samples, "phase", phase);
    pt_sample_label(samples, "namespace", name_space);
    pt_sample_number(samples, number, seconds);
}

/* The rows are sorted, the most expensive first. */
static void put_works(struct pt_samples *samples, const struct pt_model *model, figure_of figure,
                      bool seconds)
{
    const struct pt_works *works = &model->works;
    int64_t rest = 0;
    for (size_t i = 0; i < works->count; i++) {
        const struct pt_work *row = &works->rows[i];
        if (i < PT_SERIES_WORKS) {
            put_work(samples, row->phase, row->name_space, figure(row), seconds);
        } else {
            rest = pt_add(rest, figure(row));
        }
    }
    if (works->count > PT_SERIES_WORKS) {
        put_work(samples, PT_SERIES_OTHER, PT_SERIES_OTHER, rest, seconds);
    }
}

static void put_calls(struct pt_samples *samples, const struct pt_model *model)
{
    put_works(samples, model, calls_of, false);
}
static void put_failed_calls(struct pt_samples *samples, const struct pt_model *model)
{
    put_works(samples, model, failed_of, false);
}
static void put_call_time(struct pt_samples *samples, const struct pt_model *model)
{
    put_works(samples, model, time_of, true);
}
static void put_documents(struct pt_samples *samples, const struct pt_model *model)
{
    put_works(samples, model, documents_of, false);
}
static void put_bytes(struct pt_samples *samples, const struct pt_model *model)
{
    put_works(samples, model, bytes_of, false);
}

const struct pt_family pt_families_phase[] = {
    {"phasetap_phase_duration_seconds", "histogram",
     "Durations of the entries of each phase; of Document Masking their CPU time.", put_durations},
    {"phasetap_phase_failures_total", "counter", "Entries of each phase that failed.",
     put_failures},
    {"phasetap_calls_total", "counter", "Driver calls by phase and namespace.", put_calls},
    {"phasetap_call_failures_total", "counter", "Driver calls that failed.", put_failed_calls},
    {"phasetap_call_seconds_total", "counter", "Time in driver calls.", put_call_time},
    {"phasetap_documents_total", "counter",
     "Documents read, or acknowledged by the server as written.", put_documents},
    {"phasetap_document_bytes_total", "counter", "Bytes of documents read or handed to writes.",
     put_bytes},
    {.name = NULL},
};
