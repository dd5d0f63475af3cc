/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off: the list of modes */
/*
 * event_loop: what recording costs, with the preload object's own code linked in and its real log.
 * (rows `event`, `report`)
 *
 *     PHASETAP_OUTPUT=FOLDER PHASETAP_SAMPLER=0 PHASETAP_LIMIT=4G event_loop MODE THREADS ROUNDS
 *
 * Each thread does ROUNDS of MODE; printed are wall and CPU nanoseconds for one of them, as means
 * of the threads:
 *
 *     event     two clock reads and one span document
 *     store     one span document
 *     warm      one span document into the same chunk over and over
 *     pace      5 us of waiting on the clock, as a host that does something of its own
 *     paced     the same, and then an event: the difference is what an event costs such a host
 *     clocks    two clock reads, nothing stored
 *     baseline  two clock reads and 32 bytes into ordinary memory
 *     chunk     taking, finishing and releasing a chunk of the ring
 *     call      a whole recorded driver call: entry, a command with a reply, return; 3 documents
 *     reply     reading a reply with a batch of 1000 documents
 *
 * `documents` is the number of log documents of all threads, `document_bytes` the size of a span.
 */
/* clang-format on */
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "base/clock.h"
#include "capture/call.h"
#include "driver/drivers.h"
#include "event_reply.h"
#include "log/chunk_pool.h"
#include "log/flush.h"
#include "measure.h"
#include "capture/monitor.h"
#include "log/recorder.h"
#include "log/status.h"

struct worker {
    pthread_t thread;
    void (*run)(struct worker *worker);
    long rounds;
    struct pt_thread *profiled;
    const struct event_reply *reply;
    int64_t wall_ns, cpu_ns, documents;
    int64_t burst_wall_ns, burst_cpu_ns; /* of bursts alone */
};

static pthread_barrier_t all_ready;

static inline __attribute__((always_inline)) void store_span(struct pt_thread *t, int64_t start_ns,
                                                             int64_t end_ns)
{
    PT_RECORD(&t->pen, span, doc) {
        doc->q = t->calls + 1;
        doc->ph = PT_PHASE_COMMAND;
        doc->ns = 0;
        doc->cl = 1;
        doc->st = PT_STATUS_OK;
        doc->c = 1;
        doc->f = 1;
        doc->t = start_ns;
        doc->d = end_ns - start_ns;
        doc->net = 0;
        doc->n = 1;
        doc->b = 100;
    }
    t->calls++;
}

/* Events are written in bursts that fit the ring, as a host writes them: at full speed without a
 * pause no disk keeps up. The waits for the writer in between are not measured. */
#define BURST_EVENTS 1000

static void wait_for_writer(void)
{
    static const struct timespec pause = {.tv_nsec = 100000};
    while (pt_chunk_pool_is_low()) {
        (void)pt_flush_wake();
        nanosleep(&pause, NULL);
    }
}

static void burst(struct worker *worker, void (*one)(struct worker *, long))
{
    for (long i = 0; i < worker->rounds; i += BURST_EVENTS) {
        wait_for_writer();
        int64_t cpu_ns = bench_thread_cpu_ns();
        int64_t start_ns = bench_now_ns();
        for (long k = i; k < i + BURST_EVENTS && k < worker->rounds; k++) {
            one(worker, k);
        }
        worker->burst_wall_ns += bench_now_ns() - start_ns;
        worker->burst_cpu_ns += bench_thread_cpu_ns() - cpu_ns;
    }
}

static void one_event(struct worker *worker, long round)
{
    (void)round;
    int64_t start_ns = pt_now_ns();
    int64_t end_ns = pt_now_ns();
    store_span(worker->profiled, start_ns, end_ns);
}

static void one_store(struct worker *worker, long round)
{
    store_span(worker->profiled, round, round + 1);
}

static void run_event(struct worker *worker)
{
    burst(worker, one_event);
}

static void run_store(struct worker *worker)
{
    burst(worker, one_store);
}

