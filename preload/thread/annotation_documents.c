/* SPDX-License-Identifier: Apache-2.0 */
#include "thread/annotation_documents.h"

#include <math.h>

#include "base/clock.h"
#include "base/uri_text.h"
#include "bson/bson_writer.h"
#include "log/recorder.h"
#include "phasetap/phasetap.h"
#include "thread/annotation_totals.h"
#include "thread/thread.h"

#define PT_METADATA_BYTES      3072u
#define PT_METADATA_TEXT_BYTES 255u

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
                                size_t count)
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
    write_metadata(&b, "m", fields, count);
    pt_record_bytes(&t->pen, buffer, (uint32_t)pt_bson_finish(&b));
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
    write_metadata(&b, "rm", fields, count);
    pt_record_bytes(&t->pen, buffer, (uint32_t)pt_bson_finish(&b));
    pt_annotation_totals_add(a->phase, now_ns - a->start_ns);
}

void pt_annotation_record_left_open(struct pt_thread *t)
{
    for (unsigned i = t->depth; i > 0; i--) {
        pt_annotation_record_misuse(t, t->open[i - 1].phase, PT_MISUSE_NOT_ENDED);
    }
}
