/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reader of logs, against synthetic ones: what is intact is handed out in order, what is torn,
 * cut, damaged or missing is counted, and no bytes make it fail. Compiled with log_maker.c and
 * linked with phasetap_core (the tool's library), libbson and Criterion.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/inputs.h"
#include "log_maker.h"
#include "intake/read_log.h"
#include "log/log_reader.h"
#include "model/model_finish.h"
#include "report/report.h"

struct seen {
    int64_t documents;
    int64_t spans;
    int64_t last_q;
    bool in_order;
};

static char path[64];

static void make_path(void)
{
    snprintf(path, sizeof path, "/tmp/phasetap-test-%d.bson", (int)getpid());
}

static void remove_file(void)
{
    unlink(path);
}

TestSuite(reader, .init = make_path, .fini = remove_file);

static int count(void *context, const struct pt_record *record)
{
    struct seen *seen = context;
    seen->documents++;
    if (record->kind == PT_KIND_SPAN) {
        const struct pt_doc_span *span = PT_AS(span, record);
        seen->in_order = seen->in_order && span->q == seen->last_q + 1;
        seen->last_q = span->q;
        seen->spans++;
    }
    return 0;
}

static struct seen walk(struct pt_log_facts *ret_facts)
{
    struct pt_log log;
    struct seen seen = {.in_order = true};
    int code = pt_log_open(&log, path);
    cr_assert(eq(int, code, PT_LOG_OK), "%s", pt_log_text(code));
    cr_assert(eq(int, pt_log_walk(&log, count, &seen), 0));
    *ret_facts = log.facts;
    pt_log_release(&log);
    return seen;
}

static void put_spans(struct log_maker *maker, int thread, int spans)
{
    for (int q = 1; q <= spans; q++) {
        log_maker_put(
            maker, thread,
            MAKE(span, .th = thread, .q = q, .ph = PT_PHASE_QUERY, .t = 1000 * q, .d = 500));
    }
}

static void make_log(struct log_maker *maker, int spans)
{
    log_maker_init(maker);
    log_maker_begin(maker);
    put_spans(maker, 1, spans);
}

Test(reader, hands_out_every_document_of_several_chunks)
{
    struct log_maker maker;
    struct pt_log_facts facts;
    make_log(&maker, 5000);
    log_maker_save(&maker, path);
    struct seen seen = walk(&facts);
    cr_assert(eq(i64, seen.spans, 5000));
    cr_assert(seen.in_order);
    cr_assert(eq(i64, seen.documents, 5002));
    cr_assert(eq(u64, facts.events, 5002));
    cr_assert(gt(u64, facts.fillers, 5));
    cr_assert(eq(u64, facts.damaged_bytes, 0));
    cr_assert(eq(u64, facts.used_bytes, maker.length));
    log_maker_release(&maker);
}

Test(reader, reads_chunks_of_several_threads)
{
    struct log_maker maker;
    struct pt_log_facts facts;
    make_log(&maker, 0);
    for (int thread = 1; thread <= 4; thread++) {
        put_spans(&maker, thread, 1000);
    }
    log_maker_save(&maker, path);
    cr_assert(eq(i64, walk(&facts).spans, 4000));
    cr_assert(eq(u64, facts.damaged_bytes, 0));
    log_maker_release(&maker);
}

Test(reader, counts_a_torn_event_and_skips_it)
{
    struct log_maker maker;
    struct pt_log_facts facts;
    make_log(&maker, 10);
    log_maker_tear(&maker, 1);
    put_spans(&maker, 2, 3);
    log_maker_save(&maker, path);
    cr_assert(eq(i64, walk(&facts).spans, 13));
    cr_assert(eq(u64, facts.torn, 1));
    cr_assert(eq(u64, facts.damaged_bytes, 0));
    log_maker_release(&maker);
}

Test(reader, skips_a_hole_at_the_end)
{
    struct log_maker maker;
    struct pt_log_facts facts;
    make_log(&maker, 10);
    size_t used = maker.length;
    log_maker_save(&maker, path);
    cr_assert(eq(int, truncate(path, 1L << 34),
                 0)); /* 16 GiB of nothing: must not take the time of reading it */
    cr_assert(eq(i64, walk(&facts).spans, 10));
    cr_assert(eq(u64, facts.used_bytes, used));
    cr_assert(eq(u64, facts.damaged_bytes, 0));
    log_maker_release(&maker);
}

Test(reader, goes_on_behind_a_chunk_that_was_not_begun)
{
    struct log_maker maker;
    struct pt_log_facts facts;
    make_log(&maker, 10);
    log_maker_hole(&maker, 6);
    put_spans(&maker, 2, 7);
    log_maker_save(&maker, path);
    cr_assert(eq(i64, walk(&facts).spans, 17));
    cr_assert(eq(u64, facts.used_bytes, maker.length));
    log_maker_release(&maker);
}

Test(reader, reads_the_end_that_run_wrote_behind_the_last_chunk)
{
    struct log_maker maker;
    struct pt_log_facts facts;
    make_log(&maker, 10);
    log_maker_run_end(&maker, 3, 0);
    log_maker_save(&maker, path);
    cr_assert(eq(i64, walk(&facts).documents, 13));
    cr_assert(eq(u64, facts.torn, 0));
    cr_assert(eq(u64, facts.damaged_bytes, 0));
    log_maker_release(&maker);
}

Test(reader, counts_damage_to_the_end_of_the_chunk)
{
    struct log_maker maker;
    struct pt_log_facts facts;
    make_log(&maker, 2000);
    int32_t wrong = 12;
    memcpy(maker.bytes + 2 * PT_CHUNK_BYTES, &wrong, sizeof wrong);
    log_maker_save(&maker, path);
    struct seen seen = walk(&facts);
    cr_assert(eq(u64, facts.damaged_bytes, PT_CHUNK_BYTES));
    cr_assert(eq(u64, facts.damaged_places, 1));
    cr_assert(gt(i64, seen.spans, 1000));
    cr_assert(lt(i64, seen.spans, 2000));
    log_maker_release(&maker);
}

Test(reader, refuses_a_document_that_differs_from_its_layout)
{
    struct log_maker maker;
    struct pt_log_facts facts;
    make_log(&maker, 0);
    size_t at = maker.threads[1].at;
    put_spans(&maker, 1, 3);
    maker.bytes[at + offsetof(struct pt_doc_span, key_ph)] ^= 1;
    log_maker_save(&maker, path);
    cr_assert(eq(i64, walk(&facts).spans, 2));
    cr_assert(eq(u64, facts.damaged_bytes, sizeof(struct pt_doc_span)));
    log_maker_release(&maker);
}

Test(reader, hands_out_kinds_it_does_not_know)
{
    struct log_maker maker;
    struct pt_log_facts facts;
    make_log(&maker, 1);
    bson_t *unknown = bson_new();
    BSON_APPEND_INT32(unknown, "k", 999);
    log_maker_put_bson(&maker, 1, unknown);
    log_maker_save(&maker, path);
    cr_assert(eq(i64, walk(&facts).documents, 4));
    cr_assert(eq(u64, facts.damaged_bytes, 0));
    log_maker_release(&maker);
}

static int open_bytes(const void *bytes, size_t length)
{
    struct pt_log log;
    FILE *file = fopen(path, "we");
    cr_assert(file != NULL && fwrite(bytes, 1, length, file) == length && fclose(file) == 0);
    int code = pt_log_open(&log, path);
    if (code == PT_LOG_OK) {
        pt_log_release(&log);
    }
    return code;
}

Test(reader, refuses_what_is_no_log)
{
    struct pt_log log;
    struct log_maker maker;
    cr_assert(eq(int, pt_log_open(&log, "/nonexistent/x.bson"), PT_LOG_OPEN));
    cr_assert(eq(int, pt_log_open(&log, "/tmp"), PT_LOG_NOT_FILE));
    cr_assert(eq(int, open_bytes("", 0), PT_LOG_EMPTY));
    cr_assert(eq(int, open_bytes("hello, this is some text and no log", 35), PT_LOG_NOT_LOG));
    make_log(&maker, 1);
    char *version = memmem(maker.bytes, 200, "version", 7);
    cr_assert(version != NULL);
    version[8] = 99;
    cr_assert(eq(int, open_bytes(maker.bytes, maker.length), PT_LOG_VERSION));
    log_maker_release(&maker);
}

/* Whatever the bytes: no crash, and the whole report comes out. */
static void report_bytes(const uint8_t *bytes, size_t length)
{
    struct pt_model model;
    char *text = NULL;
    size_t size = 0;
    FILE *file = fopen(path, "we");
    cr_assert(file != NULL && fwrite(bytes, 1, length, file) == length && fclose(file) == 0);
    pt_model_init(&model, 100);
    if (pt_model_read(&model, path) == PT_LOG_OK) {
        pt_model_finish(&model);
        FILE *out = open_memstream(&text, &size);
        pt_report_json(&model, out);
        pt_report_text(&model, out);
        cr_assert(eq(int, fclose(out), 0));
        cr_assert(gt(sz, size, 1000));
        free(text);
    }
    pt_model_release(&model);
}

/* A log with a document of every kind, short enough to be cut at each byte. */
static void make_varied(struct log_maker *maker)
{
    make_log(maker, 2);
    log_maker_thread(maker, 1, 4242, 1000, "first");
    log_maker_namespace(maker, 64, "db", "patients");
    log_maker_phase(maker, 65, "Batch");
    log_maker_driver(maker, "1.23.1", "libmongoc-1.0.so.0");
    log_maker_put(maker, 1, MAKE(connection, .th = 1, .q = 3, .t = 5000, .d = 10, .x = 2));
    log_maker_put(maker, 1, MAKE(gap, .th = 1, .q = 3, .t = 6000, .d = 10, .cpu = 5, .rn = 4));
    log_maker_put(maker, 1, MAKE(command, .th = 1, .q = 3, .cmd = 1, .t = 6010, .d = 3));
    log_maker_put(maker, 1,
                  MAKE(write, .th = 1, .q = 3, .ph = PT_PHASE_INSERTION, .ins = 4, .err = 1));
    log_maker_put(maker, 1, MAKE(error, .th = 1, .q = 3, .w = 1, .code = 11000, .n = 1));
    put_spans(maker, 1, 3);
    log_maker_put(maker, 1, MAKE(sample, .th = 1, .thr = 2, .t = 7000, .ucpu = 1, .rss = 4096));
    log_maker_put(
        maker, 1,
        MAKE(system, .th = 1, .ncpu = 2, .t = 7000, .busy = 1, .all = 2, .mtot = 9, .mavl = 3));
    log_maker_annotate(maker, 1, 65, 1, 0, 8000, "{\"a\": {\"b\": [1, 2.5, \"x\", null, true]}}");
    log_maker_leave(maker, 1, 65, 1, 8000, 100, "{\"status\": \"failed\"}");
    log_maker_annotate(maker, 1, 65, 2, 1, 8200, "{}");
    log_maker_throughput(maker, 100, 2.0);
    log_maker_misuse(maker, 65, 1);
    log_maker_end(maker, 9000);
}

Test(reader, survives_a_cut_at_every_byte)
{
    struct log_maker maker;
    make_varied(&maker);
    for (size_t length = 0; length <= maker.threads[1].at + 32; length++) {
        report_bytes(maker.bytes, length);
    }
    log_maker_release(&maker);
}

Test(reader, survives_random_damage)
{
    struct log_maker maker;
    make_varied(&maker);
    log_maker_run_end(&maker, 0, 0);
    uint8_t *bytes = malloc(maker.length);
    cr_assert(bytes != NULL);
    srandom(20250104);
    for (int round = 0; round < 3000; round++) {
        memcpy(bytes, maker.bytes, maker.length);
        size_t area = round % 4 == 0 ? maker.length : maker.threads[1].at;
        for (int hit = 0; hit < 1 + round % 17; hit++) {
            bytes[(size_t)random() % area] = round % 3 == 0 ? 0xFF : (uint8_t)random();
        }
        report_bytes(bytes, maker.length);
    }
    free(bytes);
    log_maker_release(&maker);
}
