/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clock: agrees with CLOCK_MONOTONIC, never steps back in a thread, and gives the counter up
 * when it moves against CLOCK_MONOTONIC. Simulated clocks advance by themselves, by one read, so
 * that nothing here depends on time; tests on the real ones bracket each read.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <pthread.h>
#include <string.h>

#include "base/clock.h"

#define MS_NS    1000000LL
#define BOUND_NS 1000 /* the promise of clock.h */

/* ---- simulated clocks: true time, of which both are functions ---- */

static double true_ns;         /* advances by a read */
static double counter_rate;    /* counts for each true ns */
static double monotonic_rate;  /* ns for each true ns */
static double monotonic_extra; /* accumulated */
static uint64_t counter_offset;
static enum pt_clock_state answer;
static int asked;

static uint64_t fake_counter(void)
{
    true_ns += 5;
    return counter_offset + (uint64_t)(true_ns * counter_rate);
}

static int64_t fake_monotonic(void)
{
    true_ns += 15;
    monotonic_extra += 15 * (monotonic_rate - 1);
    return (int64_t)(true_ns + monotonic_extra);
}

static enum pt_clock_state fake_usable(void)
{
    asked++;
    return answer;
}

static void pass(double ns)
{
    true_ns += ns;
    monotonic_extra += ns * (monotonic_rate - 1);
}

static int64_t exact_ns(void)
{
    return (int64_t)(true_ns + monotonic_extra);
}

static int64_t simulated_now(void)
{
    int64_t now_ns;
    return pt_clock_on_line(fake_counter, &now_ns) ? now_ns : pt_clock_slow_ns(fake_counter);
}

static void simulate(double rate)
{
    static const struct pt_clock_sources fake = {fake_counter, fake_monotonic, fake_usable};
    true_ns = 5e9;
    monotonic_extra = 0;
    counter_rate = rate;
    monotonic_rate = 1;
    counter_offset = 1000;
    answer = PT_CLOCK_WAITING;
    asked = 0;
    pt_clock_set_sources(&fake);
    pt_clock_begin(true);
}

static void tick_after(double ns)
{
    pass(ns);
    pt_clock_tick();
}

static void simulate_running(double rate)
{
    simulate(rate);
    for (int i = 0; i < 3; i++) {
        tick_after(100.0 * MS_NS);
    }
    cr_assert(eq(int, pt_clock_state(), PT_CLOCK_COUNTER));
}

static int64_t error_ns(void)
{
    int64_t now_ns = simulated_now();
    int64_t off_ns = now_ns - exact_ns();
    return off_ns < 0 ? -off_ns : off_ns;
}

Test(clock, reads_clock_monotonic_until_two_intervals_agree)
{
    simulate(2.6);
    for (int i = 0; i < 2; i++) {
        tick_after(100.0 * MS_NS);
        cr_assert(eq(int, pt_clock_state(), PT_CLOCK_WAITING));
        cr_assert(eq(uint, pt_clock.number, 0));
        cr_assert(le(i64, error_ns(), 20));
    }
    tick_after(100.0 * MS_NS);
    cr_assert(eq(int, pt_clock_state(), PT_CLOCK_COUNTER));
    cr_assert(le(i64, error_ns(), 100));
    cr_assert(eq(int, asked, 1));
}

Test(clock, ticks_in_quick_succession_do_not_calibrate)
{
    simulate(2.6);
    for (int i = 0; i < 1000; i++) {
        tick_after(1000);
    }
    cr_assert(eq(int, pt_clock_state(), PT_CLOCK_WAITING));
}

Test(clock, works_from_one_to_five_gigahertz_and_beside_them)
{
    static const double rates[] = {0.6, 1.0, 2.1, 2.6, 3.7, 5.2};
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        simulate_running(rates[i]);
        for (int j = 0; j < 100; j++) {
            pass(150.0 * MS_NS);
            cr_assert(le(i64, error_ns(), BOUND_NS));
            pt_clock_tick();
        }
    }
}

