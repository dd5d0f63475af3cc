/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fork_lister: forks while another thread walks the loader's list of objects, whose lock a child
 * then finds held for ever. Each child makes and destroys a client (no network) and exits. Prints
 * `hung N`, the children that had not ended after CHILD_MS; those are killed.
 */
#include <mongoc/mongoc.h>

#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILDREN = 30, CHILD_MS = 2000 };

static int pass(struct dl_phdr_info *info, size_t size, void *context)
{
    (void)info;
    (void)size;
    ++*(volatile unsigned *)context;
    return 0;
}

static void *list_for_ever(void *context)
{
    for (;;) {
        dl_iterate_phdr(pass, context);
    }
    return NULL;
}

static void use_driver(void)
{
    mongoc_client_destroy(mongoc_client_new("mongodb://127.0.0.1:1/"));
    mongoc_client_destroy(NULL);
}

static int is_hung(void)
{
    const pid_t pid = fork();
    if (pid == 0) {
        use_driver();
        exit(0);
    }
    for (int waited_ms = 0; waited_ms < CHILD_MS; waited_ms++) {
        if (waitpid(pid, NULL, WNOHANG) == pid) {
            return 0;
        }
        usleep(1000);
    }
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    return 1;
}

int main(void)
{
    static unsigned objects;
    pthread_t lister;
    int hung = 0;
    mongoc_init();
    use_driver();
    if (pthread_create(&lister, NULL, list_for_ever, &objects) != 0) {
        return 1;
    }
    for (int i = 0; i < CHILDREN && hung < 2; i++) {
        usleep(1000);
        hung += is_hung();
    }
    printf("hung %d\n", hung);
    fflush(stdout);
    _exit(0);
}
