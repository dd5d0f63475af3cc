/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exits MODE URI [ROUNDS]: works with the driver, then ends in one of the ways in which programs
 * end. See the table at the bottom. Writes `failed N` (operations) before it ends.
 */
#include "driver_work.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *server_uri;
static int round_count = 10;

static void work_and_tell(void)
{
    printf("failed %d\n", work_rounds(server_uri, round_count));
    fflush(stdout);
}

static int end_by_return(void)
{
    work_and_tell();
    return 3;
}

static int end_by_exit(void)
{
    work_and_tell();
    exit(4);
}

static int end_by_underscore_exit(void)
{
    work_and_tell();
    _exit(5);
}

static int end_by_quick_exit(void)
{
    work_and_tell();
    quick_exit(6);
}

static void *exit_in_thread(void *argument)
{
    (void)argument;
    work_and_tell();
    exit(7);
}

static int end_by_exit_of_thread(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, exit_in_thread, NULL);
    pthread_join(thread, NULL);
    return 1;
}

static void *work_in_thread(void *argument)
{
    (void)argument;
    usleep(20000);
    work_and_tell();
    return NULL;
}

/* The process goes on without its main thread and ends with status 0 when the last thread returns.
 */
static int end_by_pthread_exit(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, work_in_thread, NULL);
    pthread_detach(thread);
    pthread_exit(NULL);
}

static void *work_without_end(void *argument)
{
    mongoc_client_t *client = mongoc_client_new(server_uri);
    (void)argument;
    if (client == NULL) {
        return NULL;
    }
    for (int64_t i = 0;; i++) {
        work_insert(client, i);
    }
}

/* Other threads are inside driver calls while the process ends. */
static int end_with_busy_threads(void)
{
    for (int i = 0; i < 4; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, work_without_end, NULL);
    }
    work_and_tell();
    _Exit(8);
}

static int return_with_busy_threads(void)
{
    for (int i = 0; i < 4; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, work_without_end, NULL);
    }
    work_and_tell();
    return 9;
}

static int end_by_abort(void)
{
    work_and_tell();
    abort();
}

static int end_by_segv(void)
{
    work_and_tell();
    raise(SIGSEGV);
    return 1;
}

/* The driver is used once more from an exit handler. */
static int end_in_atexit(void)
{
    atexit(work_and_tell);
    return 10;
}

static const struct {
    const char *name;
    int (*end)(void);
} modes[] = {
    {"return", end_by_return},         {"exit", end_by_exit},
    {"_exit", end_by_underscore_exit}, {"quick_exit", end_by_quick_exit},
    {"thread", end_by_exit_of_thread}, {"pthread_exit", end_by_pthread_exit},
    {"busy", end_with_busy_threads},   {"busy_return", return_with_busy_threads},
    {"abort", end_by_abort},           {"segv", end_by_segv},
    {"atexit", end_in_atexit},
};

int main(int argc, char **argv)
{
    if (argc > 3) {
        round_count = atoi(argv[3]);
    }
    for (size_t i = 0; argc > 2 && i < sizeof modes / sizeof modes[0]; i++) {
        if (strcmp(argv[1], modes[i].name) == 0) {
            mongoc_init();
            server_uri = argv[2];
            return modes[i].end();
        }
    }
    fprintf(stderr, "usage: exits MODE URI [ROUNDS]\n");
    return 2;
}
