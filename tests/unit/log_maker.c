/* SPDX-License-Identifier: Apache-2.0 */
#include "log_maker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t short_filler[8] = {8, 0, 0, 0, 0x0A, '_', 0, 0};

static void fail(const char *what)
{
    perror(what);
    exit(99);
}

void log_maker_init(struct log_maker *maker)
{
    *maker = (struct log_maker){
        .pid = 4242, .start_ns = 1000000000LL, .realtime_ns = 1736002800000000000LL};
}

void log_maker_release(struct log_maker *maker)
{
    free(maker->bytes);
    maker->bytes = NULL;
}

static void grow(struct log_maker *maker, size_t by)
{
    maker->bytes = realloc(maker->bytes, maker->length + by);
    if (maker->bytes == NULL) {
        fail("log_maker");
    }
    memset(maker->bytes + maker->length, 0, by);
    maker->length += by;
}

static void put_int32(uint8_t *to, int32_t number)
{
    memcpy(to, &number, sizeof number);
}

static void fill(struct log_maker *maker, size_t at, size_t bytes)
{
    uint8_t *to = maker->bytes + at;
    if (bytes == sizeof short_filler) {
        memcpy(to, short_filler, sizeof short_filler);
        return;
    }
    memset(to, 0, 16);
    put_int32(to, (int32_t)bytes);
    memcpy(to + 4, "\x05_", 3);
    put_int32(to + 7, (int32_t)bytes - 13);
    to[11] = 0x80;
    to[bytes - 1] = 0;
}

static void new_chunk(struct log_maker *maker, int thread)
{
    maker->threads[thread].at = maker->length;
    maker->threads[thread].end = maker->length + PT_CHUNK_BYTES;
    grow(maker, PT_CHUNK_BYTES);
    fill(maker, maker->threads[thread].at, PT_CHUNK_BYTES);
}

static void put(struct log_maker *maker, int thread, const uint8_t *bytes, size_t length)
{
    if (maker->threads[thread].end - maker->threads[thread].at < length + PT_ALIGN_BYTES) {
        new_chunk(maker, thread);
    }
    size_t at = maker->threads[thread].at;
    fill(maker, at + length, maker->threads[thread].end - at - length);
    memcpy(maker->bytes + at, bytes, length);
    maker->threads[thread].at = at + length;
}

void log_maker_put(struct log_maker *maker, int thread, const void *document)
{
    int32_t length;
    memcpy(&length, document, sizeof length);
    put(maker, thread, document, (size_t)length);
}

static void pad(bson_t *document)
{
    size_t over = document->len % PT_ALIGN_BYTES;
    if (over != 0) {
        size_t missing = PT_ALIGN_BYTES - over;
        missing += missing <= 2 ? PT_ALIGN_BYTES : 0;
        bson_append_null(document, "________", (int)missing - 2);
    }
}

void log_maker_put_bson(struct log_maker *maker, int thread, bson_t *document)
{
    pad(document);
    put(maker, thread, bson_get_data(document), document->len);
    bson_destroy(document);
}

const void *log_maker_stamp(void *document, enum log_maker_kind kind)
{
    switch (kind) {
#define STAMP_I(name) memcpy(&to->type_##name, &from.type_##name, 1 + sizeof from.key_##name);
#define STAMP_CASE(tag, FIELDS, pad_key, kind_name)                                                \
    case LOG_MAKER_KIND_##tag: {                                                                   \
        static const struct pt_doc_##tag from = PT_TEMPLATE(tag, FIELDS, pad_key);                 \
        struct pt_doc_##tag *to = document;                                                        \
        to->length = from.length;                                                                  \
        FIELDS(STAMP_I, STAMP_I)                                                                   \
        to->k = PT_KIND_##kind_name;                                                               \
        memcpy(&to->type_pad, &from.type_pad, 2 + sizeof from.key_pad);                            \
        break;                                                                                     \
    }
        PT_DOCUMENTS(STAMP_CASE)
    }
    return document;
}

static bson_t *kind_document(int kind)
{
    bson_t *document = bson_new();
    BSON_APPEND_INT32(document, "k", kind);
    return document;
}