/* Stands for the host's own work between two events. */
static void wait_for_pace(void)
{
    int64_t until_ns = bench_now_ns() + 5000;
    while (bench_now_ns() < until_ns) {}
}

static void run_pace(struct worker *worker)
{
    for (long i = 0; i < worker->rounds; i++) {
        wait_for_pace();
    }
}

static void run_paced(struct worker *worker)
{
    for (long i = 0; i < worker->rounds; i++) {
        wait_for_pace();
        int64_t start_ns = pt_now_ns();
        int64_t end_ns = pt_now_ns();
        store_span(worker->profiled, start_ns, end_ns);
    }
}

static void run_warm(struct worker *worker)
{
    int64_t now_ns = bench_now_ns();
    struct pt_thread *t = worker->profiled;
    uint8_t *again = t->pen.at;
    for (long i = 0; i < worker->rounds; i++) {
        store_span(t, now_ns + i, now_ns + i + 1);
        if (t->pen.end - t->pen.at < (long)sizeof(struct pt_doc_span) + 4) {
            t->pen.at = again;
        }
    }
}

static void run_clocks(struct worker *worker)
{
    int64_t sum = 0;
    for (long i = 0; i < worker->rounds; i++) {
        int64_t start_ns = pt_now_ns();
        sum += pt_now_ns() - start_ns;
    }
    __asm__ volatile("" : : "r"(sum));
}

static void run_baseline(struct worker *worker)
{
    int64_t memory[4 * 2048];
    for (long i = 0; i < worker->rounds; i++) {
        int64_t *to = memory + 4 * (i % 2048);
        to[0] = bench_now_ns();
        to[1] = bench_now_ns();
        to[2] = i;
        to[3] = worker->rounds;
        __asm__ volatile("" : : "r"(to) : "memory");
    }
}

/* A chunk's way: taken, finished, found free again. */
static void run_chunk(struct worker *worker)
{
    for (long i = 0; i < worker->rounds; i++) {
        uint32_t chunk = pt_chunk_take(PT_SMALL_BYTES, true);
        if (chunk == PT_NO_CHUNK) {
            bench_fail("no chunk is free");
        }
        pt_chunk_finish(chunk);
        pt_chunk_release(chunk);
    }
}

static void run_call(struct worker *worker)
{
    struct pt_call call;
    struct pt_handle *client = pt_handle_add(worker, PT_HANDLE_CLIENT, PT_DRIVER_NONE);
    struct pt_command_facts facts = {.name = "find",
                                     .duration_ns = 0,
                                     .reply = worker->reply->data,
                                     .reply_bytes = worker->reply->bytes,
                                     .client = client};
    for (long i = 0; client && i < worker->rounds; i++) {
        if (i % (BURST_EVENTS / 4) == 0) {
            wait_for_writer();
        }
        if (!pt_call_enter(&call, PT_FN_mongoc_cursor_next, worker)) {
            bench_fail("the recording is off");
        }
        pt_call_command(&facts);
        pt_call_leave(&call, PT_PHASE_BY_COMMAND, true, NULL);
    }
}

static void run_reply(struct worker *worker)
{
    struct pt_reply reply;
    struct pt_errors errors = {0};
    for (long i = 0; i < worker->rounds; i++) {
        pt_reply_parse(&reply, &errors, worker->reply->data, (size_t)worker->reply->bytes);
        if (reply.batch_documents != worker->reply->documents) {
            bench_fail("the reply was not understood");
        }
    }
}

/* The recording begins on CLOCK_MONOTONIC and goes over to the time-stamp counter within its first
 * second, where it can. */
static void wait_for_clock(void)
{
    static const struct timespec second = {.tv_sec = 1};
    nanosleep(&second, NULL);
}

