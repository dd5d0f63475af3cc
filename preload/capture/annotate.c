/* SPDX-License-Identifier: Apache-2.0 */
/*
 * annotate.c: what stands behind the annotation interface (phasetap/phasetap.h): phases that the
 * program names itself.
 *
 * The header's inline functions find phasetap_api_v1 by dlsym and call through its table, so this
 * is the only entry of the preload object that is not a wrapper. Any thread; each has its own stack
 * of open phases. Wrong use is recorded as MISUSE and never fatal. Keeps errno.
 */
#include "phasetap/phasetap.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/clock.h"
#include "base/export.h"
#include "base/options.h"
#include "bson/bson_writer.h"
#include "capture/annotate_figures.h"
#include "host/sampler.h"
#include "host/writer.h"
#include "host/thread_life.h"
#include "log/name_ids.h"
#include "log/name_table.h"
#include "log/recorder.h"
#include "thread/annotation_documents.h"

static int32_t begin(const char *name, const struct phasetap_field *fields, size_t count)
{
    int saved_errno = errno;
    struct pt_thread *t = pt_thread_self();
    int32_t number = 0;
    int32_t phase = t ? pt_name_of_phase(&t->pen, name) : 0;
    if (t && (phase == 0 || t->depth == PT_ANNOTATIONS_MAX)) {
        bool named = name && name[0];
        t->too_deep += named;  /* its end, when it names no phase, must not end another one */
        if (phase || !named) { /* else there is no room for the name: counted where names are */
            pt_annotation_record_misuse(t, phase, phase ? PT_MISUSE_TOO_DEEP : PT_MISUSE_BAD_NAME);
        }
    } else if (t) {
        struct pt_annotation *a = &t->open[t->depth++];
        number = ++t->annotations_begun;
        *a = (struct pt_annotation){.phase = phase, .number = number, .start_ns = pt_now_ns()};
        t->clocks++;
        pt_annotation_record_begin(t, fields, count, strnlen(name, PT_NAME_BYTES) == PT_NAME_BYTES);
        pt_record_pause(&t->pen);
    }
    errno = saved_errno;
    return number;
}

static void finish_innermost(struct pt_thread *t, int64_t now_ns,
                             const struct phasetap_field *fields, size_t count)
{
    const struct pt_annotation *a = &t->open[--t->depth];
    pt_annotation_record_finish(t, a, now_ns, fields, count);
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
        pt_annotation_record_misuse(t, t->open[place].phase, PT_MISUSE_END_OF_OUTER);
    }
    while ((int)t->depth - 1 > place) {
        finish_innermost(t, now_ns, NULL, 0);
    }
    finish_innermost(t, now_ns, fields, count);
    pt_record_pause(&t->pen);
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
            pt_annotation_record_misuse(t, phase, PT_MISUSE_END_WITHOUT_BEGIN);
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

static void start_monitoring(double interval_seconds)
{
    int saved_errno = errno;
    if (pt_thread_self()) {
        bool given = interval_seconds >= 0.01 && interval_seconds <= 3600.0;
        if (pt_sampler_resume(given ? (int64_t)(interval_seconds * 1e9) : 0)) {
            pt_writer_want_samples();
        }
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

static int32_t version(void)
{
    return PHASETAP_HEADER_VERSION;
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
        .phase_summary = pt_figures_phase_summary,
        .log_summary = pt_figures_log_summary,
        .write_report = pt_figures_write_report,
        .start_monitoring = start_monitoring,
        .stop_monitoring = stop_monitoring,
        .version = version,
        .each_phase = pt_figures_each_phase,
        .each_entry = pt_figures_each_entry,
        .reset = pt_figures_reset,
    };
    return &api;
}
