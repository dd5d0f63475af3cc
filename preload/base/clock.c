/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock.c: calibrates the time-stamp counter and keeps its line beside CLOCK_MONOTONIC.
 *
 * A tick takes a pair: one counter read between two reads of CLOCK_MONOTONIC. The first pair starts
 * the calibration; when the rates of two intervals agree, the line is begun at the upper bound of
 * its pair, so that no thread has read more from CLOCK_MONOTONIC. Later ticks give the line the
 * rate of the last interval, plus what closes the deviation within the next.
 */
#include "base/clock.h"

#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#if defined __x86_64__
#include <cpuid.h>
#include <x86intrin.h>
#endif

#include "base/proc_file.h"

#define SOURCE_FILE     "/sys/devices/system/clocksource/clocksource0/current_clocksource"
#define INVARIANT_LEAF  0x80000007u
#define INVARIANT_BIT   (1u << 8) /* of EDX */
#define PAIR_TRIES      5
#define PAIR_NARROW_NS  64
#define PAIR_WIDEST_NS  250      /* wider: the thread was interrupted, the pair says too little */
#define SHORTEST_NS     40000000 /* between two pairs: a shorter interval gives a poor rate */
#define CLOSING_NS      200000000
#define DEVIATION_NS    20000 /* and a thousandth of the interval */
#define DEVIATION_SHARE 1000
#define STEP_BACK_NS    4    /* two reads of a thread are further apart */
#define FLOOR_SLACK_NS  1000 /* reads between the pair and giving up, with it the line's error */
#define END_SLACK_NS    2000 /* error of a line that has expired a moment ago */
#define READ_TRIES      4
#define SCALE           ((double)(1ull << PT_CLOCK_SCALE_BITS))

struct pair {
    uint64_t counter;
    int64_t low_ns, high_ns; /* CLOCK_MONOTONIC before and after */
};

struct pt_clock pt_clock;

static _Atomic(int) state;        /* enum pt_clock_state */
static _Atomic(int64_t) worst_ns; /* largest deviation */
static _Atomic(int64_t) floor_ns; /* what the counter said when it was given up */
static bool asked;                /* whether the counter can be used */
static unsigned last_number;      /* of the line; never 0 again once there was one */
static struct pair last;          /* counter 0: none */
static double last_rate;          /* of the last interval, ns for each count; 0: none */
static double line_rate;          /* of the line */

/* ---- sources ---- */

static int clock_by_system_call(clockid_t clock, struct timespec *ret)
{
    return (int)syscall(SYS_clock_gettime, clock, ret);
}

pt_clock_function *pt_clock_function_now = clock_by_system_call;

void pt_clock_read_by(pt_clock_function *function)
{
    if (function != NULL) {
        pt_clock_function_now = function;
    }
}

static uint64_t ordered_counter(void)
{
#if defined __x86_64__
    _mm_lfence();
    uint64_t counter = __rdtsc();
    _mm_lfence();
    return counter;
#else
    return 0;
#endif
}

static int64_t monotonic_ns(void)
{
    return pt_clock_read_ns(CLOCK_MONOTONIC);
}

static bool has_counter(void)
{
#if defined __x86_64__
    unsigned a = 0, b = 0, c = 0, d = 0;
    int allowed = PR_TSC_ENABLE; /* another value: reading it raises SIGSEGV */
    return __get_cpuid(INVARIANT_LEAF, &a, &b, &c, &d) != 0 && (d & INVARIANT_BIT) != 0 &&
           prctl(PR_GET_TSC, &allowed) == 0 && allowed == PR_TSC_ENABLE;
#else
    return false;
#endif
}

/* The kernel drops the counter as its clock source as soon as it finds the processors apart. */
static enum pt_clock_state usable(void)
{
    char source[32];
    if (!has_counter()) {
        return PT_CLOCK_NO_COUNTER;
    }
    pt_proc_read(SOURCE_FILE, source, sizeof source);
    return strcmp(source, "tsc\n") == 0 ? PT_CLOCK_WAITING : PT_CLOCK_SOURCE;
}

static const struct pt_clock_sources real = {ordered_counter, monotonic_ns, usable};
static const struct pt_clock_sources *sources = &real;

void pt_clock_set_sources(const struct pt_clock_sources *other)
{
    sources = other ? other : &real;
}

/* ---- the line ---- */