static void *run_worker(void *argument)
{
    struct worker *worker = argument;
    worker->profiled = pt_thread_self();
    wait_for_clock();
    pthread_barrier_wait(&all_ready);
    if (worker->profiled) {
        int64_t cpu_ns = bench_thread_cpu_ns();
        int64_t start_ns = bench_now_ns();
        worker->run(worker);
        worker->wall_ns = bench_now_ns() - start_ns;
        worker->cpu_ns = bench_thread_cpu_ns() - cpu_ns;
        if (worker->burst_cpu_ns > 0) {
            worker->wall_ns = worker->burst_wall_ns;
            worker->cpu_ns = worker->burst_cpu_ns;
        }
        worker->documents = worker->profiled->pen.events;
    }
    return NULL;
}

static void print_result(const struct worker *workers, long threads)
{
    double wall_ns = 0, cpu_ns = 0, documents = 0;
    for (long i = 0; i < threads; i++) {
        if (workers[i].profiled == NULL) {
            bench_fail("the recording is off: PHASETAP_OUTPUT must name an existing folder in "
                       "which others cannot write");
        }
        double share = 1.0 / ((double)workers[i].rounds * (double)threads);
        wall_ns += (double)workers[i].wall_ns * share;
        cpu_ns += (double)workers[i].cpu_ns * share;
        documents += (double)workers[i].documents;
    }
    if (pt_status_events_lost() > 0) {
        bench_fail("events were dropped");
    }
    printf("ns=%.3f cpu_ns=%.3f documents=%.0f document_bytes=%zu\n", wall_ns, cpu_ns, documents,
           sizeof(struct pt_doc_span));
}

/* Touches as much memory as the log will take and gives it back: in a virtual machine the first
 * touch of a page since the machine's start also makes the host provide it, which costs more than
 * everything measured here and would hit whoever comes first. */
static void warm_memory(size_t bytes)
{
    uint8_t *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (memory != MAP_FAILED) {
        munmap(memory, bytes);
    }
}

static void run_all(void (*run)(struct worker *), long threads, long rounds,
                    const struct event_reply *reply)
{
    struct worker *workers = calloc((size_t)threads, sizeof *workers);
    pthread_barrier_init(&all_ready, NULL, (unsigned)threads);
    for (long i = 0; workers && i < threads; i++) {
        workers[i] = (struct worker){.run = run, .rounds = rounds, .reply = reply};
        if (pthread_create(&workers[i].thread, NULL, run_worker, &workers[i]) != 0) {
            bench_fail("no thread can be started");
        }
    }
    for (long i = 0; workers && i < threads; i++) {
        pthread_join(workers[i].thread, NULL);
    }
    if (workers) {
        print_result(workers, threads);
    }
    free(workers);
    pthread_barrier_destroy(&all_ready);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(struct worker *);
        int reply_documents;
        size_t log_bytes; /* for each round */
    } modes[] = {
        {"event", run_event, 0, sizeof(struct pt_doc_span)},
        {"store", run_store, 0, sizeof(struct pt_doc_span)},
        {"warm", run_warm, 0, 0},
        {"pace", run_pace, 0, 0},
        {"paced", run_paced, sizeof(struct pt_doc_span), 0},
        {"clocks", run_clocks, 0, 0},
        {"baseline", run_baseline, 0, 0},
        {"chunk", run_chunk, 0, 0},
        {"call", run_call, 1,
         sizeof(struct pt_doc_span) + sizeof(struct pt_doc_command) + sizeof(struct pt_doc_gap)},
        {"reply", run_reply, 1000, 0},
    };
    long threads = bench_number(argc, argv, 2, "THREADS");
    long rounds = bench_number(argc, argv, 3, "ROUNDS");
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        if (strcmp(argv[1], modes[i].name) == 0) {
            struct event_reply reply;
            warm_memory(modes[i].log_bytes * (size_t)(threads * rounds) + PT_CHUNK_BYTES);
            event_reply_make(&reply, modes[i].reply_documents);
            run_all(modes[i].run, threads, rounds, &reply);
            event_reply_free(&reply);
            return 0;
        }
    }
    bench_fail("the mode is not one of event, store, warm, pace, paced, clocks, baseline, chunk, "
               "call, reply");
}
