/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pool of thread states, the totals of annotated phases, and the lock that gives up.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdint.h>

#include "base/try_lock.h"
#include "log/status.h"
#include "phasetap/log_format.h"
#include "thread/thread.h"

Test(thread, states_are_numbered_and_the_profiler_is_zero)
{
    struct pt_thread *internal = pt_thread_take_internal();
    struct pt_thread *first = pt_thread_take();
    struct pt_thread *second = pt_thread_take();
    cr_assert(eq(i32, internal->pen.number, 0));
    cr_assert(eq(i32, first->pen.number, 1));
    cr_assert(eq(i32, second->pen.number, 2));
    cr_assert(ne(i32, first->tid, 0));
}

/* A number names one thread of a log; a state used again gets a new one, and nothing of the old. */
Test(thread, a_released_state_begins_anew)
{
    struct pt_thread *t = pt_thread_take();
    t->calls = 7;
    t->depth = 3;
    pt_thread_release(t);
    for (unsigned i = 0; i < PT_THREADS_MAX; i++) {
        struct pt_thread *again = pt_thread_take();
        cr_assert(ne(ptr, again, NULL));
        cr_assert(eq(i32, again->calls, 0));
        cr_assert(eq(u32, again->depth, 0));
        cr_assert(eq(i32, again->pen.number, (int32_t)i + 2));
    }
}

Test(thread, a_full_pool_is_no_thread_until_one_ends)
{
    struct pt_thread *last = NULL;
    for (unsigned i = 0; i < PT_THREADS_MAX; i++) {
        last = pt_thread_take();
    }
    cr_assert(ne(ptr, last, NULL));
    cr_assert(eq(ptr, pt_thread_take(), NULL));
    cr_assert(eq(ptr, pt_thread_take(), NULL));
    cr_assert(gt(i64, pt_status_events_lost(), 0));
    cr_assert(eq(int, (int)pt_status_reason(), PT_REASON_THREADS));
    pt_thread_release(last);
    cr_assert(eq(ptr, pt_thread_take(), last));
}

static unsigned visited;

static void count(struct pt_thread *t)
{
    visited += t->pen.number > 0;
}

Test(thread, all_states_in_use_are_visited)
{
    struct pt_thread *first = pt_thread_take();
    (void)pt_thread_take();
    pt_thread_release(first);
    (void)pt_thread_take();
    pt_thread_each(count);
    cr_assert(eq(u32, visited, 2));
}

/* Its holder may have been cancelled, or be a thread of the parent of this fork. */
Test(try_lock, a_lock_that_is_never_released_is_given_up)
{
    static struct pt_try_lock lock;
    cr_assert(pt_try_lock(&lock));
    cr_assert(not(pt_try_lock(&lock)));
    cr_assert(not(pt_try_lock_for(&lock, 100)));
    pt_unlock(&lock);
    cr_assert(pt_try_lock_for(&lock, 0));
}