Test(clock, follows_a_frequency_that_ntp_changes)
{
    static const double ppm[] = {0, 5, 0, -5, -1, 3, 3, -2, 0, 0.5, -4, 1};
    simulate_running(2.6);
    for (size_t i = 0; i < 20 * sizeof ppm / sizeof ppm[0]; i++) {
        double step = ppm[i % (sizeof ppm / sizeof ppm[0])];
        monotonic_rate += (1 + step * 1e-6 - monotonic_rate) / 2; /* by at most 5 ppm */
        for (int part = 0; part < 10; part++) {
            pass(20.0 * MS_NS);
            cr_assert(le(i64, error_ns(), BOUND_NS + 1000));
        }
        pt_clock_tick();
    }
    cr_assert(eq(int, pt_clock_state(), PT_CLOCK_COUNTER));
    cr_assert(le(i64, pt_clock_worst_ns(), BOUND_NS));
}

Test(clock, follows_the_fastest_slew_of_adjtime_and_comes_back_to_the_bound)
{
    simulate_running(2.6);
    monotonic_rate = 1 + 500e-6;
    for (int i = 0; i < 20; i++) {
        tick_after(150.0 * MS_NS);
    }
    cr_assert(eq(int, pt_clock_state(), PT_CLOCK_COUNTER));
    cr_assert(le(i64, error_ns(), BOUND_NS));
    cr_assert(le(i64, pt_clock_worst_ns(), 150 * MS_NS / 2000 + BOUND_NS));
}

Test(clock, never_steps_back_across_simulated_drift)
{
    int64_t before_ns = 0, read_ns;
    simulate(2.6);
    for (int i = 0; i < 3000; i++) {
        monotonic_rate = 1 + ((i * 7919) % 1001 - 500) * 0.7e-6;
        pass(i % 97 == 0 ? 5000.0 * MS_NS : 60.0 * MS_NS); /* now and then the line expires */
        for (int half = 0; half < 2; half++) {
            for (int j = 0; j < 200; j++) {
                read_ns = simulated_now();
                cr_assert(ge(i64, read_ns, before_ns));
                before_ns = read_ns;
            }
            pt_clock_tick();
        }
    }
    cr_assert(eq(int, pt_clock_state(), PT_CLOCK_COUNTER));
}

Test(clock, gives_up_for_good_when_clock_monotonic_steps)
{
    static const double steps_ns[] = {1.0 * MS_NS, -1.0 * MS_NS, 3e9, -2e9};
    for (size_t i = 0; i < sizeof steps_ns / sizeof steps_ns[0]; i++) {
        simulate_running(2.6);
        int64_t before_ns = simulated_now();
        monotonic_extra += steps_ns[i];
        tick_after(100.0 * MS_NS);
        cr_assert(eq(int, pt_clock_state(), PT_CLOCK_STEPPED));
        cr_assert(ge(i64, pt_clock_worst_ns(), MS_NS - BOUND_NS));
        cr_assert(ge(i64, simulated_now(), before_ns));
        pass(5e9);
        cr_assert(le(i64, error_ns(), 20));
        tick_after(100.0 * MS_NS);
        tick_after(100.0 * MS_NS);
        cr_assert(eq(int, pt_clock_state(), PT_CLOCK_STEPPED));
    }
}

/* CLOCK_MONOTONIC stands still while the machine sleeps, the counter goes on or starts again. */
Test(clock, reads_clock_monotonic_at_once_after_a_suspend)
{
    simulate_running(2.6);
    pass(50.0 * MS_NS);
    counter_offset += 3600ull * 2600000000ull;
    cr_assert(le(i64, error_ns(), 20 + BOUND_NS));
    tick_after(50.0 * MS_NS);
    cr_assert(eq(int, pt_clock_state(), PT_CLOCK_STEPPED));
    cr_assert(le(i64, error_ns(), 20 + BOUND_NS));
}

Test(clock, gives_up_a_counter_that_starts_again)
{
    simulate_running(2.6);
    pass(50.0 * MS_NS);
    counter_offset -= (uint64_t)(true_ns * 2.6) - 1000000;
    cr_assert(le(i64, error_ns(), 20 + BOUND_NS));
    tick_after(50.0 * MS_NS);
    cr_assert(eq(int, pt_clock_state(), PT_CLOCK_BACKWARDS));
    cr_assert(le(i64, error_ns(), 20 + BOUND_NS));
}

