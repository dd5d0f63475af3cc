/* SPDX-License-Identifier: Apache-2.0 */
#include "log/ring_owner.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/proc_file.h"
#include "base/raw_file.h"
#include "base/text.h"

#define PT_BOOT_ID_CHARS 36u

static uint64_t pid_namespace(void)
{
    struct stat info;
    return stat("/proc/self/ns/pid", &info) == 0 ? (uint64_t)info.st_ino : 0;
}

void pt_ring_owner_fill(struct pt_ring_owner *owner, const char *log_path)
{
    memset(owner, 0, sizeof *owner);
    owner->pid = getpid();
    owner->start_ticks = pt_proc_stat_field(PT_STAT_START_TICKS);
    owner->pid_namespace = pid_namespace();
    pt_proc_read("/proc/sys/kernel/random/boot_id", owner->boot_id, PT_BOOT_ID_CHARS + 1);
    size_t length = strlen(log_path);
    if (length < sizeof owner->log_path) {
        memcpy(owner->log_path, log_path, length);
    }
}

static void read_stat(int64_t pid, char *text, size_t room)
{
    char path[48] = "";
    char number[24];
    size_t at = 0;
    pt_text_decimal(number, (uint64_t)pid);
    pt_text_append(path, sizeof path, &at, "/proc/");
    pt_text_append(path, sizeof path, &at, number);
    pt_text_append(path, sizeof path, &at, "/stat");
    pt_proc_read(path, text, room);
}

/* A zombie is gone, unless it is the leader of threads that still run. */
static bool has_ended(const char *stat)
{
    const char *name_end = strrchr(stat, ')');
    return name_end && name_end[1] == ' ' && (name_end[2] == 'Z' || name_end[2] == 'X') &&
           pt_proc_stat_field_of(stat, PT_STAT_THREADS) <= 1;
}

static bool is_comparable(const struct pt_ring_owner *owner, const struct pt_ring_owner *self)
{
    return owner->pid > 0 && owner->pid <= INT32_MAX && owner->start_ticks > 0 &&
           self->pid_namespace != 0 && owner->pid_namespace == self->pid_namespace &&
           self->boot_id[0] != '\0' &&
           memcmp(owner->boot_id, self->boot_id, sizeof owner->boot_id) == 0;
}

static uint64_t time_namespace(const char *process)
{
    struct stat info;
    char path[48] = "";
    size_t at = 0;
    pt_text_append(path, sizeof path, &at, "/proc/");
    pt_text_append(path, sizeof path, &at, process);
    pt_text_append(path, sizeof path, &at, "/ns/time");
    return pt_raw_stat_path(path, &info) == 0 ? (uint64_t)info.st_ino : 0;
}

/* /proc shows when a process started by the reader's clock, which the owner shared if it is in the
 * reader's time namespace. Kernels without such namespaces have no file. */
static bool shares_clock(int64_t pid)
{
    char number[24];
    uint64_t own = time_namespace("self");
    pt_text_decimal(number, (uint64_t)pid);
    return own == 0 || time_namespace(number) == own;
}

/* /proc may hide processes (hidepid), so a file that is missing there proves nothing. getsid looks
 * at every process of the namespace and does nothing to it. */
bool pt_ring_owner_is_gone(const struct pt_ring_owner *owner, const struct pt_ring_owner *self)
{
    char stat[1024];
    if (!is_comparable(owner, self)) {
        return false;
    }
    if (getsid((pid_t)owner->pid) < 0) {
        return errno == ESRCH;
    }
    read_stat(owner->pid, stat, sizeof stat);
    int64_t start_ticks = pt_proc_stat_field_of(stat, PT_STAT_START_TICKS);
    bool another = start_ticks != owner->start_ticks && shares_clock(owner->pid);
    return start_ticks >= 0 && (another || has_ended(stat));
}