static int64_t line_ns(uint64_t counter)
{
    const struct pt_clock_line *line = &pt_clock.lines[last_number & 1];
    uint64_t counts = counter - atomic_load_explicit(&line->anchor, memory_order_relaxed);
    uint64_t rate = atomic_load_explicit(&line->rate, memory_order_relaxed);
    return atomic_load_explicit(&line->base_ns, memory_order_relaxed) +
           (int64_t)((pt_clock_wide)counts * rate >> PT_CLOCK_SCALE_BITS);
}

static uint64_t line_age(uint64_t counter)
{
    return counter -
           atomic_load_explicit(&pt_clock.lines[last_number & 1].anchor, memory_order_relaxed);
}

/* The values of the line before last are overwritten; a reader of it finds the number changed. */
static void publish(uint64_t anchor, int64_t base_ns, double rate)
{
    unsigned number = last_number + 1 == 0 ? 2 : last_number + 1;
    struct pt_clock_line *line = &pt_clock.lines[number & 1];
    atomic_thread_fence(memory_order_release);
    atomic_store_explicit(&line->anchor, anchor, memory_order_relaxed);
    atomic_store_explicit(&line->rate, (uint64_t)(rate * SCALE + 0.5), memory_order_relaxed);
    atomic_store_explicit(&line->base_ns, base_ns, memory_order_relaxed);
    atomic_store_explicit(&pt_clock.number, number, memory_order_release);
    last_number = number;
    line_rate = rate;
}

static void give_up(enum pt_clock_state why, int64_t reached_ns)
{
    atomic_store(&floor_ns, reached_ns);
    atomic_store(&state, why);
    atomic_store_explicit(&pt_clock.number, 0, memory_order_release);
}

/* True while a thread that still reads the old line, and then the new one, reads at most
 * STEP_BACK_NS less: `change` is the difference of their rates, in ns for each count. */
static bool is_fresh(uint64_t anchor, double change)
{
    double apart_ns = (double)(sources->counter() - anchor) * (change < 0 ? -change : change);
    return apart_ns <= STEP_BACK_NS;
}

/* ---- a read that finds no valid line ---- */

/* What the last line says at its end, which no thread has read beyond; 0: there is none. */
static int64_t line_end_ns(void)
{
    unsigned number = atomic_load_explicit(&pt_clock.number, memory_order_acquire);
    const struct pt_clock_line *line = &pt_clock.lines[number & 1];
    pt_clock_wide span = (pt_clock_wide)1 << PT_CLOCK_SPAN_BITS;
    int64_t end_ns = atomic_load_explicit(&line->base_ns, memory_order_relaxed) +
                     (int64_t)(span * atomic_load_explicit(&line->rate, memory_order_relaxed) >>
                               PT_CLOCK_SCALE_BITS);
    atomic_thread_fence(memory_order_acquire);
    bool same = atomic_load_explicit(&pt_clock.number, memory_order_relaxed) == number;
    return number != 0 && same ? end_ns : 0;
}

int64_t pt_clock_slow_ns(uint64_t (*counter)(void))
{
    int64_t now_ns;
    for (int i = 0; i < READ_TRIES && atomic_load(&pt_clock.number) != 0; i++) {
        if (pt_clock_on_line(counter, &now_ns)) {
            return now_ns;
        }
    }
    now_ns = sources->monotonic_ns();
    int64_t least_ns = atomic_load(&floor_ns), end_ns = line_end_ns();
    if (end_ns - now_ns <= END_SLACK_NS && end_ns > least_ns) {
        least_ns = end_ns;
    }
    return now_ns > least_ns ? now_ns : least_ns;
}

/* ---- ticks ---- */

static bool take_pair(struct pair *pair)
{
    int64_t narrowest_ns = INT64_MAX;
    for (int i = 0; i < PAIR_TRIES && narrowest_ns > PAIR_NARROW_NS; i++) {
        int64_t low_ns = sources->monotonic_ns();
        uint64_t counter = sources->counter();
        int64_t high_ns = sources->monotonic_ns();
        if (high_ns - low_ns < narrowest_ns) {
            narrowest_ns = high_ns - low_ns;
            *pair = (struct pair){counter, low_ns, high_ns};
        }
    }
    return narrowest_ns <= PAIR_WIDEST_NS;
}

static int64_t middle_ns(const struct pair *pair)
{
    return pair->low_ns + (pair->high_ns - pair->low_ns) / 2;
}

