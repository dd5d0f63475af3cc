/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The recorder and its file: chunks are tiled as docs/FORMAT.md says at every moment, also in the
 * middle of an event; limits lose events, nothing else.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/log_file.h"
#include "log/recorder.h"
#include "log/status.h"

#define LIMIT_BYTES (8 * (int64_t)PT_CHUNK_BYTES)

static char folder[64];
static char path[96];

static void make_folder(void)
{
    strcpy(folder, "/tmp/phasetap-test-XXXXXX");
    cr_assert(ne(ptr, mkdtemp(folder), NULL));
    snprintf(path, sizeof path, "%s/run.bson", folder);
}

static void remove_folder(void)
{
    unlink(path);
    rmdir(folder);
}

TestSuite(recorder, .init = make_folder, .fini = remove_folder);

static void open_log(void)
{
    bool exists = true;
    cr_assert(eq(int, (int)pt_log_file_open(path, LIMIT_BYTES, &exists), PT_REASON_NONE));
    cr_assert(not(exists));
}

static bool write_gap(struct pt_pen *pen, int32_t number)
{
    int64_t before = pen->events;
    PT_RECORD(pen, gap, doc) {
        doc->q = number;
    }
    return pen->events == before + 1;
}

/* What a reader finds in one chunk. */
struct chunk {
    int events;
    bool torn;
    bool good;
    int32_t last_q;
    bool in_order;
};

static struct chunk walk(const uint8_t *data)
{
    struct chunk seen = {.in_order = true};
    uint32_t at = 0;
    while (at < PT_CHUNK_BYTES) {
        uint32_t length, left = PT_CHUNK_BYTES - at;
        memcpy(&length, data + at, 4);
        if (length == left) {
            seen.torn = data[at + 5] != '_';
            seen.good = true;
            return seen;
        }
        if (length < 8 || length % 8 != 0 || length > left - 8 || data[at + length - 1] != 0) {
            return seen;
        }
        const struct pt_doc_gap *gap = (const void *)(data + at);
        seen.in_order = seen.in_order && gap->q == seen.last_q + 1;
        seen.last_q = gap->q;
        seen.events++;
        at += length;
    }
    return seen;
}

/* The file as another process sees it. */
static uint8_t *read_file(size_t *ret_bytes)
{
    FILE *file = fopen(path, "rb");
    cr_assert(ne(ptr, file, NULL));
    uint8_t *data = malloc((size_t)LIMIT_BYTES);
    cr_assert(ne(ptr, data, NULL));
    *ret_bytes = fread(data, 1, (size_t)LIMIT_BYTES, file);
    fclose(file);
    return data;
}

Test(recorder, the_file_is_private_and_never_an_existing_one)
{
    bool exists = false;
    struct stat info;
    open_log();
    cr_assert(eq(int, stat(path, &info), 0));
    cr_assert(eq(int, (int)(info.st_mode & 07777), 0600));
    pt_log_file_forget();
    cr_assert(eq(int, (int)pt_log_file_open(path, LIMIT_BYTES, &exists), PT_REASON_OPEN));
    cr_assert(exists);
}

Test(recorder, a_folder_that_others_may_write_is_refused)
{
    bool exists;
    chmod(folder, 0777);
    cr_assert(eq(int, (int)pt_log_file_open(path, LIMIT_BYTES, &exists), PT_REASON_DIRECTORY));
    chmod(folder, 01777);
    cr_assert(eq(int, (int)pt_log_file_open(path, LIMIT_BYTES, &exists), PT_REASON_NONE));
}

/* After each single event the chunk is whole; no call at the end is needed. */
Test(recorder, events_stand_in_order_after_every_step)
{
    struct pt_pen pen = {.number = 1};
    open_log();
    for (int32_t i = 1; i <= 200; i++) {
        cr_assert(write_gap(&pen, i));
        struct chunk seen = walk(pen.chunk_end - PT_CHUNK_BYTES);
        cr_assert(seen.good);
        cr_assert(not(seen.torn));
        cr_assert(seen.in_order);
        cr_assert(eq(int, seen.events, i));
    }
    size_t bytes;
    uint8_t *data = read_file(&bytes);
    cr_assert(eq(int, walk(data).events, 200));
    free(data);
}

/* Killed between reserve and commit: what was written before stays, the rest is told as torn. */
Test(recorder, an_event_that_was_never_finished_is_torn)
{
    struct pt_pen pen = {.number = 1};
    open_log();
    for (int32_t i = 1; i <= 3; i++) {
        write_gap(&pen, i);
    }
    uint8_t *p = pt_record_reserve(&pen, sizeof(struct pt_doc_gap));
    cr_assert(ne(ptr, p, NULL));
    struct chunk seen = walk(pen.chunk_end - PT_CHUNK_BYTES);
    cr_assert(eq(int, seen.events, 3));
    cr_assert(seen.good);
    memcpy(p + 4, (const uint8_t *)&pt_template_gap + 4, sizeof(struct pt_doc_gap) - 4);
    seen = walk(pen.chunk_end - PT_CHUNK_BYTES);
    cr_assert(eq(int, seen.events, 3));
    cr_assert(seen.torn);
    ((struct pt_doc_gap *)(void *)p)->q = 4;
    pt_record_commit(&pen, p, sizeof(struct pt_doc_gap));
    seen = walk(pen.chunk_end - PT_CHUNK_BYTES);
    cr_assert(eq(int, seen.events, 4));
    cr_assert(not(seen.torn));
}

