/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The recorder: what pens write is in the ring at once and in the log after a flush, whole and in
 * order, also when chunks run out, the log is at its limit, truncated or gone.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/chunk_pool.h"
#include "log/flush.h"
#include "log/log_file.h"
#include "log/name_ids.h"
#include "log/recorder.h"
#include "log/ring.h"
#include "log/status.h"
#include "ring_case.h"

#define ROOM_BYTES  (32 * 1024 * 1024)
#define LIMIT_BYTES (4 * 1024 * 1024)

static void begin(void)
{
    ring_case_begin(ROOM_BYTES);
}

static void begin_limited(void)
{
    ring_case_begin(LIMIT_BYTES);
}

TestSuite(recorder, .init = begin, .fini = ring_case_end);
TestSuite(recorder_limit, .init = begin_limited, .fini = ring_case_end);

static void check(int total)
{
    struct ring_case_seen seen;
    ring_case_read(&seen);
    cr_assert(seen.good);
    cr_assert(seen.in_order);
    cr_assert(eq(int, seen.total, total));
}

Test(recorder, both_files_are_private_and_the_log_is_never_an_existing_one)
{
    bool exists = false;
    struct stat info;
    cr_assert(eq(int, stat(ring_case_log, &info), 0));
    cr_assert(eq(int, (int)(info.st_mode & 07777), 0600));
    cr_assert(eq(int, stat(pt_ring_path(), &info), 0));
    cr_assert(eq(int, (int)(info.st_mode & 07777), 0600));
    cr_assert(eq(int, (int)pt_log_create(ring_case_log, LIMIT_BYTES, &exists), PT_REASON_OPEN));
    cr_assert(exists);
}

Test(recorder, a_folder_that_others_may_write_is_refused)
{
    char path[] = "/tmp/phasetap-test-XXXXXX", file[64];
    bool exists;
    cr_assert(ne(ptr, mkdtemp(path), NULL));
    strcpy(file, path);
    strcat(file, "/run.bson");
    chmod(path, 0777);
    cr_assert(eq(int, (int)pt_log_create(file, LIMIT_BYTES, &exists), PT_REASON_DIRECTORY));
    chmod(path, 01777);
    cr_assert(eq(int, (int)pt_log_create(file, LIMIT_BYTES, &exists), PT_REASON_NONE));
    unlink(file);
    rmdir(path);
}

/* Everybody could put another folder in the place of the log's. */
Test(recorder, a_folder_below_one_that_everybody_may_write_is_refused)
{
    char above[] = "/tmp/phasetap-test-XXXXXX", folder[64], file[80];
    bool exists;
    cr_assert(ne(ptr, mkdtemp(above), NULL));
    snprintf(folder, sizeof folder, "%s/logs", above);
    snprintf(file, sizeof file, "%s/run.bson", folder);
    cr_assert(eq(int, mkdir(folder, 0700), 0));
    chmod(above, 0777);
    cr_assert(eq(int, (int)pt_log_create(file, LIMIT_BYTES, &exists), PT_REASON_PARENT));
    chmod(above, 01777);
    cr_assert(eq(int, (int)pt_log_create(file, LIMIT_BYTES, &exists), PT_REASON_NONE));
    unlink(file);
    chmod(above, 0775); /* its owner trusts the group, as that of /var/log may */
    cr_assert(eq(int, (int)pt_log_create(file, LIMIT_BYTES, &exists), PT_REASON_NONE));
    unlink(file);
    rmdir(folder);
    rmdir(above);
}

/* After each single event the files are whole; no call at the end is needed. */
Test(recorder, an_event_is_there_when_it_is_committed)
{
    struct pt_pen pen = {.number = 1};
    for (int32_t i = 1; i <= 30; i++) {
        cr_assert(ring_case_write(&pen, i));
        check(i);
    }
}

/* Killed between reserve and commit: what was written before stays, the rest is not seen. */
Test(recorder, an_event_that_was_never_finished_is_not_there)
{
    struct pt_pen pen = {.number = 1};
    ring_case_write(&pen, 1);
    uint8_t *p = pt_record_reserve(&pen, sizeof(struct pt_doc_gap));
    cr_assert(ne(ptr, p, NULL));
    memcpy(p + 4, (const uint8_t *)&pt_template_gap + 4, sizeof(struct pt_doc_gap) - 4);
    check(1);
    ((struct pt_doc_gap *)(void *)p)->k = PT_KIND_GAP;
    ((struct pt_doc_gap *)(void *)p)->th = 1;
    ((struct pt_doc_gap *)(void *)p)->q = 2;
    pt_record_commit(&pen, p, sizeof(struct pt_doc_gap));
    check(2);
}

