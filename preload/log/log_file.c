/* SPDX-License-Identifier: Apache-2.0 */
#include "log/log_file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/raw_file.h"
#include "base/text.h"
#include "log/folder_check.h"
#include "phasetap/ring_format.h"

#define PT_LAST_BYTES 4096u /* more than a STATUS and an END document */

static char file_path[PT_PATH_BYTES];
static int64_t limit;
static dev_t file_device;
static ino_t file_inode;
/* The folder in which it was created: after a chroot the same path leads elsewhere. */
static dev_t folder_device;
static ino_t folder_inode;

/* The folder of `path`; "" when it names none. */
static void name_folder(char folder[PT_PATH_BYTES], const char *path)
{
    size_t at = 0;
    pt_text_append(folder, PT_PATH_BYTES, &at, path);
    char *slash = strrchr(folder, '/');
    folder[slash == NULL ? 0 : slash == folder ? 1 : slash - folder] = '\0';
}

static bool stat_folder(const char *path, struct stat *info)
{
    char folder[PT_PATH_BYTES];
    name_folder(folder, path);
    return stat(folder, info) == 0;
}

static enum pt_reason check_directory(const char *path)
{
    char folder[PT_PATH_BYTES];
    struct stat info;
    name_folder(folder, path);
    enum pt_reason reason = pt_folder_check(folder, &info);
    if (reason != PT_REASON_OPEN) {
        folder_device = info.st_dev;
        folder_inode = info.st_ino;
    }
    return reason;
}

/* Under RLIMIT_FSIZE the log ends like at its own limit, while there is room for its last
 * documents.
 */
static int64_t limit_of_process(int64_t bytes)
{
    struct rlimit allowed;
    if (getrlimit(RLIMIT_FSIZE, &allowed) != 0 || allowed.rlim_cur >= (uint64_t)bytes) {
        return bytes;
    }
    return allowed.rlim_cur > PT_LAST_BYTES ? (int64_t)(allowed.rlim_cur - PT_LAST_BYTES) : 0;
}

enum pt_reason pt_log_create(const char *path, int64_t limit_bytes, bool *exists)
{
    struct stat info;
    *exists = false;
    enum pt_reason refused = check_directory(path);
    if (refused != PT_REASON_NONE) {
        return refused;
    }
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        *exists = errno == EEXIST;
        return PT_REASON_OPEN;
    }
    /* The umask may have taken our own rights, which we need to open it again. */
    bool known = fchmod(fd, 0600) == 0 && fstat(fd, &info) == 0;
    close(fd);
    if (!known) {
        return PT_REASON_OPEN;
    }
    file_device = info.st_dev;
    file_inode = info.st_ino;
    limit = limit_of_process(limit_bytes);
    strncpy(file_path, path, sizeof file_path - 1);
    return PT_REASON_NONE;
}

int pt_log_reopen(void)
{
    struct stat info;
    int flags =
        O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC; /* it may be a FIFO now */
    int fd = file_path[0] ? pt_raw_open(file_path, flags) : -1;
    if (fd >= 0 &&
        (pt_raw_stat(fd, &info) != 0 || info.st_dev != file_device || info.st_ino != file_inode)) {
        pt_raw_close(fd);
        fd = -1;
    }
    return fd;
}

enum pt_log_name pt_log_look(void)
{
    struct stat info, folder;
    bool missing = pt_raw_stat_path(file_path, &info) != 0;
    if (!missing && info.st_dev == file_device && info.st_ino == file_inode) {
        return PT_LOG_NAME_OURS;
    }
    if ((missing && errno != ENOENT) || !stat_folder(file_path, &folder) ||
        folder.st_dev != folder_device || folder.st_ino != folder_inode) {
        return PT_LOG_NAME_UNKNOWN;
    }
    bool empty = !missing && S_ISREG(info.st_mode) && info.st_size == 0 &&
                 info.st_uid == geteuid() && info.st_nlink == 1;
    return missing ? PT_LOG_NAME_FREE : empty ? PT_LOG_NAME_EMPTY : PT_LOG_NAME_UNKNOWN;
}

