/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parsing of server replies: the numbers are right, and no bytes make it read past its input (each
 * input lies in a heap block of its exact size).
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "phasetap/log_format.h"
#include "bson/reply.h"

/* A document under construction. */
struct maker {
    uint8_t data[65536];
    size_t used;
    size_t open[8];
    unsigned depth;
};

static void put(struct maker *m, const void *bytes, size_t count)
{
    memcpy(m->data + m->used, bytes, count);
    m->used += count;
}

static void element(struct maker *m, uint8_t type, const char *key)
{
    put(m, &type, 1);
    put(m, key, strlen(key) + 1);
}

static void begin(struct maker *m)
{
    m->open[m->depth++] = m->used;
    m->used += 4;
}

static void end(struct maker *m)
{
    size_t start = m->open[--m->depth];
    put(m, "", 1);
    uint32_t bytes = (uint32_t)(m->used - start);
    memcpy(m->data + start, &bytes, 4);
}

static void open_in(struct maker *m, uint8_t type, const char *key)
{
    element(m, type, key);
    begin(m);
}

static void put_int32(struct maker *m, const char *key, int32_t value)
{
    element(m, 0x10, key);
    put(m, &value, sizeof value);
}

static void put_int64(struct maker *m, const char *key, int64_t value)
{
    element(m, 0x12, key);
    put(m, &value, sizeof value);
}

static void put_double(struct maker *m, const char *key, double value)
{
    element(m, 0x01, key);
    put(m, &value, sizeof value);
}

/* Parses from a heap block of exactly `bytes`. */
static void parse(struct pt_reply *reply, struct pt_errors *errors, const uint8_t *data,
                  size_t bytes)
{
    uint8_t *copy = malloc(bytes > 0 ? bytes : 1);
    cr_assert(ne(ptr, copy, NULL));
    memcpy(copy, data, bytes);
    memset(errors, 0, sizeof *errors);
    pt_reply_parse(reply, errors, copy, bytes);
    free(copy);
}

/* { cursor: { id, <name>: [ {v: 0}, ... ] }, ok: 1.0 } */
static void make_cursor(struct maker *m, const char *name, int documents)
{
    memset(m, 0, sizeof *m);
    begin(m);
    open_in(m, 0x03, "cursor");
    put_int64(m, "id", 7);
    open_in(m, 0x04, name);
    for (int i = 0; i < documents; i++) {
        char key[16];
        snprintf(key, sizeof key, "%d", i);
        open_in(m, 0x03, key);
        put_int32(m, "v", i);
        end(m);
    }
    end(m);
    end(m);
    put_double(m, "ok", 1.0);
    end(m);
}

#define DOCUMENT_BYTES (4 + 1 + 2 + 4 + 1)

/* Sizes around the powers of ten, where the keys of the batch get longer. */
Test(reply, batches_of_all_sizes)
{
    static const int sizes[] = {0, 1, 9, 10, 11, 99, 100, 101, 999, 1000, 1001, 2500};
    static struct maker m;
    struct pt_reply reply;
    struct pt_errors errors;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        make_cursor(&m, i % 2 ? "firstBatch" : "nextBatch", sizes[i]);
        parse(&reply, &errors, m.data, m.used);
        cr_assert(reply.has_batch);
        cr_assert(eq(i64, reply.batch_documents, sizes[i]));
        cr_assert(eq(i64, reply.batch_bytes, (int64_t)sizes[i] * DOCUMENT_BYTES));
    }
}

Test(reply, a_batch_with_unusual_keys_is_counted_too)
{
    static struct maker m;
    struct pt_reply reply;
    struct pt_errors errors;
    begin(&m);
    open_in(&m, 0x03, "cursor");
    open_in(&m, 0x04, "firstBatch");
    for (int i = 0; i < 3; i++) {
        open_in(&m, 0x03, i == 1 ? "a long key" : "");
        end(&m);
    }
    end(&m);
    end(&m);
    end(&m);
    parse(&reply, &errors, m.data, m.used);
    cr_assert(eq(i64, reply.batch_documents, 3));
    cr_assert(eq(i64, reply.batch_bytes, 15));
}

static void put_write_error(struct maker *m, const char *key, int32_t code)
{
    open_in(m, 0x03, key);
    put_int32(m, "index", 0);
    put_int32(m, "code", code);
    end(m);
}

