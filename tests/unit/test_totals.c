/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Totals at the size limit: the same documents are recorded without a limit and with one that holds
 * a small part of them; all totals that a report shows must be equal. The documents are those of
 * call_maker.h.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bson/bson_writer.h"
#include "call_maker.h"
#include "intake/read_log.h"
#include "log/chunk_pool.h"
#include "log/flush.h"
#include "log/log_begin.h"
#include "log/log_file.h"
#include "log/log_fold.h"
#include "log/log_reader.h"
#include "log/recorder.h"
#include "log/ring.h"
#include "log/ring_fold.h"
#include "log/status.h"
#include "model/model_finish.h"
#include "model/model_sums.h"

#define CALLS  30000
#define PENS   5
#define NO_END (1 << 29)
#define LIMIT  (1 << 20)

enum ending { STORED, KILLED, FOLDED, FOLDED_BY_ANOTHER };
enum writer { WRITING, ABSENT };

static char folder[64], path[96];

static void *make_manifest(uint32_t *bytes)
{
    static uint8_t buffer[512];
    struct pt_bson b;
    pt_bson_init(&b, buffer, sizeof buffer);
    pt_bson_int32(&b, "k", PT_KIND_MANIFEST);
    pt_bson_string(&b, "format", PT_LOG_MAGIC, 16);
    pt_bson_int32(&b, "version", PT_FORMAT_VERSION);
    pt_bson_string(&b, "ring", "01020300000000000000000000000000", 40);
    pt_bson_int32(&b, "pid", 1);
    *bytes = (uint32_t)pt_bson_finish(&b);
    return buffer;
}

static void begin(int64_t limit_bytes)
{
    static const uint8_t id[PT_RING_ID_BYTES] = {1, 2, 3};
    bool exists;
    uint32_t bytes;
    strcpy(folder, "/tmp/phasetap-test-XXXXXX");
    cr_assert(ne(ptr, mkdtemp(folder), NULL));
    snprintf(path, sizeof path, "%s/run.bson", folder);
    cr_assert(eq(int, (int)pt_log_create(path, limit_bytes, &exists), PT_REASON_NONE));
    cr_assert(eq(int, (int)pt_ring_create(PT_RING_LOG, path, id), PT_REASON_NONE));
    void *manifest = make_manifest(&bytes);
    cr_assert(eq(int, (int)pt_log_begin(manifest, bytes, pt_ring->committed_bytes), 0));
    pt_chunk_pool_reset();
    pt_status_attach(&pt_ring->status);
    call_maker_begin();
}

static void forget(void)
{
    pt_flush_forget();
    pt_status_forget();
    pt_ring_abandon();
    pt_record_forget();
    pt_log_abandon();
    cr_assert(eq(int, rmdir(folder), 0));
}

/* A writer that never comes: the ring fills, and threads sum what it has no room for. */
static void do_nothing(void)
{
}

static void record(enum writer writer)
{
    pt_flush_set_waker(writer == ABSENT ? do_nothing : NULL);
    struct pt_pen pens[PENS] = {0};
    int32_t calls[PENS] = {0};
    for (int i = 0; i < PENS; i++) {
        pens[i].number = i + 1;
    }
    for (int64_t i = 0; i < CALLS; i++) {
        int at = (int)call_maker_below(PENS);
        call_maker_write(&pens[at], ++calls[at], 1000000 + i * 1000000);
    }
    cr_assert(eq(i64, pt_status_events_lost(), 0));
    cr_assert(ne(int, (int)pt_flush(NULL), PT_FLUSH_FAILED));
}

static void read_back(struct pt_model *model)
{
    pt_model_init(model, 100000);
    cr_assert(eq(int, pt_model_read(model, path), 0));
    pt_model_finish(model);
}

static void fold(void)
{
    struct pt_log log;
    cr_assert(eq(int, pt_log_open(&log, path), 0));
    cr_assert(eq(int, pt_log_fold(&log, path), 0));
    pt_log_release(&log);
}

/* As the next process that records does it, once this one is gone. */
static void fold_as_orphan(void)
{
    static struct pt_fold_room room;
    struct pt_ring_owner self = pt_ring->owner;
    pid_t child = fork();
    if (child == 0) {
        _exit(0);
    }
    cr_assert(eq(int, waitpid(child, NULL, 0), child));
    pt_ring->owner.pid = child;
    cr_assert(eq(int, (int)pt_ring_fold(pt_ring_path(), &self, &room), PT_FOLD_DONE));
}

static void run(struct pt_model *model, int64_t limit_bytes, enum ending ending, enum writer writer)
{
    begin(limit_bytes);
    record(writer);
    if (ending == STORED) {
        cr_assert(pt_flush_totals());
        pt_ring_remove();
    } else if (ending == FOLDED) {
        fold();
    } else if (ending == FOLDED_BY_ANOTHER) {
        fold_as_orphan();
    }
    read_back(model);
    forget();
}