int pt_log_create_part(const char *path)
{
    int fd = pt_raw_create(path, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0) {
        (void)pt_raw_chmod(fd, 0600); /* whatever the umask is */
    }
    return fd;
}

int pt_log_adopt_part(const char *path)
{
    struct stat info;
    int fd = pt_raw_open(path, O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    bool ours = fd >= 0 && pt_raw_stat(fd, &info) == 0 && S_ISREG(info.st_mode) &&
                info.st_size == 0 && info.st_uid == geteuid() && info.st_nlink == 1 &&
                pt_raw_chmod(fd, 0600) == 0;
    if (fd >= 0 && !ours) {
        pt_raw_close(fd);
    }
    return ours ? fd : -1;
}

void pt_log_take_over(int fd)
{
    struct stat info;
    if (pt_raw_stat(fd, &info) == 0) {
        file_device = info.st_dev;
        file_inode = info.st_ino;
    }
}

bool pt_log_has_room(uint64_t committed_bytes, uint64_t bytes)
{
    return committed_bytes + bytes <= (uint64_t)limit;
}

/* Growing a file past RLIMIT_FSIZE raises SIGXFSZ, which would kill the host. */
static bool file_may_reach(uint64_t bytes)
{
    struct rlimit allowed;
    return getrlimit(RLIMIT_FSIZE, &allowed) == 0 && bytes <= allowed.rlim_cur;
}

/* Writes it all, however many calls that takes. */
static bool write_all(int fd, struct iovec *parts, unsigned count)
{
    while (count > 0) {
        ssize_t written = pt_raw_writev(fd, parts, (int)count);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return false;
        }
        while (count > 0 && (size_t)written >= parts->iov_len) {
            written -= (ssize_t)parts->iov_len;
            parts++;
            count--;
        }
        if (count > 0) {
            parts->iov_base = (uint8_t *)parts->iov_base + written;
            parts->iov_len -= (size_t)written;
        }
    }
    return true;
}

/* Another process may lower RLIMIT_FSIZE after we have looked at it. */
static bool write_guarded(int fd, struct iovec *parts, unsigned count)
{
    static const struct timespec no_time;
    sigset_t size_signal, before, pending;
    sigemptyset(&size_signal);
    sigaddset(&size_signal, SIGXFSZ);
    sigpending(&pending);
    bool was_pending = sigismember(&pending, SIGXFSZ) == 1;
    pthread_sigmask(SIG_BLOCK, &size_signal, &before);
    bool done = write_all(fd, parts, count);
    if (!done && errno == EFBIG && !was_pending) {
        (void)sigtimedwait(&size_signal, NULL, &no_time);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return done;
}

bool pt_log_cut_back(int fd, uint64_t bytes)
{
    struct stat info;
    return pt_raw_stat(fd, &info) == 0 &&
           ((uint64_t)info.st_size <= bytes || pt_raw_truncate(fd, (off_t)bytes) == 0);
}

enum pt_reason pt_log_append(int fd, uint64_t committed_bytes, const struct iovec *parts,
                             unsigned count)
{
    struct iovec copy[PT_INTENT_COUNT];
    struct stat info;
    uint64_t bytes = 0;
    memcpy(copy, parts, count * sizeof *copy);
    for (unsigned i = 0; i < count; i++) {
        bytes += copy[i].iov_len;
    }
    if (pt_raw_stat(fd, &info) != 0 || !pt_log_cut_back(fd, committed_bytes)) {
        return PT_REASON_DISK;
    }
    if ((uint64_t)info.st_size < committed_bytes) {
        return PT_REASON_CUT;
    }
    if (!file_may_reach(committed_bytes + bytes)) {
        return PT_REASON_FILE_SIZE;
    }
    if (!write_guarded(fd, copy, count)) {
        (void)pt_log_cut_back(fd, committed_bytes); /* else the next append does it */
        return PT_REASON_DISK;
    }
    return PT_REASON_NONE;
}

void pt_log_abandon(void)
{
    pt_raw_unlink(file_path);
    file_path[0] = '\0';
}

void pt_log_forget(void)
{
    file_path[0] = '\0';
}

const char *pt_log_path(void)
{
    return file_path;
}

int64_t pt_log_limit_bytes(void)
{
    return limit;
}
