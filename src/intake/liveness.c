/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/liveness.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define STATE_FIELD   3
#define THREADS_FIELD 20
#define START_FIELD   22
/* PROC_PID_INIT_INO of the kernel. */
#define FIRST_PID_NAMESPACE 0xEFFFFFFC

static bool read_file(const char *path, char *text, size_t room)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return false;
    }
    size_t length = fread(text, 1, room - 1, file);
    fclose(file);
    text[length] = '\0';
    text[strcspn(text, "\n")] = '\0';
    return length > 0;
}

static bool same_boot(const char *boot_id)
{
    char now[64];
    return boot_id != NULL && read_file("/proc/sys/kernel/random/boot_id", now, sizeof now) &&
           strcmp(now, boot_id) == 0;
}

/* Field `number` of /proc/PID/stat, counted from 1; the command in field 2 may hold anything, so
 * counting starts behind its last ')'. */
static const char *stat_field(const char *stat, int number)
{
    const char *at = strrchr(stat, ')');
    for (int field = 2; at != NULL && field < number; field++) {
        at = strchr(at + 1, ' ');
    }
    return at != NULL ? at + 1 : NULL;
}

static int64_t namespace_of(const char *name, const char *kind)
{
    char path[64];
    struct stat status;
    snprintf(path, sizeof path, "/proc/%.20s/ns/%.8s", name, kind);
    return stat(path, &status) == 0 ? (int64_t)status.st_ino : 0;
}

/* /proc shows when a process started by the reader's clock. Kernels without time namespaces have no
 * file. */
static bool shares_clock(const char *name)
{
    int64_t own = namespace_of("self", "time");
    return own == 0 || namespace_of(name, "time") == own;
}

/* The process behind /proc/NAME runs, and began at this tick, or at one that cannot be compared. A
 * zombie runs no more, unless it is the leader of threads that do. */
static bool is_running(const char *name, int64_t start_ticks)
{
    char path[64];
    char stat[1024];
    snprintf(path, sizeof path, "/proc/%.20s/stat", name);
    if (!read_file(path, stat, sizeof stat)) {
        return false;
    }
    const char *state = stat_field(stat, STATE_FIELD);
    const char *threads = stat_field(stat, THREADS_FIELD);
    const char *start = stat_field(stat, START_FIELD);
    return state != NULL && threads != NULL && start != NULL &&
           (atoll(start) == start_ticks || !shares_clock(name)) &&
           ((*state != 'Z' && *state != 'X') || atoll(threads) > 1);
}

bool pt_process_lives(int64_t pid, int64_t start_ticks, const char *boot_id)
{
    char name[24];
    snprintf(name, sizeof name, "%" PRId64, pid);
    return pid > 0 && same_boot(boot_id) && is_running(name, start_ticks);
}

/* The last number of NSpid is the pid in the process's own namespace. */
static bool has_own_pid(const char *name, int64_t pid)
{
    char path[64];
    char line[512];
    int64_t own = 0;
    snprintf(path, sizeof path, "/proc/%.20s/status", name);
    FILE *file = fopen(path, "re");
    while (file != NULL && own == 0 && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "NSpid:", 6) == 0) {
            own = atoll(strrchr(line, '\t') + 1);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return own == pid;
}

/* Among all processes that can be seen from here. `*ret_hidden`: there are some of which this user
 * may not know the namespace. */
static bool find_in(int64_t pid_namespace, int64_t pid, int64_t start_ticks, bool *ret_hidden)
{
    bool found = false;
    DIR *processes = opendir("/proc");
    *ret_hidden = processes == NULL;
    for (struct dirent *entry = NULL;
         processes != NULL && !found && (entry = readdir(processes)) != NULL;) {
        const char *name = entry->d_name;
        int64_t its = *name >= '1' && *name <= '9' ? namespace_of(name, "pid") : -1;
        *ret_hidden |= its == 0;
        found = its == pid_namespace && has_own_pid(name, pid) && is_running(name, start_ticks);
    }
    if (processes != NULL) {
        closedir(processes);
    }
    return found;
}

bool pt_process_lives_in(int64_t pid_namespace, int64_t pid, int64_t start_ticks,
                         const char *boot_id)
{
    bool hidden;
    if (pid_namespace == 0 || pid_namespace == namespace_of("self", "pid")) {
        return pt_process_lives(pid, start_ticks, boot_id);
    }
    return same_boot(boot_id) && find_in(pid_namespace, pid, start_ticks, &hidden);
}

/* Only the first namespace has all processes of the machine below it. A process that has ended
 * between two looks counts as hidden: then nothing is claimed. */
static enum pt_owner_state state_elsewhere(const struct pt_ring_owner *owner)
{
    bool hidden;
    if (find_in((int64_t)owner->pid_namespace, owner->pid, owner->start_ticks, &hidden)) {
        return PT_OWNER_LIVES;
    }
    bool sees_all = !hidden && namespace_of("self", "pid") == FIRST_PID_NAMESPACE;
    return sees_all ? PT_OWNER_GONE : PT_OWNER_UNKNOWN;
}

/* /proc may hide processes of others: a file that is missing there proves nothing. */
static enum pt_owner_state state_here(const struct pt_ring_owner *owner)
{
    char path[64];
    char stat[1024];
    if (kill((pid_t)owner->pid, 0) != 0 && errno == ESRCH) {
        return PT_OWNER_GONE;
    }
    snprintf(path, sizeof path, "/proc/%" PRId64 "/stat", owner->pid);
    if (!read_file(path, stat, sizeof stat)) {
        return PT_OWNER_UNKNOWN;
    }
    return pt_process_lives(owner->pid, owner->start_ticks, owner->boot_id) ? PT_OWNER_LIVES
                                                                            : PT_OWNER_GONE;
}

enum pt_owner_state pt_owner_state(const struct pt_ring_owner *owner)
{
    int64_t inode = (int64_t)owner->pid_namespace;
    if (owner->pid <= 0 || owner->pid > INT32_MAX || inode == 0 || !same_boot(owner->boot_id)) {
        return PT_OWNER_UNKNOWN;
    }
    if (inode == namespace_of("self", "pid")) {
        return state_here(owner);
    }
    return state_elsewhere(owner);
}
