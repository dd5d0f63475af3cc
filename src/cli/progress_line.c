/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/progress_line.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/progress.h"
#include "text/human.h"

#define FIRST_MS   1000
#define EVERY_MS   250
#define LINE_BYTES 64

static struct {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool runs, stops, shown;
    int64_t total_bytes, before_bytes;
} line = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void put(const char *text)
{
    char padded[LINE_BYTES + 8];
    int length = snprintf(padded, sizeof padded, "\r%-40s\r%s", "", text);
    line.shown = write(STDERR_FILENO, padded, (size_t)length) == length;
}

/* A log that is being written grows: never more than 99 % before the end. */
static void show(void)
{
    char text[LINE_BYTES / 2];
    int64_t bytes = pt_progress_bytes() - line.before_bytes;
    int percent =
        line.total_bytes > 0 ? (int)(100.0 * (double)bytes / (double)line.total_bytes) : 0;
    snprintf(text, sizeof text, "reading %d %%, %s", percent > 99 ? 99 : percent, PT_BYTES(bytes));
    put(text);
}

static struct timespec after_ms(long ms)
{
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    at.tv_nsec += ms % 1000 * 1000000;
    at.tv_sec += ms / 1000 + at.tv_nsec / 1000000000;
    at.tv_nsec %= 1000000000;
    return at;
}

static void *print_line(void *unused)
{
    struct timespec at = after_ms(FIRST_MS);
    (void)unused;
    pthread_mutex_lock(&line.lock);
    while (!line.stops) {
        if (pthread_cond_timedwait(&line.changed, &line.lock, &at) != 0) {
            show();
            at = after_ms(EVERY_MS);
        }
    }
    pthread_mutex_unlock(&line.lock);
    return NULL;
}

void pt_progress_start(int64_t total_bytes)
{
    line.stops = false;
    line.shown = false;
    line.total_bytes = total_bytes;
    line.before_bytes = pt_progress_bytes();
    line.runs =
        isatty(STDERR_FILENO) == 1 && pthread_create(&line.thread, NULL, print_line, NULL) == 0;
}

void pt_progress_stop(void)
{
    if (!line.runs) {
        return;
    }
    pthread_mutex_lock(&line.lock);
    line.stops = true;
    pthread_cond_signal(&line.changed);
    pthread_mutex_unlock(&line.lock);
    pthread_join(line.thread, NULL);
    line.runs = false;
    if (line.shown) {
        put("");
    }
}