/* An event of a signal handler inside an event: one of the two is lost, and nothing else. */
Test(recorder, an_event_inside_an_event_leaves_the_chunk_whole)
{
    struct pt_pen pen = {.number = 1};
    ring_case_write(&pen, 1);
    uint8_t *p = pt_record_reserve(&pen, sizeof(struct pt_doc_error));
    ring_case_write(&pen, 2);
    memcpy(p + 4, (const uint8_t *)&pt_template_error + 4, sizeof(struct pt_doc_error) - 4);
    pt_record_commit(&pen, p, sizeof(struct pt_doc_error));
    struct ring_case_seen seen;
    ring_case_read(&seen);
    cr_assert(seen.good);
    cr_assert(eq(int, seen.last[1], 1));
    cr_assert(ring_case_write(&pen, 2));
    check(2);
}

Test(recorder, flushed_events_are_in_the_log_once)
{
    struct pt_pen one = {.number = 1}, two = {.number = 2};
    for (int32_t i = 1; i <= 1500; i++) {
        cr_assert(ring_case_write(&one, i));
        cr_assert(ring_case_write(&two, i));
        if (i % 37 == 0) {
            cr_assert(eq(int, (int)pt_flush(NULL), PT_FLUSH_DONE));
            check(2 * i);
        }
    }
    pt_flush(NULL);
    cr_assert(eq(int, (int)pt_flush(NULL), PT_FLUSH_NOTHING));
    pt_ring_remove();
    check(3000);
    cr_assert(eq(i64, pt_status_events_lost(), 0));
}

/* Nobody flushes: the pen does it when its chunks run out. */
Test(recorder, without_a_writer_a_pen_writes_for_itself)
{
    struct pt_pen pen = {.number = 1};
    for (int32_t i = 1; i <= 20000; i++) {
        cr_assert(ring_case_write(&pen, i));
    }
    check(20000);
    cr_assert(eq(i64, pt_status_events_lost(), 0));
}

static int woken;

static void count_wake(void)
{
    woken++;
}

/* The writer does not come: what the ring has no room for is summed, or counted as lost where its
 * kind has no totals; none is out of order, and it goes on. */
Test(recorder, without_a_flush_events_are_summed_or_counted)
{
    struct pt_pen pen = {.number = 1};
    struct ring_case_seen seen;
    int32_t written = 0;
    pt_flush_set_waker(count_wake);
    while (ring_case_write(&pen, written + 1)) {
        written++;
        cr_assert(lt(i32, written, 100000));
    }
    cr_assert(gt(int, woken, 0));
    cr_assert(eq(i64, pt_status_events_lost(), 0));
    cr_assert(eq(int, (int)pt_status_reason(), PT_REASON_BEHIND));
    PT_RECORD(&pen, sample, doc) {
        doc->t = 1;
    }
    cr_assert(eq(i64, pt_status_events_lost(), 1));
    cr_assert(eq(i64, pen.events, written + 1));
    check(written);
    ring_case_read(&seen);
    cr_assert(eq(i64, seen.in_overflow, 1));
    pt_flush(NULL);
    cr_assert(ring_case_write(&pen, written + 1));
    check(written + 1);
}

/* Threads that end leave no chunk behind once it is flushed. */
Test(recorder, ended_threads_hold_no_chunk)
{
    for (int32_t i = 1; i <= 30000; i++) {
        struct pt_pen pen = {.number = 0};
        cr_assert(ring_case_write(&pen, i));
        pt_record_finish_chunk(&pen);
        cr_assert(eq(ptr, pen.at, NULL));
    }
    check(30000);
    cr_assert(eq(i64, pt_status_events_lost(), 0));
}

/* More threads than chunks: each gives its chunk up when it pauses. */
Test(recorder, a_crowd_shares_the_chunks)
{
    enum { CROWD = 5000 };
    struct pt_pen *pens = calloc(CROWD, sizeof *pens);
    cr_assert(ne(ptr, pens, NULL));
    int written = 0;
    pt_record_crowd(true);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < CROWD; i++) {
            written += ring_case_write(&pens[i], written + 1);
            pt_record_pause(&pens[i]);
        }
    }
    cr_assert(eq(int, written, 3 * CROWD));
    cr_assert(eq(i64, pt_status_events_lost(), 0));
    free(pens);
}