static bool rates_agree(double one, double other)
{
    double apart = one > other ? one - other : other - one;
    return apart * DEVIATION_SHARE <= one;
}

/* A pair that waits too long for its publication is left for the next tick. */
static void begin_line(const struct pair *pair, double rate)
{
    if (!is_fresh(pair->counter, rate / 100000)) {
        return;
    }
    publish(pair->counter, pair->high_ns, rate);
    atomic_store(&state, PT_CLOCK_COUNTER);
}

static void calibrate(const struct pair *pair, double rate)
{
    bool steady = last_rate > 0 && rates_agree(rate, last_rate);
    if (last_rate > 0 && !steady) {
        give_up(PT_CLOCK_UNSTEADY, 0);
    } else if (steady) {
        begin_line(pair, rate);
    }
}

static void note_deviation(int64_t deviation_ns)
{
    int64_t size_ns = deviation_ns < 0 ? -deviation_ns : deviation_ns;
    if (size_ns > atomic_load(&worst_ns)) {
        atomic_store(&worst_ns, size_ns);
    }
}

/* The new line goes on where the old one has arrived. One that has expired is begun anew. */
static void follow(const struct pair *pair, double rate, int64_t interval_ns)
{
    int64_t reached_ns = line_ns(pair->counter);
    int64_t deviation_ns = middle_ns(pair) - reached_ns;
    int64_t limit_ns = DEVIATION_NS + interval_ns / DEVIATION_SHARE;
    bool expired = line_age(pair->counter) >> PT_CLOCK_SPAN_BITS != 0;
    note_deviation(deviation_ns);
    if (deviation_ns > limit_ns || deviation_ns < -limit_ns) {
        give_up(PT_CLOCK_STEPPED, expired ? 0 : reached_ns + FLOOR_SLACK_NS);
    } else if (expired) {
        publish(pair->counter, pair->high_ns, rate);
    } else {
        double closing_ns = (double)(interval_ns > CLOSING_NS ? interval_ns : CLOSING_NS);
        double next_rate = rate * (1 + (double)deviation_ns / closing_ns);
        if (is_fresh(pair->counter, next_rate - line_rate)) {
            publish(pair->counter, reached_ns, next_rate);
        }
    }
}

static void take_step(const struct pair *pair)
{
    int64_t interval_ns = middle_ns(pair) - middle_ns(&last);
    if (last.counter != 0 && pair->counter <= last.counter) {
        give_up(PT_CLOCK_BACKWARDS, 0);
        return;
    }
    double rate =
        last.counter == 0 ? 0 : (double)interval_ns / (double)(pair->counter - last.counter);
    if (atomic_load(&state) == PT_CLOCK_COUNTER) {
        follow(pair, rate, interval_ns);
    } else if (rate > 0) {
        calibrate(pair, rate);
    }
    last = *pair;
    last_rate = rate;
}

/* Not too short an interval, unless one of the clocks went backwards. */
static bool is_due(const struct pair *pair)
{
    int64_t interval_ns = middle_ns(pair) - middle_ns(&last);
    return last.counter == 0 || interval_ns < 0 || interval_ns >= SHORTEST_NS ||
           pair->counter <= last.counter;
}

static bool ask_whether_usable(void)
{
    if (!asked) {
        asked = true;
        atomic_store(&state, sources->usable());
    }
    return pt_clock_state() == PT_CLOCK_WAITING || pt_clock_state() == PT_CLOCK_COUNTER;
}

void pt_clock_tick(void)
{
    struct pair pair;
    bool decided = pt_clock_state() > PT_CLOCK_COUNTER;
    if (decided || !ask_whether_usable()) {
        return;
    }
    if (take_pair(&pair) && is_due(&pair)) {
        take_step(&pair);
    }
}

void pt_clock_begin(bool counter_wanted)
{
    atomic_store_explicit(&pt_clock.number, 0, memory_order_release);
    atomic_store(&floor_ns, 0);
    atomic_store(&worst_ns, 0);
    atomic_store(&state, counter_wanted ? PT_CLOCK_WAITING : PT_CLOCK_UNWANTED);
    last = (struct pair){0};
    last_rate = 0;
    asked = false;
}

enum pt_clock_state pt_clock_state(void)
{
    return (enum pt_clock_state)atomic_load_explicit(&state, memory_order_relaxed);
}

int64_t pt_clock_worst_ns(void)
{
    return atomic_load_explicit(&worst_ns, memory_order_relaxed);
}
