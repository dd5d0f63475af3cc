/* SPDX-License-Identifier: Apache-2.0 */
#include "log/log_fold.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/log_stream.h"
#include "log/ring_totals.h"

static int write_at(int fd, const void *data, uint64_t bytes, uint64_t *offset)
{
    const uint8_t *from = data;
    while (bytes > 0) {
        ssize_t written = pwrite(fd, from, bytes, (off_t)*offset);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return written < 0 ? errno : ENOSPC;
        }
        from += written;
        bytes -= (uint64_t)written;
        *offset += (uint64_t)written;
    }
    return 0;
}

struct place {
    int fd;
    uint64_t offset;
};

static int append_total(void *context, const uint8_t *document, uint32_t length_bytes)
{
    struct place *place = context;
    return write_at(place->fd, document, length_bytes, &place->offset);
}

/* Of the file that the ring's events follow. */
static uint64_t end_of_file(const struct pt_log *log)
{
    for (size_t i = 0; i < log->parts.count; i++) {
        if (log->parts.list[i].number == log->ring.part) {
            return log->parts.list[i].bytes;
        }
    }
    return log->end_bytes;
}

static int append_ring(const struct pt_log *log, int fd)
{
    struct pt_doc_status status;
    struct place place = {fd, end_of_file(log)};
    int failed = ftruncate(fd, (off_t)place.offset) != 0 ? errno : 0;
    for (uint32_t i = 0; i < log->ring.run_count && failed == 0; i++) {
        failed =
            write_at(fd, log->ring.runs[i].data, log->ring.runs[i].length_bytes, &place.offset);
    }
    if (failed == 0 && log->ring.has_totals) {
        failed = pt_ring_totals_walk(log->ring.bytes, append_total, &place);
    }
    pt_log_ring_status(log, &status);
    return failed != 0 ? failed : write_at(fd, &status, sizeof status, &place.offset);
}

/* The name may lead to another file by now. */
static bool is_same_file(int fd, int other)
{
    struct stat one, two;
    return fstat(fd, &one) == 0 && fstat(other, &two) == 0 && one.st_dev == two.st_dev &&
           one.st_ino == two.st_ino;
}

/* The log, or the part of it that the ring's events follow. */
static int reading_fd(const struct pt_log *log, const char **path)
{
    for (size_t i = 0; i < log->parts.count; i++) {
        if (log->parts.list[i].number == log->ring.part) {
            *path = log->parts.list[i].path;
            return log->parts.list[i].fd;
        }
    }
    return log->fd;
}

static int fold_locked(const struct pt_log *log, const char *path)
{
    int read_fd = reading_fd(log, &path);
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        return errno;
    }
    int failed = is_same_file(fd, read_fd) ? append_ring(log, fd) : ESTALE;
    if (close(fd) != 0 && failed == 0) {
        failed = errno;
    }
    if (failed == 0 && unlink(log->ring.path) != 0) {
        failed = errno;
    }
    return failed;
}

/* A file without a name was folded by another process, which had the lock before. */
int pt_log_fold(const struct pt_log *log, const char *path)
{
    struct stat status;
    int failed = 0;
    if (log->ring.path == NULL) {
        return 0;
    }
    int ring_fd = open(log->ring.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (ring_fd < 0) {
        return errno == ENOENT ? 0 : errno;
    }
    if (flock(ring_fd, LOCK_EX) != 0 || fstat(ring_fd, &status) != 0) {
        failed = errno;
    } else if (status.st_nlink > 0) {
        failed = fold_locked(log, path);
    }
    close(ring_fd);
    return failed;
}
