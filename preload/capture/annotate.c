/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/annotate.h"

#include <errno.h>
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "bson/bson_writer.h"
#include "base/clock.h"
#include "log/name_ids.h"
#include "phasetap/phasetap.h"
#include "base/export.h"
#include "base/options.h"
#include "log/recorder.h"
#include "host/sampler.h"
#include "host/spawn_tool.h"
#include "host/thread_life.h"
#include "base/uri_text.h"

#define PT_METADATA_BYTES      3072u
#define PT_METADATA_TEXT_BYTES 255u
#define PT_TOTALS_MAX          1024u

/* Durations of the completed entries of a phase, for phasetap_phase_summary; indexed by the phase's
 * id. */
struct totals {
    atomic_llong count, total_ns, min_ns, max_ns;
};
static struct totals totals[PT_TOTALS_MAX];

static void add_total(int32_t phase, int64_t duration_ns)
{
    unsigned index = (unsigned)phase - PT_NAME_FIRST;
    if (index >= PT_TOTALS_MAX) {
        return;
    }
    struct totals *t = &totals[index];
    long long known = atomic_load(&t->max_ns);
    while (duration_ns > known && !atomic_compare_exchange_weak(&t->max_ns, &known, duration_ns)) {}
    /* The minimum is kept as its distance from the largest number, so that zeroed memory is a right
     * start. */
    long long distance = atomic_load(&t->min_ns);
    while (INT64_MAX - duration_ns > distance &&
           !atomic_compare_exchange_weak(&t->min_ns, &distance, INT64_MAX - duration_ns)) {}
    atomic_fetch_add(&t->total_ns, duration_ns);
    atomic_fetch_add(&t->count, 1);
}

static void write_field(struct pt_bson *b, const struct phasetap_field *field)
{
    char text[PT_METADATA_TEXT_BYTES + 1];
    switch (field->type) {
    case PHASETAP_INT:
        pt_bson_int64(b, field->key, field->value.integer);
        break;
    case PHASETAP_REAL:
        pt_bson_double(b, field->key, isfinite(field->value.real) ? field->value.real : 0.0);
        break;
    case PHASETAP_BOOL:
        pt_bson_bool(b, field->key, field->value.integer != 0);
        break;
    case PHASETAP_TEXT:
        pt_uri_text_without_user(text, sizeof text, field->value.text ? field->value.text : "");
        pt_bson_string(b, field->key, text, PT_METADATA_TEXT_BYTES);
        break;
    }
}

static void write_metadata(struct pt_bson *b, const char *key, const struct phasetap_field *fields,
                           size_t count)
{
    pt_bson_open(b, key);
    for (size_t i = 0; fields && i < count; i++) {
        if (fields[i].key) {
            write_field(b, &fields[i]);
        }
    }
    pt_bson_close(b);
}

static void record_misuse(struct pt_thread *t, int32_t phase, enum pt_misuse what)
{
    uint8_t buffer[96];
    struct pt_bson b;
    pt_bson_init(&b, buffer, sizeof buffer);
    pt_bson_int32(&b, "k", PT_KIND_MISUSE);
    pt_bson_int32(&b, "th", t->pen.number);
    pt_bson_int32(&b, "ph", phase);
    pt_bson_int32(&b, "w", what);
    pt_bson_int64(&b, "t", pt_now_ns());
    pt_record_bytes(&t->pen, buffer, (uint32_t)pt_bson_finish(&b));
}

static void record_begin(struct pt_thread *t, const struct pt_annotation *a,
                         const struct phasetap_field *fields, size_t count)
{
    uint8_t buffer[PT_METADATA_BYTES];
    struct pt_bson b;
    pt_bson_init(&b, buffer, sizeof buffer);
    pt_bson_int32(&b, "k", PT_KIND_BEGIN);
    pt_bson_int32(&b, "th", t->pen.number);
    pt_bson_int32(&b, "ph", a->phase);
    pt_bson_int32(&b, "q", a->number);
    pt_bson_int32(&b, "parent", t->depth > 1 ? t->open[t->depth - 2].number : 0);
    pt_bson_int64(&b, "t", a->start_ns);
    write_metadata(&b, "m", fields, count);
    pt_record_bytes(&t->pen, buffer, (uint32_t)pt_bson_finish(&b));
}

static int32_t begin(const char *name, const struct phasetap_field *fields, size_t count)
{
    int saved_errno = errno;
    struct pt_thread *t = pt_thread_self();
    int32_t number = 0;
    int32_t phase = t ? pt_name_of_phase(&t->pen, name) : 0;
    if (t && (phase == 0 || t->depth == PT_ANNOTATIONS_MAX)) {
        t->too_deep += phase != 0; /* its end, when it names no phase, must not end another one */
        record_misuse(t, phase, phase ? PT_MISUSE_TOO_DEEP : PT_MISUSE_BAD_NAME);
    } else if (t) {
        struct pt_annotation *a = &t->open[t->depth++];
        number = ++t->annotations_begun;
        *a = (struct pt_annotation){.phase = phase, .number = number, .start_ns = pt_now_ns()};
        t->clocks++;
        record_begin(t, a, fields, count);
    }
    errno = saved_errno;
    return number;
}

/* Ends the innermost phase. */
static void finish_innermost(struct pt_thread *t, int64_t now_ns,
                             const struct phasetap_field *fields, size_t count)
{
    uint8_t buffer[PT_METADATA_BYTES];
    struct pt_bson b;
    const struct pt_annotation *a = &t->open[--t->depth];
    pt_bson_init(&b, buffer, sizeof buffer);
    pt_bson_int32(&b, "k", PT_KIND_FINISH);
    pt_bson_int32(&b, "th", t->pen.number);
    pt_bson_int32(&b, "ph", a->phase);
    pt_bson_int32(&b, "q", a->number);
    pt_bson_int64(&b, "t", a->start_ns);
    pt_bson_int64(&b, "d", now_ns - a->start_ns);
    write_metadata(&b, "rm", fields, count);
    pt_record_bytes(&t->pen, buffer, (uint32_t)pt_bson_finish(&b));
    add_total(a->phase, now_ns - a->start_ns);
}