static void append_lists(bson_t *manifest)
{
    bson_t list;
    BSON_APPEND_DOCUMENT_BEGIN(manifest, "phases", &list);
#define PHASE_ROW(id, constant, name, reported) BSON_APPEND_UTF8(&list, #id, name);
    PT_PHASES(PHASE_ROW)
    bson_append_document_end(manifest, &list);
    BSON_APPEND_DOCUMENT_BEGIN(manifest, "commands", &list);
    BSON_APPEND_UTF8(&list, "0", "other");
#define COMMAND_ROW(id, name, phase) BSON_APPEND_UTF8(&list, #id, #name);
    PT_COMMANDS(COMMAND_ROW)
    bson_append_document_end(manifest, &list);
    BSON_APPEND_DOCUMENT_BEGIN(manifest, "functions", &list);
    BSON_APPEND_UTF8(&list, "7", "mongoc_cursor_next");
    bson_append_document_end(manifest, &list);
    BSON_APPEND_DOCUMENT_BEGIN(manifest, "reasons", &list);
#define REASON_ROW(id, constant, text) BSON_APPEND_UTF8(&list, #id, text);
    PT_REASONS(REASON_ROW)
    bson_append_document_end(manifest, &list);
}

void log_maker_begin(struct log_maker *maker)
{
    bson_t *manifest = kind_document(PT_KIND_MANIFEST);
    BSON_APPEND_UTF8(manifest, "format", PT_LOG_MAGIC);
    BSON_APPEND_INT64(manifest, "version", PT_FORMAT_CHUNKS);
    BSON_APPEND_INT64(manifest, "chunk_bytes", PT_CHUNK_BYTES);
    BSON_APPEND_UTF8(manifest, "tool", "0.1.0");
    BSON_APPEND_INT64(manifest, "pid", maker->pid);
    BSON_APPEND_INT64(manifest, "ppid", 1);
    BSON_APPEND_UTF8(manifest, "program", "masker");
    BSON_APPEND_UTF8(manifest, "boot_id", "00000000-0000-0000-0000-000000000000");
    BSON_APPEND_INT64(manifest, "start_ticks", 77);
    BSON_APPEND_INT64(manifest, "start", maker->start_ns);
    BSON_APPEND_INT64(manifest, "t", maker->start_ns);
    BSON_APPEND_INT64(manifest, "realtime_ns", maker->realtime_ns);
    BSON_APPEND_INT64(manifest, "clock_ns", 25);
    BSON_APPEND_INT64(manifest, "cpu_clock_ns", 200);
    BSON_APPEND_INT64(manifest, "event_ns", 30);
    append_lists(manifest);
    log_maker_put_bson(maker, 1, manifest);
    log_maker_put(maker, 1, MAKE(status, .state = PT_STATE_RECORDING));
}

void log_maker_thread(struct log_maker *maker, int thread, int64_t tid, int64_t t_ns,
                      const char *event)
{
    bson_t *document = kind_document(PT_KIND_THREAD);
    BSON_APPEND_INT32(document, "th", thread);
    BSON_APPEND_INT32(document, "tid", (int32_t)tid);
    BSON_APPEND_INT64(document, "t", t_ns);
    BSON_APPEND_UTF8(document, "ev", event);
    log_maker_put_bson(maker, thread, document);
}

void log_maker_namespace(struct log_maker *maker, int id, const char *database,
                         const char *collection)
{
    bson_t *document = kind_document(PT_KIND_NAME);
    BSON_APPEND_INT64(document, "id", id);
    BSON_APPEND_UTF8(document, "class", "namespace");
    BSON_APPEND_UTF8(document, "database", database);
    BSON_APPEND_UTF8(document, "collection", collection);
    log_maker_put_bson(maker, 1, document);
}

void log_maker_phase(struct log_maker *maker, int id, const char *name)
{
    bson_t *document = kind_document(PT_KIND_NAME);
    BSON_APPEND_INT64(document, "id", id);
    BSON_APPEND_UTF8(document, "class", "phase");
    BSON_APPEND_UTF8(document, "name", name);
    log_maker_put_bson(maker, 1, document);
}

void log_maker_driver(struct log_maker *maker, const char *version, const char *soname)
{
    bson_t *document = kind_document(PT_KIND_DRIVER);
    BSON_APPEND_UTF8(document, "version", version);
    BSON_APPEND_UTF8(document, "soname", soname);
    log_maker_put_bson(maker, 1, document);
}

void log_maker_clock(struct log_maker *maker, int clock, int64_t deviation_ns, int64_t cost_ns)
{
    bson_t *document = kind_document(PT_KIND_CLOCK);
    BSON_APPEND_INT64(document, "t", maker->start_ns + 1);
    BSON_APPEND_INT32(document, "clk", clock);
    BSON_APPEND_INT64(document, "dev", deviation_ns);
    BSON_APPEND_INT64(document, "cost", cost_ns);
    log_maker_put_bson(maker, 1, document);
}

void log_maker_unseen(struct log_maker *maker, int why, const char *object)
{
    bson_t *document = kind_document(PT_KIND_UNSEEN);
    BSON_APPEND_INT32(document, "why", why);
    BSON_APPEND_UTF8(document, "object", object);
    log_maker_put_bson(maker, 1, document);
}

