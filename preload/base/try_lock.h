/* SPDX-License-Identifier: Apache-2.0 */
/*
 * try_lock.h: a lock that never blocks the host: a caller gives up, at once or after a bounded
 * number of yields, and must have something to do without the lock.
 *
 * A mutex is no choice in a foreign process: a fork may copy it in the locked state, a signal
 * handler may enter while its own thread holds it, and a thread that holds it may be cancelled. Any
 * thread; zero-initialised memory is an unlocked lock. Not reentrant. No system call unless it
 * yields.
 */
#ifndef PT_TRY_LOCK_H
#define PT_TRY_LOCK_H

#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

struct pt_try_lock {
    atomic_bool held;
};

/* True: the caller holds the lock. False: someone else does. */
static inline bool pt_try_lock(struct pt_try_lock *lock)
{
    return !atomic_exchange_explicit(&lock->held, true, memory_order_acquire);
}

/* Tries up to `yields` times more, yielding the CPU in between. */
static inline bool pt_try_lock_for(struct pt_try_lock *lock, int yields)
{
    while (!pt_try_lock(lock)) {
        if (yields-- == 0) {
            return false;
        }
        sched_yield();
    }
    return true;
}

/* By the holder; or in the child of a fork, where the holder may not exist. */
static inline void pt_unlock(struct pt_try_lock *lock)
{
    atomic_store_explicit(&lock->held, false, memory_order_release);
}

#endif