/* Place of an open phase in the stack, the innermost of that name; -1: it is not open. */
static int find_phase(const struct pt_thread *t, int32_t phase)
{
    for (int i = (int)t->depth - 1; i >= 0; i--) {
        if (t->open[i].phase == phase) {
            return i;
        }
    }
    return -1;
}

static void end_phase(struct pt_thread *t, int place, const struct phasetap_field *fields,
                      size_t count)
{
    int64_t now_ns = pt_now_ns();
    t->clocks++;
    if (place < (int)t->depth - 1) {
        record_misuse(t, t->open[place].phase, PT_MISUSE_END_OF_OUTER);
    }
    while ((int)t->depth - 1 > place) {
        finish_innermost(t, now_ns, NULL, 0);
    }
    finish_innermost(t, now_ns, fields, count);
}

static void end(const char *name, const struct phasetap_field *fields, size_t count)
{
    int saved_errno = errno;
    struct pt_thread *t = pt_thread_self();
    if (t && name == NULL && t->too_deep > 0) {
        t->too_deep--;
    } else if (t) {
        int32_t phase = name ? pt_name_of_phase(&t->pen, name) : 0;
        int place = name ? find_phase(t, phase) : (int)t->depth - 1;
        if (place < 0) {
            record_misuse(t, phase, PT_MISUSE_END_WITHOUT_BEGIN);
        } else {
            end_phase(t, place, fields, count);
        }
    }
    errno = saved_errno;
}

static void end_number(int32_t number)
{
    int saved_errno = errno;
    struct pt_thread *t = pt_thread_self();
    for (int place = t ? (int)t->depth - 1 : -1; place >= 0; place--) {
        if (t->open[place].number == number) {
            end_phase(t, place, NULL, 0);
            break;
        }
    }
    errno = saved_errno;
}

static double throughput(int64_t documents, double elapsed_seconds)
{
    int saved_errno = errno;
    struct pt_thread *t = pt_thread_self();
    int64_t now_ns = pt_now_ns();
    if (!(elapsed_seconds > 0.0)) {
        elapsed_seconds = (double)(now_ns - pt_options.loaded_ns) / 1e9;
    }
    if (t) {
        uint8_t buffer[96];
        struct pt_bson b;
        pt_bson_init(&b, buffer, sizeof buffer);
        pt_bson_int32(&b, "k", PT_KIND_THROUGHPUT);
        pt_bson_int32(&b, "th", t->pen.number);
        pt_bson_int64(&b, "t", now_ns);
        pt_bson_int64(&b, "n", documents);
        pt_bson_double(&b, "s", elapsed_seconds);
        pt_record_bytes(&t->pen, buffer, (uint32_t)pt_bson_finish(&b));
    }
    errno = saved_errno;
    return elapsed_seconds > 0.0 ? (double)documents / elapsed_seconds : 0.0;
}

static int phase_summary(const char *name, struct phasetap_summary *summary)
{
    int saved_errno = errno;
    struct pt_thread *t = pt_thread_self();
    unsigned index =
        t && name ? (unsigned)pt_name_of_phase(&t->pen, name) - PT_NAME_FIRST : PT_TOTALS_MAX;
    errno = saved_errno;
    if (index >= PT_TOTALS_MAX || atomic_load(&totals[index].count) == 0) {
        return -1;
    }
    const struct totals *known = &totals[index];
    summary->count = atomic_load(&known->count);
    summary->total_duration = (double)atomic_load(&known->total_ns) / 1e9;
    summary->average_duration = summary->total_duration / (double)summary->count;
    summary->min_duration = (double)(INT64_MAX - atomic_load(&known->min_ns)) / 1e9;
    summary->max_duration = (double)atomic_load(&known->max_ns) / 1e9;
    return 0;
}

static int log_summary(void)
{
    return pt_thread_self() ? pt_spawn_tool("summary", NULL) : -1;
}

static int write_report(const char *path)
{
    return path && pt_thread_self() ? pt_spawn_tool("report", path) : -1;
}

static void start_monitoring(double interval_seconds)
{
    int saved_errno = errno;
    if (pt_thread_self()) {
        bool given = interval_seconds >= 0.01 && interval_seconds <= 3600.0;
        pt_sampler_resume(given ? (int64_t)(interval_seconds * 1e9) : 0);
    }
    errno = saved_errno;
}

static void stop_monitoring(void)
{
    int saved_errno = errno;
    if (pt_thread_self()) {
        pt_sampler_pause();
    }
    errno = saved_errno;
}

void pt_annotate_forget(void)
{
    memset(totals, 0, sizeof totals);
}

void pt_annotate_thread_ended(struct pt_thread *t)
{
    for (unsigned i = t->depth; i > 0; i--) {
        record_misuse(t, t->open[i - 1].phase, PT_MISUSE_NOT_ENDED);
    }
}

PT_EXPORT const struct phasetap_api *phasetap_api_v1(void);

const struct phasetap_api *phasetap_api_v1(void)
{
    static const struct phasetap_api api = {
        .size_bytes = sizeof api,
        .begin = begin,
        .end = end,
        .end_number = end_number,
        .throughput = throughput,
        .phase_summary = phase_summary,
        .log_summary = log_summary,
        .write_report = write_report,
        .start_monitoring = start_monitoring,
        .stop_monitoring = stop_monitoring,
    };
    return &api;
}
