/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spawn_loop: how long a short program lives, from its start to its end seen by the parent, with
 * each of some preload objects in turn. (row `inert`) spawn_loop ROUNDS PROGRAM OBJECT... OBJECT
 * `-` is none. Prints the median of each in microseconds, as us0=, us1=, ..., and as added1=, ...
 * the median of the differences to the first object in the same round.
 */
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

#include "measure.h"

#define OBJECTS_MAX 8

extern char **environ;

static double life_us(char *program)
{
    char *arguments[] = {program, NULL};
    pid_t pid;
    int status = 0;
    int64_t start_ns = bench_now_ns();
    if (posix_spawn(&pid, program, NULL, NULL, arguments, environ) != 0 ||
        waitpid(pid, &status, 0) != pid || status != 0) {
        bench_fail("the program could not be started, or failed");
    }
    return (double)(bench_now_ns() - start_ns) / 1000;
}

static void run_round(char **argv, int objects, long round, double *times_us, long rounds)
{
    for (int i = 0; i < objects; i++) {
        int object = (int)((i + round) % objects); /* each is first as often as the others */
        if (strcmp(argv[3 + object], "-") == 0) {
            unsetenv("LD_PRELOAD");
        } else {
            setenv("LD_PRELOAD", argv[3 + object], 1);
        }
        times_us[object * rounds + round] = life_us(argv[2]);
    }
}

static void print_results(double *times_us, int objects, long rounds)
{
    double *differences = calloc((size_t)rounds, sizeof *differences);
    double added[OBJECTS_MAX] = {0};
    for (int object = 1; differences && object < objects; object++) {
        for (long i = 0; i < rounds; i++) {
            differences[i] = times_us[object * rounds + i] - times_us[i];
        }
        added[object] = bench_median(differences, (size_t)rounds);
    }
    for (int object = 0; object < objects; object++) {
        printf("us%d=%.1f added%d=%.1f ", object,
               bench_median(times_us + object * rounds, (size_t)rounds), object, added[object]);
    }
    printf("\n");
    free(differences);
}

int main(int argc, char **argv)
{
    long rounds = bench_number(argc, argv, 1, "ROUNDS");
    int objects = argc - 3;
    if (objects < 1 || objects > OBJECTS_MAX) {
        bench_fail("usage: spawn_loop ROUNDS PROGRAM OBJECT...");
    }
    double *times_us = calloc((size_t)(objects * rounds), sizeof *times_us);
    for (long round = 0; times_us && round < rounds; round++) {
        run_round(argv, objects, round, times_us, rounds);
    }
    if (times_us) {
        print_results(times_us, objects, rounds);
    }
    free(times_us);
    return 0;
}
