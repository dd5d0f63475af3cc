/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signals URI: a program that lives by signals. It prints what it can see of its own signal state
 * (dispositions, masks), handles a timer at 1 kHz while the driver works, and waits for a signal
 * that every thread of its own has blocked: if any other thread in the process took it, the process
 * would die. The output is the same with and without a profiler.
 */
#include "driver_work.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

static atomic_int ticks;
static atomic_int foreign_ticks; /* handled on a thread that this program did not make */
static _Thread_local int own_thread;

static void on_tick(int number)
{
    (void)number;
    atomic_fetch_add(&ticks, 1);
    if (!own_thread) {
        atomic_fetch_add(&foreign_ticks, 1);
    }
}

static void print_dispositions(void)
{
    for (int number = 1; number < 65; number++) {
        struct sigaction action;
        if (sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_DFL) {
            printf("signal %d: %s\n", number, action.sa_handler == SIG_IGN ? "ignored" : "handled");
        }
    }
}

static void print_mask(const char *thread)
{
    sigset_t mask;
    pthread_sigmask(SIG_BLOCK, NULL, &mask);
    printf("%s blocks", thread);
    for (int number = 1; number < 65; number++) {
        if (sigismember(&mask, number) == 1) {
            printf(" %d", number);
        }
    }
    printf("\n");
}

/* Blocks or lets through the timer's signal on the calling thread. */
static void set_ticks(int how)
{
    sigset_t alarm_only;
    sigemptyset(&alarm_only);
    sigaddset(&alarm_only, SIGALRM);
    pthread_sigmask(how, &alarm_only, NULL);
}

static void *work(void *uri)
{
    own_thread = 1;
    set_ticks(SIG_UNBLOCK);
    const int failed = work_rounds(uri, 200);
    print_mask("worker");
    printf("worker failed %d\n", failed);
    return NULL;
}

static void work_in_thread(char *uri)
{
    pthread_t thread;
    set_ticks(SIG_BLOCK); /* a new thread does not know yet that it is an own one */
    pthread_create(&thread, NULL, work, uri);
    set_ticks(SIG_UNBLOCK);
    pthread_join(thread, NULL);
}

static void start_timer(long interval_us)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_tick;
    action.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &action, NULL);
    const struct itimerval timer = {{0, interval_us}, {0, interval_us}};
    setitimer(ITIMER_REAL, &timer, NULL);
}

static void take_blocked_signal(void)
{
    const struct timespec patience = {5, 0};
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGUSR2);
    kill(getpid(), SIGUSR2);
    usleep(50000);
    printf("taken %d\n", sigtimedwait(&wanted, NULL, &patience));
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: signals URI\n");
        return 2;
    }
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGUSR2);
    pthread_sigmask(SIG_BLOCK, &wanted, NULL);
    own_thread = 1;
    mongoc_init();
    start_timer(1000);
    work_in_thread(argv[1]);
    printf("main failed %d\n", work_rounds(argv[1], 200));
    usleep(20000);
    start_timer(0);
    take_blocked_signal();
    print_dispositions();
    print_mask("main");
    printf("ticks %s, foreign %d\n", ticks > 0 ? "seen" : "missing", foreign_ticks);
    return 0;
}
