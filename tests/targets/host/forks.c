/* SPDX-License-Identifier: Apache-2.0 */
/*
 * forks MODE URI [FILE]: starts further processes in the ways in which programs do, with the driver
 * in use on both sides. Each process that works with the driver does it for ROUNDS rounds per call.
 * Exit status: the number of failed operations.
 */
#include "driver_work.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 5

extern char **environ;

static const char *server_uri;
static const char *argument_file;

static int status_of(pid_t pid)
{
    int status = 0;
    if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) {
        return 99;
    }
    return WEXITSTATUS(status);
}

static int both_sides(void)
{
    int failed = work_rounds(server_uri, ROUNDS);
    const pid_t pid = fork();
    if (pid == 0) {
        exit(work_rounds(server_uri, ROUNDS));
    }
    failed += work_rounds(server_uri, ROUNDS);
    return failed + status_of(pid);
}

static int child_only(void)
{
    const pid_t pid = fork();
    if (pid == 0) {
        exit(work_rounds(server_uri, ROUNDS));
    }
    return status_of(pid);
}

/* The child must not write into its parent's log, and ends without any exit handler. */
static int child_of_child(void)
{
    int failed = work_rounds(server_uri, ROUNDS);
    const pid_t pid = fork();
    if (pid == 0) {
        const pid_t inner = fork();
        if (inner == 0) {
            _exit(work_rounds(server_uri, ROUNDS));
        }
        _exit(work_rounds(server_uri, ROUNDS) + status_of(inner));
    }
    return failed + status_of(pid);
}

static int with_vfork(void)
{
    int failed = work_rounds(server_uri, ROUNDS);
    const pid_t pid = vfork();
    if (pid == 0) {
        execl("/bin/true", "true", (char *)NULL);
        _exit(127);
    }
    return failed + status_of(pid) + work_rounds(server_uri, ROUNDS);
}

static int with_spawn(void)
{
    char *arguments[] = {"true", NULL};
    int failed = work_rounds(server_uri, ROUNDS);
    pid_t pid = -1;
    if (posix_spawn(&pid, "/bin/true", NULL, NULL, arguments, environ) != 0) {
        return 98;
    }
    return failed + status_of(pid) + work_rounds(server_uri, ROUNDS);
}

/* The same process, another program: the first log ends without an end document, the second program
 * has one of its own. */
static int with_exec(void)
{
    const int failed = work_rounds(server_uri, ROUNDS);
    if (failed == 0) {
        execl("/proc/self/exe", "forks", "child_only", server_uri, (char *)NULL);
    }
    return 97;
}

/* Becomes a program that has lost the preload object, and takes a second. */
static int with_clean_exec(void)
{
    char *const nothing[] = {NULL};
    if (work_rounds(server_uri, ROUNDS) == 0) {
        execle("/bin/sleep", "sleep", "1", (char *)NULL, nothing);
    }
    return 97;
}

static void become_daemon(void)
{
    if (fork() != 0) {
        _exit(0);
    }
    setsid();
    if (fork() != 0) {
        _exit(0);
    }
    if (chdir("/") != 0) {
        _exit(1);
    }
    umask(0);
    for (int descriptor = 0; descriptor < 256; descriptor++) {
        close(descriptor);
    }
    if (open("/dev/null", O_RDWR) != 0 || dup(0) != 1 || dup(0) != 2) {
        _exit(1);
    }
}

/* Works before and after it became a daemon; FILE tells when it is done and what failed. */
static int as_daemon(void)
{
    int failed = work_rounds(server_uri, ROUNDS);
    become_daemon();
    failed += work_rounds(server_uri, ROUNDS);
    FILE *result = argument_file != NULL ? fopen(argument_file, "w") : NULL;
    if (result == NULL) {
        return 96;
    }
    fprintf(result, "pid %d failed %d\n", (int)getpid(), failed);
    return fclose(result) == 0 ? failed : 96;
}

static const struct {
    const char *name;
    int (*run)(void);
} modes[] = {
    {"both", both_sides},  {"child_only", child_only},      {"grandchild", child_of_child},
    {"vfork", with_vfork}, {"spawn", with_spawn},           {"exec", with_exec},
    {"daemon", as_daemon}, {"clean_exec", with_clean_exec},
};

int main(int argc, char **argv)
{
    argument_file = argc > 3 ? argv[3] : NULL;
    for (size_t i = 0; argc > 2 && i < sizeof modes / sizeof modes[0]; i++) {
        if (strcmp(argv[1], modes[i].name) == 0) {
            mongoc_init();
            server_uri = argv[2];
            return modes[i].run();
        }
    }
    fprintf(stderr, "usage: forks MODE URI [FILE]\n");
    return 95;
}