static void compare_phase(const struct pt_phase_stats *a, const struct pt_phase_stats *b)
{
    cr_assert_str_eq(a->name, b->name);
    cr_assert(eq(i64, a->count, b->count), "%s", a->name);
    cr_assert(eq(i64, a->failed, b->failed), "%s", a->name);
    cr_assert(eq(i64, a->sum_ns, b->sum_ns), "%s", a->name);
    cr_assert(eq(i64, a->min_ns, b->min_ns), "%s", a->name);
    cr_assert(eq(i64, a->max_ns, b->max_ns), "%s", a->name);
    cr_assert(eq(i64, a->first_start_ns, b->first_start_ns), "%s", a->name);
    cr_assert(eq(i64, a->documents_read, b->documents_read), "%s", a->name);
    cr_assert(eq(i64, a->documents_written, b->documents_written), "%s", a->name);
    cr_assert(eq(i64, a->bytes, b->bytes), "%s", a->name);
    cr_assert(eq(i64, a->commands, b->commands), "%s", a->name);
    bool known = pt_phase_knows_cpu(a) && pt_phase_knows_cpu(b); /* totals have it of masking */
    cr_assert(known || !a->masking, "%s", a->name);
    cr_assert(eq(i64, known ? a->cpu_ns : 0, known ? b->cpu_ns : 0), "%s", a->name);
    cr_assert(eq(i64, a->waiting_ns, b->waiting_ns), "%s", a->name);
    cr_assert(eq(u64, a->entries_total, b->entries_total), "%s", a->name);
    cr_assert_arr_eq(a->writes, b->writes, sizeof a->writes);
    cr_assert_arr_eq(&a->outcome, &b->outcome, sizeof a->outcome);
    cr_assert_arr_eq(a->durations.buckets, b->durations.buckets, PT_HISTOGRAM_BUCKETS * 8);
}

static void compare_work(const struct pt_model *a, const struct pt_model *b)
{
    cr_assert(eq(sz, a->works.count, b->works.count));
    for (size_t i = 0; i < a->works.count; i++) {
        const struct pt_work *one = &a->works.rows[i], *other = &b->works.rows[i];
        cr_assert(eq(str, (char *)one->name_space, (char *)other->name_space));
        cr_assert(eq(str, (char *)one->phase, (char *)other->phase));
        cr_assert(eq(i64, one->calls, other->calls));
        cr_assert(eq(i64, one->failed, other->failed));
        cr_assert(eq(i64, one->sum_ns, other->sum_ns));
        cr_assert(eq(i64, one->min_ns, other->min_ns));
        cr_assert(eq(i64, one->max_ns, other->max_ns));
        cr_assert(eq(i64, one->documents, other->documents));
        cr_assert(eq(i64, one->bytes, other->bytes));
        cr_assert_arr_eq(one->writes, other->writes, sizeof one->writes);
        cr_assert_arr_eq(&one->outcome, &other->outcome, sizeof one->outcome);
    }
}

static void compare_servers(const struct pt_model *a, const struct pt_model *b)
{
    cr_assert(eq(sz, a->servers.count, b->servers.count));
    for (size_t i = 0; i < a->servers.count; i++) {
        cr_assert(eq(i64, a->servers.rows[i].commands, b->servers.rows[i].commands));
        cr_assert(eq(i64, a->servers.rows[i].failed, b->servers.rows[i].failed));
        cr_assert(eq(i64, a->servers.rows[i].sum_ns, b->servers.rows[i].sum_ns));
        cr_assert(eq(i64, a->servers.rows[i].floor_ns, b->servers.rows[i].floor_ns));
    }
    cr_assert(eq(sz, a->retries.used, b->retries.used));
    cr_assert(gt(sz, a->retries.used, 0));
    for (size_t i = 0; i < a->retries.used; i++) {
        cr_assert(eq(i64, a->retries.rows[i].count, b->retries.rows[i].count));
        cr_assert(eq(i64, a->retries.rows[i].succeeded, b->retries.rows[i].succeeded));
    }
}

