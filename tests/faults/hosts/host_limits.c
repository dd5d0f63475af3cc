/* SPDX-License-Identifier: Apache-2.0 */
/* Steps that take resources away from the process: limits, locked memory, descriptors. */
#include "host.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
    const char *name;
    int resource;
} limits[] = {
    {"fsize", RLIMIT_FSIZE}, {"as", RLIMIT_AS},           {"nofile", RLIMIT_NOFILE},
    {"nproc", RLIMIT_NPROC}, {"memlock", RLIMIT_MEMLOCK}, {"stack", RLIMIT_STACK},
    {"data", RLIMIT_DATA},   {"core", RLIMIT_CORE},
};

/* limit=NAME:SIZE */
static void step_limit(const char *argument)
{
    const char *colon = strchr(argument, ':');
    for (size_t i = 0; colon != NULL && i < sizeof limits / sizeof limits[0]; i++) {
        if (strncmp(limits[i].name, argument, (size_t)(colon - argument)) == 0) {
            const rlim_t value = (rlim_t)host_number(colon + 1);
            const struct rlimit limit = {value, value};
            host_result("limit", setrlimit(limits[i].resource, &limit) == 0);
            return;
        }
    }
    host_refuse(argument);
}

static void step_mlockall(const char *argument)
{
    (void)argument;
    host_result("mlockall", mlockall(MCL_CURRENT | MCL_FUTURE) == 0);
}

static void step_mlockall_future(const char *argument)
{
    (void)argument;
    host_result("mlockall", mlockall(MCL_FUTURE) == 0);
}

/* Says whether less than N MiB are locked now. */
static void step_locked_below(const char *argument)
{
    char line[256];
    long kib = -1;
    FILE *status = fopen("/proc/self/status", "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        (void)sscanf(line, "VmLck: %ld", &kib);
    }
    if (status != NULL) {
        fclose(status);
    }
    host_say("locked below %s MiB: %s\n", argument,
             kib >= 0 && kib < host_number(argument) << 10 ? "yes" : "no");
}

/* Numbers of the open descriptors, without the one that lists them. */
static void step_descriptors(const char *argument)
{
    bool open_now[1024] = {false};
    DIR *folder = opendir("/proc/self/fd");
    const struct dirent *entry = NULL;
    (void)argument;
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        const int number = atoi(entry->d_name);
        open_now[number % 1024] |= entry->d_name[0] != '.' && number != dirfd(folder);
    }
    if (folder != NULL) {
        closedir(folder);
    }
    for (int number = 0; number < 1024; number++) {
        if (open_now[number]) {
            host_say("descriptor %d\n", number);
        }
    }
}

static void step_threads_now(const char *argument)
{
    DIR *folder = opendir("/proc/self/task");
    int count = -2;
    (void)argument;
    while (folder != NULL && readdir(folder) != NULL) {
        count++;
    }
    if (folder != NULL) {
        closedir(folder);
    }
    host_say("threads: %d\n", count);
}

/* Closes N to 1023, one by one. */
static void step_close_from(const char *argument)
{
    for (int descriptor = (int)host_number(argument); descriptor < 1024; descriptor++) {
        close(descriptor);
    }
}

static void step_close_range(const char *argument)
{
    host_result("close_range",
                syscall(SYS_close_range, (unsigned)host_number(argument), ~0u, 0u) == 0);
}

/* Makes a pipe, closes the numbers behind it, and checks that what it writes is what it reads. */
static bool pipe_is_whole(void)
{
    char back[8] = "";
    int ends[2];
    if (pipe(ends) != 0) {
        return false;
    }
    close(ends[1] + 1);
    close(ends[1] + 2);
    bool whole = write(ends[1], "abcdefg", 8) == 8 && read(ends[0], back, 8) == 8;
    whole = whole && memcmp(back, "abcdefg", 8) == 0;
    whole = close(ends[0]) == 0 && whole;
    return close(ends[1]) == 0 && whole;
}

static void step_reuse(const char *argument)
{
    const long rounds = host_number(argument);
    int bad = 0;
    for (long i = 0; i < rounds; i++) {
        bad += pipe_is_whole() ? 0 : 1;
        bad += host_inserts(host_client(), "work", 1);
    }
    host_say("reused: %ld, bad: %d\n", rounds, bad);
}

#define OWN_MOST 64
#define OWN_TEXT "mine"

static int own_files[OWN_MOST];
static int own_count;

static void step_own_files(const char *argument)
{
    const long count = host_number(argument);
    while (own_count < count && own_count < OWN_MOST) {
        const int file = memfd_create("own", 0);
        host_result("own file", write(file, OWN_TEXT, strlen(OWN_TEXT)) > 0);
        own_files[own_count++] = file;
    }
}

/* Whether each file still is what was written into it, and nothing more. */
static void step_own_files_whole(const char *argument)
{
    int whole = 0;
    (void)argument;
    for (int i = 0; i < own_count; i++) {
        char text[16] = "";
        const ssize_t length = pread(own_files[i], text, sizeof text - 1, 0);
        whole += length == (ssize_t)strlen(OWN_TEXT) && strcmp(text, OWN_TEXT) == 0;
    }
    host_say("own files whole: %d\n", whole);
}

static void step_close_standard(const char *argument)
{
    (void)argument;
    close(STDIN_FILENO);
    close(STDERR_FILENO);
}

const struct host_step host_limit_steps[] = {
    {"limit", step_limit},
    {"mlockall", step_mlockall},
    {"mlockall_future", step_mlockall_future},
    {"locked_below", step_locked_below},
    {"descriptors", step_descriptors},
    {"threads_now", step_threads_now},
    {"close_from", step_close_from},
    {"close_range", step_close_range},
    {"reuse", step_reuse},
    {"own_files", step_own_files},
    {"own_files_whole", step_own_files_whole},
    {"close_standard", step_close_standard},
    {NULL, NULL},
};