Test(clock, refuses_a_suspend_during_calibration)
{
    simulate(2.6);
    tick_after(100.0 * MS_NS);
    tick_after(100.0 * MS_NS);
    counter_offset += 2600000000ull;
    tick_after(100.0 * MS_NS);
    cr_assert(eq(int, pt_clock_state(), PT_CLOCK_UNSTEADY));
    cr_assert(eq(uint, pt_clock.number, 0));
}

Test(clock, does_not_use_a_line_that_nobody_renews)
{
    simulate_running(2.6);
    monotonic_rate = 1.01; /* as if another clock were read */
    pass(10e9);
    cr_assert(le(i64, error_ns(), 20));
}

Test(clock, goes_on_with_the_counter_after_a_pause_of_the_ticks)
{
    simulate_running(2.6);
    tick_after(60e9);
    cr_assert(eq(int, pt_clock_state(), PT_CLOCK_COUNTER));
    pass(100.0 * MS_NS);
    cr_assert(le(i64, error_ns(), BOUND_NS));
}

Test(clock, leaves_an_unknown_clock_source_alone)
{
    static const enum pt_clock_state reasons[] = {PT_CLOCK_SOURCE, PT_CLOCK_NO_COUNTER};
    for (size_t i = 0; i < 2; i++) {
        simulate(2.6);
        answer = reasons[i];
        for (int j = 0; j < 5; j++) {
            tick_after(100.0 * MS_NS);
        }
        cr_assert(eq(int, pt_clock_state(), reasons[i]));
        cr_assert(eq(uint, pt_clock.number, 0));
        cr_assert(eq(int, asked, 1));
    }
}

Test(clock, leaves_the_counter_alone_when_it_is_not_wanted)
{
    simulate(2.6);
    pt_clock_begin(false);
    for (int j = 0; j < 5; j++) {
        tick_after(100.0 * MS_NS);
    }
    cr_assert(eq(int, pt_clock_state(), PT_CLOCK_UNWANTED));
    cr_assert(eq(int, asked, 0));
    cr_assert(eq(uint, pt_clock.number, 0));
}

Test(clock, a_new_recording_begins_with_clock_monotonic)
{
    simulate_running(2.6);
    pt_clock_begin(true);
    cr_assert(eq(uint, pt_clock.number, 0));
    monotonic_extra += 1e9; /* a child in another time namespace */
    cr_assert(le(i64, error_ns(), 20));
    for (int i = 0; i < 3; i++) {
        tick_after(100.0 * MS_NS);
    }
    cr_assert(eq(int, pt_clock_state(), PT_CLOCK_COUNTER));
    cr_assert(le(i64, error_ns(), 100));
}

/* ---- the real clocks ---- */

static enum pt_clock_state real_usable(void)
{
    return PT_CLOCK_WAITING;
}

static uint64_t real_counter(void)
{
    return pt_clock_counter();
}

/* The counter is compared wherever this machine has it as its clock source. */
static bool real_clock_runs(void)
{
    struct timespec pause = {.tv_nsec = 45 * MS_NS};
    pt_clock_set_sources(NULL);
    pt_clock_begin(true);
    for (int i = 0; i < 50 && pt_clock_state() == PT_CLOCK_WAITING; i++) {
        pt_clock_tick();
        nanosleep(&pause, NULL);
    }
    return pt_clock_state() == PT_CLOCK_COUNTER;
}

static atomic_bool stop_ticks;

static void *tick_until_stopped(void *unused)
{
    struct timespec pause = {.tv_nsec = 50 * MS_NS};
    (void)unused;
    while (!atomic_load(&stop_ticks)) {
        pt_clock_tick();
        nanosleep(&pause, NULL);
    }
    return NULL;
}

