/* SPDX-License-Identifier: Apache-2.0 */
/*
 * raw_file.h: system calls on files past libc's functions of the same names.
 *
 * The writer thread has a table of descriptors of its own, so its numbers are other files than the
 * host's. A sanitizer that intercepts open and close in the host (ThreadSanitizer) knows one table
 * only, and would report races between the two. Others (libfaketime, fakeroot) take locks in their
 * replacements, which the child of a fork finds locked when the writer holds one. Results and errno
 * are those of libc's; none of them is a cancellation point.
 */
#ifndef PT_RAW_FILE_H
#define PT_RAW_FILE_H

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static inline int pt_raw_open(const char *path, int flags)
{
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, 0);
}

/* A new file, private to the user. */
static inline int pt_raw_create(const char *path, int flags)
{
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_CREAT | O_EXCL, 0600);
}

/* 0, PT_RAW_EXISTS where `to` exists, or another number. */
#define PT_RAW_EXISTS 1
static inline int pt_raw_link(const char *from, const char *to)
{
    long done = syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
    return done == 0 ? 0 : errno == EEXIST ? PT_RAW_EXISTS : -1;
}

/* Replaces `to`. */
static inline int pt_raw_rename(const char *from, const char *to)
{
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

static inline int pt_raw_chmod(int fd, mode_t mode)
{
    return (int)syscall(SYS_fchmod, fd, mode);
}

static inline void pt_raw_close(int fd)
{
    (void)syscall(SYS_close, fd);
}

static inline ssize_t pt_raw_pread(int fd, void *out, size_t bytes, off_t from)
{
    return syscall(SYS_pread64, fd, out, bytes, from);
}

static inline ssize_t pt_raw_writev(int fd, const struct iovec *parts, int count)
{
    return syscall(SYS_writev, fd, parts, count);
}

static inline int pt_raw_stat(int fd, struct stat *out)
{
    return (int)syscall(SYS_fstat, fd, out); /* 64-bit: the kernel's struct is libc's */
}

/* Follows symbolic links. */
static inline int pt_raw_stat_path(const char *path, struct stat *out)
{
    return (int)syscall(SYS_newfstatat, AT_FDCWD, path, out, 0);
}

static inline int pt_raw_unlink(const char *path)
{
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

static inline int pt_raw_truncate(int fd, off_t bytes)
{
    return (int)syscall(SYS_ftruncate, fd, bytes);
}

static inline int pt_raw_sync(int fd)
{
    return (int)syscall(SYS_fsync, fd);
}

/* The bytes, and of the file's own data what is needed to read them. */
static inline int pt_raw_sync_data(int fd)
{
    return (int)syscall(SYS_fdatasync, fd);
}

#endif
