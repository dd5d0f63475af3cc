/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The flush, killed at any of its instructions: a child process flushes, its parent steps it
 * instruction by instruction and reads log and ring after each, as a reader after a kill would. At
 * every moment each event must be there exactly once.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log/flush.h"
#include "log/recorder.h"
#include "ring_case.h"

#define EVENTS         60
#define SMALL_LIMIT    65536
#define BEFORE_THINNED 400     /* events that fill more than half of it */
#define STEPS_MOST     4000000 /* of the sanitized build with thinning: some 500,000 */
#define READ_ALWAYS    4000    /* behind that, every 7th step */
#define READ_OFTEN     40000   /* and behind that, every 97th */

static void begin(void)
{
    ring_case_begin(1 << 24);
}

static void begin_small(void)
{
    ring_case_begin(SMALL_LIMIT);
}

TestSuite(flush_killed, .init = begin, .fini = ring_case_end);

/* Full chunks, a chunk in use, and one that was flushed in part. */
static void write_events(struct pt_pen *one, struct pt_pen *two)
{
    for (int32_t i = 1; i <= EVENTS; i++) {
        ring_case_write(one, i);
        if (i == 3) {
            pt_flush(NULL);
        }
    }
    for (int32_t i = 1; i <= 5; i++) {
        ring_case_write(two, i);
    }
}

static void flush_and_leave(void)
{
    ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    raise(SIGSTOP);
    pt_flush(NULL);
    _exit(7);
}

static int thinned_events; /* written; 0: the log has room for all */

static void check(long step)
{
    struct ring_case_seen seen;
    ring_case_read(&seen);
    cr_assert(seen.good, "step %ld: log and ring are not whole", step);
    cr_assert(seen.in_order || thinned_events > 0, "step %ld: an event is missing or there twice",
              step);
    bool all = seen.total + seen.in_totals == thinned_events;
    if (thinned_events > 0) {
        cr_assert(all, "step %ld: %d events and %d in totals", step, seen.total,
                  (int)seen.in_totals);
        return;
    }
    all = seen.last[1] == EVENTS && seen.last[2] == 5;
    cr_assert(all, "step %ld: %d and %d events", step, (int)seen.last[1], (int)seen.last[2]);
}

static bool is_read(long step)
{
    return step < READ_ALWAYS || (step < READ_OFTEN ? step % 7 == 0 : step % 97 == 0);
}

/* Steps the child to its end; the number of steps. */
static long step_and_check(pid_t child)
{
    long steps = 0;
    int status = 0;
    cr_assert(eq(int, waitpid(child, &status, 0), child));
    while (WIFSTOPPED(status) && steps < STEPS_MOST) {
        cr_assert(eq(int, (int)ptrace(PTRACE_SINGLESTEP, child, NULL, NULL), 0));
        cr_assert(eq(int, waitpid(child, &status, 0), child));
        steps++;
        if (is_read(steps)) {
            check(steps);
        }
    }
    bool exited = WIFEXITED(status);
    int code = WEXITSTATUS(status);
    cr_assert(exited);
    cr_assert(eq(int, code, 7));
    return steps;
}

Test(flush_killed, every_instruction, .timeout = 280)
{
    struct pt_pen one = {.number = 1}, two = {.number = 2};
    write_events(&one, &two);
    pid_t child = fork();
    if (child == 0) {
        flush_and_leave();
    }
    long steps = step_and_check(child);
    cr_assert(gt(i64, steps, 500));
    check(steps);
}

/* A log of the smallest size with half of it used: the next flush adds most events to the totals.
 */
Test(flush_thinned, every_instruction, .init = begin_small, .fini = ring_case_end, .timeout = 280)
{
    struct pt_pen pen = {.number = 1};
    while (thinned_events < BEFORE_THINNED) {
        ring_case_write(&pen, ++thinned_events);
        if (thinned_events % 100 == 0) {
            pt_flush(NULL);
        }
    }
    for (int i = 0; i < EVENTS; i++) {
        ring_case_write(&pen, ++thinned_events);
    }
    pid_t child = fork();
    if (child == 0) {
        flush_and_leave();
    }
    long steps = step_and_check(child);
    struct ring_case_seen seen;
    ring_case_read(&seen);
    cr_assert(gt(i64, steps, 500));
    cr_assert(gt(i64, seen.in_totals, EVENTS / 2));
}