Test(recorder_limit, entries_are_thinned_and_the_totals_have_the_others)
{
    struct pt_pen pen = {.number = 1};
    struct ring_case_seen seen;
    int32_t id = 0;
    for (int32_t i = 1; i <= 60000; i++) {
        ring_case_write(&pen, i);
    }
    id = pt_name_of_namespace(&pen, "late", "collection");
    cr_assert(gt(i32, id, 0));
    pt_flush(NULL);
    ring_case_read(&seen);
    cr_assert(seen.good);
    cr_assert(eq(int, seen.names, 1));
    cr_assert(eq(i64, seen.total + seen.in_totals, 60000));
    cr_assert(eq(i64, pt_status_events_lost(), 0));
    cr_assert(gt(i32, seen.last[1], 50000), "the sample ends with event %d", (int)seen.last[1]);
    cr_assert(le(u64, seen.bytes, LIMIT_BYTES));
    cr_assert(gt(u64, seen.bytes, LIMIT_BYTES / 2));
}

Test(recorder, a_document_larger_than_a_chunk_is_dropped)
{
    static uint8_t large[PT_LARGE_BYTES];
    struct pt_pen pen = {.number = 1};
    pt_record_bytes(&pen, large, sizeof large);
    cr_assert(eq(i64, pen.events, 0));
    cr_assert(eq(i64, pt_status_events_lost(), 1));
    cr_assert(ring_case_write(&pen, 1));
}

Test(recorder, a_truncated_log_begins_again)
{
    struct pt_pen pen = {.number = 1};
    struct ring_case_seen seen;
    pt_name_of_namespace(&pen, "shop", "orders");
    for (int32_t i = 1; i <= 100; i++) {
        ring_case_write(&pen, i);
    }
    pt_flush(NULL);
    cr_assert(eq(int, truncate(ring_case_log, 0), 0));
    for (int32_t i = 101; i <= 150; i++) {
        ring_case_write(&pen, i);
    }
    pt_flush(NULL);
    ring_case_read(&seen);
    cr_assert(seen.good);
    cr_assert(eq(int, seen.total, 50));
    cr_assert(eq(int, seen.names, 1));
    cr_assert(eq(i64, pt_status_events_lost(), 101));
    cr_assert(eq(int, (int)pt_status_reason(), PT_REASON_CUT));
}

/* A file of somebody else has the log's name: events wait in the ring until the log is back. */
Test(recorder, a_log_that_was_replaced_takes_nothing_until_it_is_back)
{
    struct pt_pen pen = {.number = 1};
    char moved[128];
    strcpy(moved, ring_case_log);
    strcat(moved, ".moved");
    ring_case_write(&pen, 1);
    cr_assert(eq(int, rename(ring_case_log, moved), 0));
    FILE *other = fopen(ring_case_log, "w");
    cr_assert(ne(ptr, other, NULL));
    cr_assert(eq(int, fputs("not a log", other) >= 0, 1));
    fclose(other);
    cr_assert(eq(int, (int)pt_flush(NULL), PT_FLUSH_FAILED));
    ring_case_write(&pen, 2);
    cr_assert(eq(int, rename(moved, ring_case_log), 0));
    cr_assert(eq(int, (int)pt_flush(NULL), PT_FLUSH_DONE));
    check(2);
    cr_assert(eq(i64, pt_status_events_lost(), 0));
}

/* A thread with a table of descriptors of its own keeps the log while its folder has another name.
 */
Test(recorder, a_kept_log_is_written_wherever_it_is)
{
    struct pt_pen pen = {.number = 1};
    char folder[128], moved[sizeof folder + 8];
    int kept = -1;
    strcpy(folder, ring_case_log);
    *strrchr(folder, '/') = '\0';
    snprintf(moved, sizeof moved, "%s.moved", folder);
    ring_case_write(&pen, 1);
    cr_assert(eq(int, (int)pt_flush(&kept), PT_FLUSH_DONE));
    cr_assert(ge(int, kept, 0));
    cr_assert(eq(int, rename(folder, moved), 0));
    ring_case_write(&pen, 2);
    cr_assert(eq(int, (int)pt_flush(&kept), PT_FLUSH_DONE));
    cr_assert(eq(int, rename(moved, folder), 0));
    check(2);
}
