/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proc_reads: what reading a small kernel file costs. (row `sampler`)
 *     proc_reads ROUNDS FILE...
 * Prints for each file, by position, the median nanoseconds of open + read + close and of pread
 * alone; and the same for getrusage.
 */
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "measure.h"

static int read_once(int fd)
{
    char text[4096];
    return pread(fd, text, sizeof text, 0) > 0;
}

static double opened_ns(const char *path, double *times_ns, long rounds)
{
    for (long i = 0; i < rounds; i++) {
        int64_t start_ns = bench_now_ns();
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0 || !read_once(fd)) {
            return -1;
        }
        close(fd);
        times_ns[i] = (double)(bench_now_ns() - start_ns);
    }
    return bench_median(times_ns, (size_t)rounds);
}

static double kept_ns(const char *path, double *times_ns, long rounds)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    for (long i = 0; fd >= 0 && i < rounds; i++) {
        int64_t start_ns = bench_now_ns();
        read_once(fd);
        times_ns[i] = (double)(bench_now_ns() - start_ns);
    }
    if (fd < 0) {
        return -1;
    }
    close(fd);
    return bench_median(times_ns, (size_t)rounds);
}

static double getrusage_ns(double *times_ns, long rounds)
{
    struct rusage usage;
    for (long i = 0; i < rounds; i++) {
        int64_t start_ns = bench_now_ns();
        getrusage(RUSAGE_SELF, &usage);
        times_ns[i] = (double)(bench_now_ns() - start_ns);
    }
    return bench_median(times_ns, (size_t)rounds);
}

int main(int argc, char **argv)
{
    long rounds = bench_number(argc, argv, 1, "ROUNDS");
    double *times_ns = calloc((size_t)rounds, sizeof *times_ns);
    if (times_ns == NULL) {
        bench_fail("no memory");
    }
    for (int i = 2; i < argc; i++) {
        double opened = opened_ns(argv[i], times_ns, rounds);
        printf("opened%d=%.0f kept%d=%.0f ", i - 2, opened, i - 2,
               kept_ns(argv[i], times_ns, rounds));
    }
    printf("getrusage=%.0f\n", getrusage_ns(times_ns, rounds));
    free(times_ns);
    return 0;
}