static void compare_rest(const struct pt_model *a, const struct pt_model *b)
{
    cr_assert(eq(sz, a->command_count, b->command_count));
    for (size_t i = 0; i < a->command_count; i++) {
        cr_assert(eq(i64, a->commands[i].count, b->commands[i].count));
        cr_assert(eq(i64, a->commands[i].sum_ns, b->commands[i].sum_ns));
        cr_assert(eq(i64, a->commands[i].min_ns, b->commands[i].min_ns));
        cr_assert(eq(i64, a->commands[i].bytes, b->commands[i].bytes));
    }
    cr_assert(eq(sz, a->errors.used, b->errors.used));
    for (size_t i = 0; i < a->errors.used; i++) {
        cr_assert(eq(i64, a->errors.errors[i].count, b->errors.errors[i].count));
        cr_assert(eq(i64, a->errors.errors[i].first_ns, b->errors.errors[i].first_ns));
        cr_assert(eq(i64, a->errors.errors[i].last_ns, b->errors.errors[i].last_ns));
    }
    compare_work(a, b);
    compare_servers(a, b);
    struct pt_time_use one = pt_model_time(a), other = pt_model_time(b);
    cr_assert_arr_eq(&one, &other, sizeof one);
    cr_assert(eq(i64, a->connections.established, b->connections.established));
    cr_assert(eq(i64, a->connections.failed, b->connections.failed));
    cr_assert(eq(i64, a->connections.sum_ns, b->connections.sum_ns));
    cr_assert(eq(i64, a->connections.max_ns, b->connections.max_ns));
    cr_assert(eq(i64, a->connections.calls, b->connections.calls));
}

static void compare(int64_t limit_bytes, enum ending ending, enum writer writer)
{
    struct pt_model whole, thinned;
    run(&whole, NO_END, STORED, WRITING);
    run(&thinned, limit_bytes, ending, writer);
    cr_assert(eq(i64, whole.processes[0]->left_out, 0));
    cr_assert(gt(i64, thinned.processes[0]->left_out, CALLS));
    cr_assert(eq(int, thinned.processes[0]->overflow > 0, writer == ABSENT));
    cr_assert(le(u64, thinned.processes[0]->facts.file_bytes, (uint64_t)limit_bytes));
    cr_assert(eq(sz, whole.phase_count, thinned.phase_count));
    for (size_t i = 0; i < whole.phase_count; i++) {
        compare_phase(&whole.phases[i], &thinned.phases[i]);
        cr_assert(gt(sz, thinned.phases[i].kept, 0), "%s", whole.phases[i].name);
    }
    compare_rest(&whole, &thinned);
    pt_model_release(&whole);
    pt_model_release(&thinned);
}

Test(totals, equal_after_an_ordered_end, .timeout = 60)
{
    compare(LIMIT, STORED, WRITING);
}

Test(totals, equal_after_a_kill, .timeout = 60)
{
    compare(LIMIT, KILLED, WRITING);
}

Test(totals, equal_when_the_ring_was_folded_in, .timeout = 60)
{
    compare(LIMIT, FOLDED, WRITING);
}

Test(totals, equal_when_the_next_recording_folded_the_ring, .timeout = 60)
{
    compare(LIMIT, FOLDED_BY_ANOTHER, WRITING);
}

Test(totals, equal_without_room_in_the_ring, .timeout = 60)
{
    compare(NO_END, STORED, ABSENT);
    compare(NO_END, KILLED, ABSENT);
    compare(NO_END, FOLDED, ABSENT);
    compare(NO_END, FOLDED_BY_ANOTHER, ABSENT);
}

/* Both at once: what is left out near the limit, and what found no room. */
Test(totals, equal_without_room_and_near_the_limit, .timeout = 60)
{
    compare(LIMIT, STORED, ABSENT);
    compare(LIMIT, KILLED, ABSENT);
}

#define TOGETHER 4
#define EACH     50000

static void *sum_alone(void *context)
{
    struct pt_pen *pen = context;
    for (int32_t i = 1; i <= EACH; i++) {
        PT_RECORD(pen, gap, doc) {
            doc->q = i;
            doc->t = i;
            doc->d = 100;
            doc->cpu = 30;
        }
    }
    return NULL;
}

/* Threads that sum at the same time lose nothing of each other. One that waited in vain for the
 * memory of the sums, on a busy machine, has counted its event as dropped. */
Test(totals, exact_when_threads_sum_together, .timeout = 60)
{
    struct pt_pen pens[TOGETHER] = {0};
    pthread_t threads[TOGETHER];
    struct pt_model model;
    begin(NO_END);
    pt_flush_set_waker(do_nothing);
    for (int i = 0; i < TOGETHER; i++) {
        pens[i].number = i + 1;
        cr_assert(eq(int, pthread_create(&threads[i], NULL, sum_alone, &pens[i]), 0));
    }
    for (int i = 0; i < TOGETHER; i++) {
        pthread_join(threads[i], NULL);
    }
    read_back(&model);
    cr_assert(gt(i64, model.processes[0]->overflow, EACH));
    int64_t summed = (int64_t)TOGETHER * EACH - model.processes[0]->status.dropped;
    cr_assert(eq(i64, model.processes[0]->gaps, summed));
    cr_assert(eq(i64, pt_model_time(&model).wall_ns, summed * 100));
    pt_model_release(&model);
    forget();
}
