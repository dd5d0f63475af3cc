/* SPDX-License-Identifier: Apache-2.0 */
/*
 * limits MODE URI FILE: works under conditions that a program makes for itself: descriptors closed
 * behind everybody's back, system calls refused by seccomp. FILE is written at the end and must
 * hold exactly its one line. Exit status: failed operations.
 */
#include "driver_work.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ROUNDS            200
#define RESULT_DESCRIPTOR 900 /* above what close_all() closes, below the usual limit */

static const char *server_uri;

static void close_all(void)
{
    for (int descriptor = 3; descriptor < RESULT_DESCRIPTOR; descriptor++) {
        close(descriptor);
    }
}

/* Numbers of the open descriptors, without the one that lists them: a profiler must not show up
 * here. */
static void print_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    const struct dirent *entry = NULL;
    if (folder == NULL) {
        return;
    }
    printf("descriptors");
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] != '.' && atoi(entry->d_name) != dirfd(folder)) {
            printf(" %s", entry->d_name);
        }
    }
    printf("\n");
    closedir(folder);
}

static int plain(void)
{
    const int failed = work_rounds(server_uri, ROUNDS);
    print_descriptors();
    return failed;
}

/* Closes everything before, between and inside the work of two clients; the second close breaks no
 * client of its own.
 * */
static int closed_descriptors(void)
{
    close_all();
    int failed = work_rounds(server_uri, ROUNDS);
    close_all();
    failed += work_rounds(server_uri, ROUNDS);
    print_descriptors();
    return failed;
}

#define REFUSE(call)                                                                               \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 1),                                             \
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)

/* Refuses what a recorder might want in the middle of a run: to open files, to allocate blocks, to
 * give advice on memory. */
static bool refuse_system_calls(void)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        REFUSE(SYS_madvise),
        REFUSE(SYS_openat),
        REFUSE(SYS_fallocate),
        REFUSE(SYS_ftruncate),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static int under_seccomp_from_start(void)
{
    return refuse_system_calls() ? work_rounds(server_uri, ROUNDS) : 98;
}

static int under_seccomp_in_the_middle(void)
{
    const int failed = work_rounds(server_uri, ROUNDS);
    return refuse_system_calls() ? failed + work_rounds(server_uri, ROUNDS) : 98;
}

static const struct {
    const char *name;
    int (*run)(void);
} modes[] = {
    {"plain", plain},
    {"closed", closed_descriptors},
    {"seccomp", under_seccomp_from_start},
    {"seccomp_late", under_seccomp_in_the_middle},
};

static int run_mode(const char *name)
{
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        if (strcmp(name, modes[i].name) == 0) {
            return modes[i].run();
        }
    }
    return 95;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: limits MODE URI FILE\n");
        return 95;
    }
    mongoc_init();
    server_uri = argv[2];
    const int result = open(argv[3], O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (result < 0 || dup2(result, RESULT_DESCRIPTOR) < 0) {
        return 96;
    }
    close(result);
    const int failed = run_mode(argv[1]);
    if (dprintf(RESULT_DESCRIPTOR, "failed %d\n", failed) < 0) {
        return 96;
    }
    return failed;
}