static void append_json(bson_t *document, const char *key, const char *json)
{
    bson_error_t error;
    bson_t embedded;
    if (!bson_init_from_json(&embedded, json, -1, &error)) {
        fail(error.message);
    }
    BSON_APPEND_DOCUMENT(document, key, &embedded);
    bson_destroy(&embedded);
}

void log_maker_annotate(struct log_maker *maker, int thread, int phase, int q, int parent,
                        int64_t t_ns, const char *json)
{
    bson_t *document = kind_document(PT_KIND_BEGIN);
    BSON_APPEND_INT32(document, "th", thread);
    BSON_APPEND_INT32(document, "ph", phase);
    BSON_APPEND_INT32(document, "q", q);
    BSON_APPEND_INT64(document, "parent", parent);
    BSON_APPEND_INT64(document, "t", t_ns);
    append_json(document, "m", json);
    log_maker_put_bson(maker, thread, document);
}

void log_maker_leave(struct log_maker *maker, int thread, int phase, int q, int64_t t_ns,
                     int64_t d_ns, const char *json)
{
    bson_t *document = kind_document(PT_KIND_FINISH);
    BSON_APPEND_INT32(document, "th", thread);
    BSON_APPEND_INT32(document, "ph", phase);
    BSON_APPEND_INT32(document, "q", q);
    BSON_APPEND_INT64(document, "t", t_ns);
    BSON_APPEND_INT64(document, "d", d_ns);
    append_json(document, "rm", json);
    log_maker_put_bson(maker, thread, document);
}

void log_maker_throughput(struct log_maker *maker, int64_t documents, double seconds)
{
    bson_t *document = kind_document(PT_KIND_THROUGHPUT);
    BSON_APPEND_INT32(document, "th", 1);
    BSON_APPEND_INT64(document, "t", maker->start_ns);
    BSON_APPEND_INT64(document, "n", documents);
    BSON_APPEND_DOUBLE(document, "s", seconds);
    log_maker_put_bson(maker, 1, document);
}

void log_maker_misuse(struct log_maker *maker, int phase, int what)
{
    bson_t *document = kind_document(PT_KIND_MISUSE);
    BSON_APPEND_INT32(document, "th", 1);
    BSON_APPEND_INT32(document, "ph", phase);
    BSON_APPEND_INT32(document, "w", what);
    BSON_APPEND_INT64(document, "t", maker->start_ns);
    log_maker_put_bson(maker, 1, document);
}

void log_maker_end(struct log_maker *maker, int64_t t_ns)
{
    log_maker_end_missing(maker, t_ns, 0, 0, 0);
}

void log_maker_end_missing(struct log_maker *maker, int64_t t_ns, int busy, int lost, int reason)
{
    bson_t *document = kind_document(PT_KIND_END);
    BSON_APPEND_INT32(document, "busy", busy);
    BSON_APPEND_INT32(document, "lost", lost);
    BSON_APPEND_INT32(document, "reason", reason);
    BSON_APPEND_INT64(document, "t", t_ns);
    BSON_APPEND_DATE_TIME(document, "date", maker->realtime_ns / 1000000);
    log_maker_put_bson(maker, 1, document);
}

void log_maker_run_end(struct log_maker *maker, int status, int signal)
{
    bson_t *document = kind_document(PT_KIND_RUN_END);
    BSON_APPEND_DATE_TIME(document, "date", maker->realtime_ns / 1000000);
    BSON_APPEND_INT64(document, "status", status);
    BSON_APPEND_INT64(document, "signal", signal);
    pad(document);
    size_t at = maker->length;
    grow(maker, document->len + sizeof short_filler);
    memcpy(maker->bytes + at, bson_get_data(document), document->len);
    memcpy(maker->bytes + at + document->len, short_filler, sizeof short_filler);
    bson_destroy(document);
}

void log_maker_tear(struct log_maker *maker, int thread)
{
    const struct pt_doc_gap *gap = MAKE(gap, .th = thread, .q = 1, .t = 1, .d = 1);
    size_t at = maker->threads[thread].at;
    fill(maker, at + sizeof *gap, maker->threads[thread].end - at - sizeof *gap);
    memcpy(maker->bytes + at + 4, (const uint8_t *)gap + 4, sizeof *gap - 4);
}

void log_maker_hole(struct log_maker *maker, size_t chunks)
{
    grow(maker, chunks * PT_CHUNK_BYTES);
}

void log_maker_save(const struct log_maker *maker, const char *path)
{
    FILE *file = fopen(path, "we");
    if (file == NULL || fwrite(maker->bytes, 1, maker->length, file) != maker->length ||
        fclose(file) != 0) {
        fail(path);
    }
}