Test(reply, write_errors_by_code)
{
    static struct maker m;
    struct pt_reply reply;
    struct pt_errors errors;
    begin(&m);
    put_int32(&m, "n", 5);
    open_in(&m, 0x04, "writeErrors");
    put_write_error(&m, "0", 11000);
    put_write_error(&m, "1", 121);
    put_write_error(&m, "2", 11000);
    end(&m);
    open_in(&m, 0x03, "writeConcernError");
    put_int32(&m, "code", 64);
    end(&m);
    put_double(&m, "ok", 1.0);
    end(&m);
    parse(&reply, &errors, m.data, m.used);
    cr_assert(not(reply.has_batch));
    cr_assert(eq(i64, reply.n, 5));
    cr_assert(eq(i64, reply.write_errors, 3));
    cr_assert(eq(int, (int)errors.used, 3));
    cr_assert(eq(int, errors.rows[0].code, 11000));
    cr_assert(eq(i64, errors.rows[0].count, 2));
    cr_assert(eq(int, errors.rows[0].where, PT_ERROR_WRITE));
    cr_assert(eq(int, errors.rows[1].code, 121));
    cr_assert(eq(int, errors.rows[2].code, 64));
    cr_assert(eq(int, errors.rows[2].where, PT_ERROR_WRITE_CONCERN));
}

Test(reply, find_and_modify)
{
    static struct maker m;
    struct pt_reply reply;
    struct pt_errors errors;
    uint8_t yes = 1;
    begin(&m);
    open_in(&m, 0x03, "lastErrorObject");
    put_int32(&m, "n", 1);
    element(&m, 0x08, "updatedExisting");
    put(&m, &yes, 1);
    end(&m);
    open_in(&m, 0x03, "value");
    put_int32(&m, "n", 99); /* a field of the user's document is none of the reply's */
    end(&m);
    end(&m);
    parse(&reply, &errors, m.data, m.used);
    cr_assert(eq(i64, reply.n, 1));
    cr_assert(eq(i64, reply.modified, 1));
    cr_assert(eq(i64, reply.upserted, 0));
}

Test(reply, numbers_of_every_type)
{
    static struct maker m;
    struct pt_reply reply;
    struct pt_errors errors;
    begin(&m);
    put_double(&m, "n", 3.0);
    put_int64(&m, "nModified", 4000000000);
    put_int32(&m, "nInserted", 5);
    put_double(&m, "nMatched", 1e300); /* out of range: no number */
    put_int32(&m, "nDeleted", -1);
    end(&m);
    parse(&reply, &errors, m.data, m.used);
    cr_assert(eq(i64, reply.n, 3));
    cr_assert(eq(i64, reply.modified, 4000000000));
    cr_assert(eq(i64, reply.inserted, 5));
    cr_assert(eq(i64, reply.matched, 0));
    cr_assert(eq(i64, reply.deleted, -1));
}

Test(reply, more_codes_than_rows_share_the_last_row)
{
    struct pt_errors errors = {0};
    int64_t total = 0;
    for (int code = 1; code <= 20; code++) {
        pt_errors_add(&errors, PT_ERROR_WRITE, 0, code);
    }
    pt_errors_add(&errors, PT_ERROR_WRITE, 0, 3);
    for (unsigned i = 0; i < errors.used; i++) {
        total += errors.rows[i].count;
    }
    cr_assert(eq(int, (int)errors.used, PT_ERROR_CODES_MAX));
    cr_assert(eq(i64, total, 21));
    cr_assert(eq(i64, errors.rows[2].count, 2));
    cr_assert(eq(int, errors.rows[PT_ERROR_CODES_MAX - 1].code, 0));
}

/* { cursor: { <batch>: [ {ok: 0, idx, code: 11000}, {ok: 1, idx}, ... ], id, ns }, nErrors: 3,
 * nInserted: 1 } */
