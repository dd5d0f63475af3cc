/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock.h: the two clocks, in nanoseconds. Any layer, any thread; cannot fail.
 *
 * pt_now_ns is CLOCK_MONOTONIC to every reader of a log. It begins as clock_gettime of the vDSO.
 * Where the processor's time-stamp counter is the kernel's own clock source, the writer thread
 * calibrates it against CLOCK_MONOTONIC in the first few ticks, without waiting for anything; from
 * then on a read is a counter read and a multiplication. Each tick compares the two clocks and
 * gives the line (anchor, base, rate) a new rate, so that frequency changes by NTP are followed.
 *
 * What a reader may rely on:
 *
 *   - The error against CLOCK_MONOTONIC is below 1 us while the kernel changes its frequency by
 *     less than 5 ppm between two ticks of at most 200 ms (measured: below 0.1 us). A larger change
 *     adds its own size times the interval, until the next tick.
 *   - A new line begins where the old one has arrived, so that no thread reads less than before
 *     unless the writer is interrupted between its last look at the counter and the store that
 *     publishes the line: then by the length of that interruption times the change of the rate,
 *     50 ns for 10 ms at 5 ppm. Whoever subtracts readings must allow for that.
 *   - A line that no tick has renewed for 2^33 counts (1.7 to 4 s) is not used: after a suspend, or
 *     in a child of a fork, which has no writer thread yet, reads are clock_gettime again.
 *   - When the two clocks move apart by more than 20 us + 0.1 %, the counter is given up for good;
 *     pt_clock_state says why. Time stands still then until CLOCK_MONOTONIC has caught up.
 *
 * A read takes no lock. Its loads lie in one cache line: the number of the line, its three values,
 * and the number again, since the writer reuses the values of the line before last.
 *
 * On arm64 pt_now_ns stays clock_gettime: its vDSO reads cntvct_el0 much as we would.
 *
 * pt_thread_cpu_ns, the CPU time of the calling thread, always needs a system call (about 0.2 us on
 * metal, 1.8 us in the virtual machine of docs/BENCHMARKS.md); it is therefore read only where
 * application time begins and ends, twice for each call that goes to the network.
 */
#ifndef PT_CLOCK_H
#define PT_CLOCK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "phasetap/clock_state.h"

#define PT_CLOCK_SPAN_BITS  33 /* counts for which a line may be used */
#define PT_CLOCK_SCALE_BITS 40 /* of `rate` behind the binary point */

__extension__ typedef unsigned __int128 pt_clock_wide;

/* now = base_ns + (counter - anchor) * rate >> PT_CLOCK_SCALE_BITS */
struct pt_clock_line {
    _Atomic(uint64_t) anchor, rate;
    _Atomic(int64_t) base_ns;
};

/* Line `number` is lines[number & 1]. 0: no line, read CLOCK_MONOTONIC. */
struct pt_clock {
    atomic_uint number;
    struct pt_clock_line lines[2];
};

extern struct pt_clock pt_clock __attribute__((visibility("hidden"), aligned(64)));

/* The kernel's clock_gettime; a system call until pt_clock_read_by gives a faster one. Not libc's,
 * which other preloaded objects replace (loader/vdso_clock.h). 0, or another number. */
typedef int pt_clock_function(clockid_t clock, struct timespec *ret);
extern pt_clock_function *pt_clock_function_now __attribute__((visibility("hidden")));

/* At load, before any other thread reads. NULL changes nothing. */
void pt_clock_read_by(pt_clock_function *function);

static inline int64_t pt_clock_read_ns(clockid_t clock)
{
    struct timespec now = {0, 0};
    (void)pt_clock_function_now(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* The unordered read: it may pass earlier loads by some ns, but not another read of this thread. */
static inline uint64_t pt_clock_counter(void)
{
#if defined __x86_64__
    return __builtin_ia32_rdtsc();
#else
    return 0;
#endif
}

/* No line, an old one, or one that is just being replaced. */
int64_t pt_clock_slow_ns(uint64_t (*counter)(void)) __attribute__((cold, noinline));

/* Whether `counter` was read on a line that is valid at that moment, and the time then. */
static inline __attribute__((always_inline)) bool pt_clock_on_line(uint64_t (*counter)(void),
                                                                   int64_t *ret_ns)
{
    unsigned number = atomic_load_explicit(&pt_clock.number, memory_order_acquire);
    const struct pt_clock_line *line = &pt_clock.lines[number & 1];
    uint64_t anchor = atomic_load_explicit(&line->anchor, memory_order_relaxed);
    uint64_t rate = atomic_load_explicit(&line->rate, memory_order_relaxed);
    int64_t base_ns = atomic_load_explicit(&line->base_ns, memory_order_relaxed);
    uint64_t counts = counter() - anchor;
    atomic_thread_fence(memory_order_acquire);
    *ret_ns = base_ns + (int64_t)((pt_clock_wide)counts * rate >> PT_CLOCK_SCALE_BITS);
    return number != 0 && counts >> PT_CLOCK_SPAN_BITS == 0 &&
           atomic_load_explicit(&pt_clock.number, memory_order_relaxed) == number;
}

static inline int64_t pt_now_ns(void)
{
#if defined __x86_64__
    int64_t now_ns;
    return __builtin_expect(pt_clock_on_line(pt_clock_counter, &now_ns), 1)
               ? now_ns
               : pt_clock_slow_ns(pt_clock_counter);
#else
    return pt_clock_read_ns(CLOCK_MONOTONIC);
#endif
}

static inline int64_t pt_thread_cpu_ns(void)
{
    return pt_clock_read_ns(CLOCK_THREAD_CPUTIME_ID);
}

/* ---- the life of the line: by the thread that starts the recording, then by the writer ---- */

/* Back to CLOCK_MONOTONIC, in a forked child too; `counter_wanted` allows ticks to change that. No
 * system call. */
void pt_clock_begin(bool counter_wanted);

/* One step of calibration, or a comparison and a new line. By one thread, every 50 to 200 ms; more
 * often does no harm. Below 1 us, the first one about 50 us (it opens a file of /sys). */
void pt_clock_tick(void);

/* Any thread. The largest deviation found by a tick, that of giving up included. */
enum pt_clock_state pt_clock_state(void);
int64_t pt_clock_worst_ns(void);

/* What a tick reads; a unit test puts simulated clocks in their place. `usable` is asked once. */
struct pt_clock_sources {
    uint64_t (*counter)(void);
    int64_t (*monotonic_ns)(void);
    enum pt_clock_state (*usable)(void); /* PT_CLOCK_WAITING: yes */
};
void pt_clock_set_sources(const struct pt_clock_sources *sources); /* NULL: the real ones */

#endif