Test(recorder, fillers_of_every_size_are_documents)
{
    uint8_t data[512];
    for (uint32_t bytes = 8; bytes <= sizeof data; bytes += 8) {
        uint32_t length;
        memset(data, 0, sizeof data);
        pt_record_filler(data, bytes);
        memcpy(&length, data, 4);
        cr_assert(eq(u32, length, bytes));
        cr_assert(eq(int, data[5], '_'));
        cr_assert(eq(int, data[bytes - 1], 0));
        if (bytes >= 16) {
            memcpy(&length, data + 7, 4);
            cr_assert(eq(int, data[4], 0x05));
            cr_assert(eq(u32, length + 13, bytes));
        }
    }
}

/* Two threads in turn: each has its chunks, and all chunks together hold all events. */
Test(recorder, a_full_chunk_is_followed_by_another)
{
    struct pt_pen one = {.number = 1}, two = {.number = 2};
    const int32_t count = 1500;
    open_log();
    for (int32_t i = 1; i <= count; i++) {
        cr_assert(write_gap(&one, i));
        cr_assert(write_gap(&two, i));
    }
    size_t bytes;
    int events = 0;
    uint32_t chunks = pt_log_file_close();
    uint8_t *data = read_file(&bytes);
    cr_assert(eq(sz, bytes, (size_t)chunks * PT_CHUNK_BYTES));
    for (uint32_t i = 0; i < chunks; i++) {
        struct chunk seen = walk(data + (size_t)i * PT_CHUNK_BYTES);
        cr_assert(seen.good);
        events += seen.events;
    }
    cr_assert(eq(int, events, 2 * count));
    free(data);
}

Test(recorder, at_the_limit_events_are_dropped_and_counted)
{
    struct pt_pen pen = {.number = 1};
    int32_t written = 0;
    open_log();
    while (write_gap(&pen, written + 1)) {
        written++;
        cr_assert(lt(i32, written, 100000));
    }
    cr_assert(eq(i64, pt_status_events_lost(), 1));
    cr_assert(eq(int, (int)pt_status_reason(), PT_REASON_LIMIT));
    cr_assert(not(write_gap(&pen, 0)));
    cr_assert(eq(i64, pt_status_events_lost(), 2));
    cr_assert(eq(i64, pen.events, written));
    const int64_t event_bytes = sizeof(struct pt_doc_gap);
    const int64_t most_waste_bytes = LIMIT_BYTES / PT_CHUNK_BYTES * (event_bytes + 8);
    cr_assert(ge(i64, written * event_bytes, LIMIT_BYTES - most_waste_bytes));
}

Test(recorder, a_document_larger_than_a_chunk_is_dropped)
{
    static uint8_t large[PT_CHUNK_BYTES];
    struct pt_pen pen = {.number = 1};
    open_log();
    pt_record_bytes(&pen, large, sizeof large);
    cr_assert(eq(i64, pen.events, 0));
    cr_assert(eq(i64, pt_status_events_lost(), 1));
    cr_assert(write_gap(&pen, 1));
}

/* A host that makes a thread for each request must not use up a chunk for each. */
Test(recorder, a_thread_goes_on_in_the_chunk_of_one_that_ended)
{
    open_log();
    for (int32_t i = 1; i <= 100; i++) {
        struct pt_pen pen = {.number = i};
        cr_assert(write_gap(&pen, i));
        pt_record_release_chunk(&pen);
        cr_assert(eq(ptr, pen.at, NULL));
    }
    cr_assert(eq(u32, pt_log_file_close(), 1));
}

Test(recorder, nothing_is_claimed_after_the_end)
{
    struct pt_pen early = {.number = 1}, late = {.number = 2};
    open_log();
    write_gap(&early, 1);
    pt_log_file_close();
    cr_assert(write_gap(&early, 2)); /* in the chunk that it has */
    cr_assert(not(write_gap(&late, 1)));
    cr_assert(eq(int, (int)pt_status_reason(), PT_REASON_CLOSED));
}

/* The process ends while a thread is stopped inside an event: its place becomes filler, the chunk
 * is whole. */
Test(recorder, settling_ends_what_is_torn)
{
    struct pt_pen pen = {.number = 1};
    open_log();
    write_gap(&pen, 1);
    uint8_t *p = pt_record_reserve(&pen, sizeof(struct pt_doc_gap));
    memcpy(p + 4, (const uint8_t *)&pt_template_gap + 4, sizeof(struct pt_doc_gap) - 4);
    cr_assert(walk(pen.chunk_end - PT_CHUNK_BYTES).torn);
    uint32_t chunks = pt_log_file_close();
    pt_record_await_claims();
    pt_record_settle(&pen);
    pt_record_fill_unclaimed(chunks);
    struct chunk seen = walk(pen.chunk_end - PT_CHUNK_BYTES);
    cr_assert(seen.good);
    cr_assert(not(seen.torn));
    cr_assert(eq(int, seen.events, 1));
}