Test(clock, agrees_with_clock_monotonic_between_ticks)
{
    pthread_t ticker;
    bool on_counter = real_clock_runs();
    cr_assert(eq(int, pthread_create(&ticker, NULL, tick_until_stopped, NULL), 0));
    for (int i = 0; i < 3000000; i++) {
        int64_t before_ns = pt_clock_read_ns(CLOCK_MONOTONIC);
        int64_t now_ns = pt_now_ns();
        int64_t after_ns = pt_clock_read_ns(CLOCK_MONOTONIC);
        cr_assert(le(i64, before_ns, now_ns + BOUND_NS));
        cr_assert(ge(i64, after_ns, now_ns - BOUND_NS));
    }
    atomic_store(&stop_ticks, true);
    pthread_join(ticker, NULL);
    cr_assert(eq(int, pt_clock_state() == PT_CLOCK_COUNTER, on_counter));
}

/* CLOCK_MONOTONIC, slewed by up to 500 ppm in either direction. */
struct slew {
    int64_t from_ns, extra_ns, ppm;
};

static struct slew slews[64];
static _Atomic(struct slew *) slewed = slews;

static int64_t slewed_monotonic(void)
{
    const struct slew *slew = atomic_load(&slewed);
    int64_t now_ns = pt_clock_read_ns(CLOCK_MONOTONIC);
    return now_ns + slew->extra_ns + (now_ns - slew->from_ns) * slew->ppm / 1000000;
}

static void slew(int64_t ppm)
{
    struct slew *now = atomic_load(&slewed);
    int64_t now_ns = pt_clock_read_ns(CLOCK_MONOTONIC);
    int64_t extra_ns = now->extra_ns + (now_ns - now->from_ns) * now->ppm / 1000000;
    now[1] = (struct slew){now_ns, extra_ns, ppm};
    atomic_store(&slewed, now + 1);
}

static void *read_until_stopped(void *back)
{
    int64_t before_ns = 0, reads = 0;
    while (!atomic_load(&stop_ticks) || reads < 1000000) {
        int64_t now_ns = pt_now_ns();
        if (now_ns < before_ns) {
            *(int64_t *)back = before_ns - now_ns;
            return NULL;
        }
        before_ns = now_ns;
        reads++;
    }
    return NULL;
}

/* Between two ticks the slewed clock and the line part by at most this. */
#define RATES_APART_PPM 1000

/* The ticking thread may be interrupted before it publishes a line; readers are then set back by
 * the change of the rate times that interruption, which is no longer than the step. */
Test(clock, steps_back_at_most_by_the_slew_since_a_tick)
{
#if defined __x86_64__
    static const struct pt_clock_sources slewing = {real_counter, slewed_monotonic, real_usable};
    static const int64_t rates_ppm[] = {0, 0, 0, 500, -500, 100, 0, -3, 2, -500, 500, 0};
    struct timespec pause = {.tv_nsec = 45 * MS_NS};
    int64_t back_ns[2] = {0, 0};
    int64_t longest_ns = 0;
    pthread_t readers[2];
    slew(0);
    pt_clock_set_sources(&slewing);
    pt_clock_begin(true);
    for (int i = 0; i < 2; i++) {
        cr_assert(eq(int, pthread_create(&readers[i], NULL, read_until_stopped, &back_ns[i]), 0));
    }
    for (size_t i = 0; i < 2 * sizeof rates_ppm / sizeof rates_ppm[0]; i++) {
        slew(rates_ppm[i % (sizeof rates_ppm / sizeof rates_ppm[0])]);
        int64_t start_ns = pt_clock_read_ns(CLOCK_MONOTONIC);
        nanosleep(&pause, NULL);
        pt_clock_tick();
        int64_t took_ns = pt_clock_read_ns(CLOCK_MONOTONIC) - start_ns;
        longest_ns = took_ns > longest_ns ? took_ns : longest_ns;
    }
    atomic_store(&stop_ticks, true);
    for (int i = 0; i < 2; i++) {
        pthread_join(readers[i], NULL);
        cr_assert(le(i64, back_ns[i], longest_ns * RATES_APART_PPM / 1000000));
    }
#endif
}
