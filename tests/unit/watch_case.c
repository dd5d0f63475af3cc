/* SPDX-License-Identifier: Apache-2.0 */
#include "watch_case.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "watch/watch_take.h"

struct pt_watch_process *watched;

void watch_case_start(void)
{
    watched = pt_watch_process_new("/tmp/none.bson", "00112233445566778899aabbccddeeff");
    cr_assert(ne(ptr, watched, NULL));
    watched->process->program = strdup("masker");
    watched->process->pid = 4242;
    watched->process->start_ns = SECOND;
    watched->read = true;
    watched->clock_is_ours = true;
}

void watch_case_end(void)
{
    pt_watch_process_free(watched);
}

static void feed(struct pt_watch_counts *counts, const void *data)
{
    struct pt_record record = {.data = data};
    memcpy(&record.length_bytes, data, sizeof record.length_bytes);
    memcpy(&record.kind, (const char *)data + 7, sizeof record.kind);
    pt_names_learn(&watched->process->names, &record);
    pt_watch_take(counts, &record);
}

void take(const void *document)
{
    feed(&watched->base, document);
}

void take_bson(bson_t *document)
{
    feed(&watched->base, bson_get_data(document));
    bson_destroy(document);
}

void take_from_ring(const void *document)
{
    feed(&watched->live, document);
}

void settle(void)
{
    cr_assert(pt_watch_copy(&watched->live, &watched->base));
}

void look(int64_t at_ns)
{
    settle();
    watched->looked_at_ns = at_ns;
}

static bson_t *document_of(int kind)
{
    bson_t *document = bson_new();
    BSON_APPEND_INT32(document, "k", kind);
    return document;
}

void take_query(int thread, int64_t t_ns, int64_t d_ns, int64_t read)
{
    take(MAKE(span, .th = thread, .q = 1, .ph = PT_PHASE_QUERY, .ns = 64, .c = 1, .t = t_ns,
              .d = d_ns, .net = d_ns, .cpu = 0, .n = read));
}

void take_insert(int thread, int64_t t_ns, int64_t d_ns, int64_t written)
{
    take(MAKE(write, .th = thread, .q = 1, .ph = PT_PHASE_INSERTION, .ns = 65, .ins = written));
    take(MAKE(span, .th = thread, .q = 1, .ph = PT_PHASE_INSERTION, .ns = 65, .c = 1, .t = t_ns,
              .d = d_ns, .net = d_ns, .cpu = 0, .n = written));
}

void take_name(int id, const char *class, const char *name)
{
    bson_t *document = document_of(PT_KIND_NAME);
    BSON_APPEND_INT32(document, "id", id);
    BSON_APPEND_UTF8(document, "class", class);
    if (strcmp(class, "namespace") == 0) {
        BSON_APPEND_UTF8(document, "database", "db");
        BSON_APPEND_UTF8(document, "collection", name);
    } else {
        BSON_APPEND_UTF8(document, "name", name);
    }
    take_bson(document);
}

void take_thread(int thread, int64_t tid, const char *event)
{
    bson_t *document = document_of(PT_KIND_THREAD);
    BSON_APPEND_INT32(document, "th", thread);
    BSON_APPEND_INT64(document, "tid", tid);
    BSON_APPEND_UTF8(document, "ev", event);
    take_bson(document);
}

void take_begin(int thread, int phase, int q)
{
    bson_t *document = document_of(PT_KIND_BEGIN);
    BSON_APPEND_INT32(document, "th", thread);
    BSON_APPEND_INT32(document, "ph", phase);
    BSON_APPEND_INT32(document, "q", q);
    take_bson(document);
}

void take_finish(int thread, int phase, int q)
{
    bson_t *document = document_of(PT_KIND_FINISH);
    BSON_APPEND_INT32(document, "th", thread);
    BSON_APPEND_INT32(document, "ph", phase);
    BSON_APPEND_INT32(document, "q", q);
    take_bson(document);
}