static void make_results(struct maker *m, const char *batch, const char *ns)
{
    static const struct {
        bool ok;
        int32_t code;
    } results[] = {{false, 11000}, {true, 0}, {false, 121}, {false, 11000}};
    memset(m, 0, sizeof *m);
    begin(m);
    open_in(m, 0x03, "cursor");
    open_in(m, 0x04, batch);
    for (int i = 0; i < 4; i++) {
        char key[2] = {(char)('0' + i), '\0'};
        open_in(m, 0x03, key);
        put_double(m, "ok", results[i].ok);
        put_int32(m, "idx", i);
        if (!results[i].ok) {
            put_int32(m, "code", results[i].code);
        }
        end(m);
    }
    end(m);
    put_int64(m, "id", 0);
    element(m, 0x02, "ns");
    uint32_t length = (uint32_t)strlen(ns) + 1;
    put(m, &length, 4);
    put(m, ns, length);
    end(m);
    put_int32(m, "nErrors", 3);
    put_int32(m, "nInserted", 1);
    end(m);
}

/* The results of bulkWrite are errors, and no documents fetched, in each of the cursor's batches.
 */
Test(reply, results_of_a_bulk_write)
{
    static struct maker m;
    struct pt_reply reply;
    struct pt_errors errors;
    for (int i = 0; i < 2; i++) {
        make_results(&m, i ? "nextBatch" : "firstBatch", "admin.$cmd.bulkWrite");
        parse(&reply, &errors, m.data, m.used);
        cr_assert(not(reply.has_batch));
        cr_assert(eq(i64, reply.n, 4));
        cr_assert(eq(i64, reply.inserted, 1));
        cr_assert(eq(i64, reply.write_errors, 3));
        cr_assert(eq(int, (int)errors.used, 2));
        cr_assert(eq(int, errors.rows[0].code, 11000));
        cr_assert(eq(i64, errors.rows[0].count, 2));
        cr_assert(eq(int, errors.rows[0].where, PT_ERROR_WRITE));
        cr_assert(eq(int, errors.rows[1].code, 121));
    }
}

/* Documents of a collection may look the same. */
Test(reply, documents_that_look_like_results)
{
    static struct maker m;
    struct pt_reply reply;
    struct pt_errors errors;
    make_results(&m, "firstBatch", "shop.results");
    parse(&reply, &errors, m.data, m.used);
    cr_assert(reply.has_batch);
    cr_assert(eq(i64, reply.batch_documents, 4));
    cr_assert(eq(int, (int)errors.used, 0));
}

Test(reply, nothing_at_all)
{
    struct pt_reply reply;
    struct pt_errors errors = {0};
    memset(&reply, 0xFF, sizeof reply);
    pt_reply_parse(&reply, &errors, NULL, 0);
    cr_assert(not(reply.has_batch));
    cr_assert(eq(i64, reply.n, 0));
    cr_assert(eq(int, (int)errors.used, 0));
}

/* Cut at every byte, the batch is counted up to where it is whole at most. */
Test(reply, cut_at_every_byte)
{
    static struct maker m;
    struct pt_reply reply;
    struct pt_errors errors;
    make_cursor(&m, "firstBatch", 30);
    for (size_t bytes = 0; bytes < m.used; bytes++) {
        parse(&reply, &errors, m.data, bytes);
        cr_assert(eq(i64, reply.batch_documents, 0)); /* its length says more than there is */
        uint32_t lie = (uint32_t)bytes;
        uint8_t *copy = malloc(bytes + 4);
        memcpy(copy, m.data, bytes);
        memcpy(copy, &lie, 4);
        parse(&reply, &errors, copy, bytes);
        cr_assert(le(i64, reply.batch_documents, 30));
        free(copy);
    }
}

/* Bytes changed at random, the same in every run: what counts is that nothing is read outside (the
 * sanitizers see it) and no count is absurd. */
Test(reply, damaged_anywhere)
{
    static struct maker m;
    static uint8_t damaged[sizeof m.data];
    struct pt_reply reply;
    struct pt_errors errors;
    uint32_t random = 1;
    make_cursor(&m, "firstBatch", 12);
    for (int round = 0; round < 50000; round++) {
        memcpy(damaged, m.data, m.used);
        for (int i = 0; i < 3; i++) {
            random = random * 1664525u + 1013904223u;
            damaged[(random >> 8) % m.used] = (uint8_t)(random >> 24);
        }
        parse(&reply, &errors, damaged, m.used);
        cr_assert(le(i64, reply.batch_documents, (int64_t)m.used));
        cr_assert(le(i64, reply.batch_bytes, (int64_t)m.used));
        cr_assert(le(int, (int)errors.used, PT_ERROR_CODES_MAX));
    }
}
