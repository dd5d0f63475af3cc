/* SPDX-License-Identifier: Apache-2.0 */
#include "thread/annotation_documents.h"

#include <stdatomic.h>

#include "base/clock.h"
#include "bson/bson_writer.h"
#include "log/recorder.h"
#include "thread/annotation_entries.h"
#include "thread/annotation_metadata.h"
#include "thread/annotation_totals.h"
#include "thread/thread.h"

#define PT_METADATA_BYTES 3072u
#define PT_CUT_BYTES      16u /* an int32 element named `cut`, and a little */

/* Metadata may fill the buffer up to the place for `cut`, which says how many of its parts are
 * missing. */
static void write_metadata(struct pt_bson *b, const char *key, const struct phasetap_field *fields,
                           size_t count, int32_t cut)
{
    b->size_bytes -= PT_CUT_BYTES;
    cut += pt_annotation_metadata_write(b, key, fields, count);
    b->size_bytes += PT_CUT_BYTES;
    if (cut > 0) {
        pt_bson_int32(b, "cut", cut);
    }
}

void pt_annotation_record_misuse(struct pt_thread *t, int32_t phase, enum pt_misuse what)
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

void pt_annotation_record_begin(struct pt_thread *t, const struct phasetap_field *fields,
                                size_t count, bool name_cut)
{
    const struct pt_annotation *a = &t->open[t->depth - 1];
    uint8_t buffer[PT_METADATA_BYTES];
    struct pt_bson b;
    pt_bson_init(&b, buffer, sizeof buffer);
    pt_bson_int32(&b, "k", PT_KIND_BEGIN);
    pt_bson_int32(&b, "th", t->pen.number);
    pt_bson_int32(&b, "ph", a->phase);
    pt_bson_int32(&b, "q", a->number);
    pt_bson_int32(&b, "parent", t->depth > 1 ? t->open[t->depth - 2].number : 0);
    pt_bson_int64(&b, "t", a->start_ns);
    write_metadata(&b, "m", fields, count, name_cut);
    pt_record_bytes(&t->pen, buffer, (uint32_t)pt_bson_finish(&b));
}

/* For questions from inside the process; entries from before a reset are no longer asked for. */
static void count_entry(struct pt_thread *t, const struct pt_annotation *a, int64_t duration_ns)
{
    static atomic_bool said;
    const struct pt_annotation_entry entry = {.start_ns = a->start_ns,
                                              .duration_ns = duration_ns,
                                              .phase = a->phase,
                                              .thread = t->pen.number};
    if (a->start_ns < pt_annotation_totals_since()) {
        return;
    }
    if (pt_annotation_totals_add(a->phase, duration_ns)) {
        pt_annotation_entries_add(&entry);
    } else if (!atomic_exchange(&said, true)) {
        pt_annotation_record_misuse(t, a->phase, PT_MISUSE_NO_TOTALS);
    }
}

void pt_annotation_record_finish(struct pt_thread *t, const struct pt_annotation *a, int64_t now_ns,
                                 const struct phasetap_field *fields, size_t count)
{
    uint8_t buffer[PT_METADATA_BYTES];
    struct pt_bson b;
    pt_bson_init(&b, buffer, sizeof buffer);
    pt_bson_int32(&b, "k", PT_KIND_FINISH);
    pt_bson_int32(&b, "th", t->pen.number);
    pt_bson_int32(&b, "ph", a->phase);
    pt_bson_int32(&b, "q", a->number);
    pt_bson_int64(&b, "t", a->start_ns);
    pt_bson_int64(&b, "d", now_ns - a->start_ns);
    write_metadata(&b, "rm", fields, count, 0);
    pt_record_bytes(&t->pen, buffer, (uint32_t)pt_bson_finish(&b));
    count_entry(t, a, now_ns - a->start_ns);
}

void pt_annotation_record_reset(struct pt_thread *t, int64_t now_ns)
{
    uint8_t buffer[64];
    struct pt_bson b;
    pt_bson_init(&b, buffer, sizeof buffer);
    pt_bson_int32(&b, "k", PT_KIND_RESET);
    pt_bson_int32(&b, "th", t->pen.number);
    pt_bson_int64(&b, "t", now_ns);
    pt_record_bytes(&t->pen, buffer, (uint32_t)pt_bson_finish(&b));
}

void pt_annotation_record_left_open(struct pt_thread *t)
{
    for (unsigned i = t->depth; i > 0; i--) {
        pt_annotation_record_misuse(t, t->open[i - 1].phase, PT_MISUSE_NOT_ENDED);
    }
}
