/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lttng_loop: what one tracepoint of LTTng costs, four fields, on one thread or more. (row `event`)
 *     lttng_loop THREADS ROUNDS
 * Records only while a session with the event `phasetap_bench:span` is running; tools/bench/run
 * makes one. Prints wall and CPU nanoseconds.
 */
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "lttng_points.h"

#include <pthread.h>

#include "measure.h"

struct worker {
    pthread_t thread;
    long rounds;
    int64_t wall_ns, cpu_ns;
};

static pthread_barrier_t all_ready;

static void *run_worker(void *argument)
{
    struct worker *worker = argument;
    pthread_barrier_wait(&all_ready);
    int64_t cpu_ns = bench_thread_cpu_ns();
    int64_t start_ns = bench_now_ns();
    for (long i = 0; i < worker->rounds; i++) {
        lttng_ust_tracepoint(phasetap_bench, span, i, 100, 1, 1);
    }
    worker->wall_ns = bench_now_ns() - start_ns;
    worker->cpu_ns = bench_thread_cpu_ns() - cpu_ns;
    return NULL;
}

int main(int argc, char **argv)
{
    long threads = bench_number(argc, argv, 1, "THREADS");
    long rounds = bench_number(argc, argv, 2, "ROUNDS");
    struct worker *workers = calloc((size_t)threads, sizeof *workers);
    double wall_ns = 0, cpu_ns = 0;
    pthread_barrier_init(&all_ready, NULL, (unsigned)threads);
    for (long i = 0; workers && i < threads; i++) {
        workers[i].rounds = rounds;
        if (pthread_create(&workers[i].thread, NULL, run_worker, &workers[i]) != 0) {
            bench_fail("no thread can be started");
        }
    }
    for (long i = 0; workers && i < threads; i++) {
        pthread_join(workers[i].thread, NULL);
        wall_ns += (double)workers[i].wall_ns / (double)(rounds * threads);
        cpu_ns += (double)workers[i].cpu_ns / (double)(rounds * threads);
    }
    printf("ns=%.3f cpu_ns=%.3f\n", wall_ns, cpu_ns);
    free(workers);
    return 0;
}
