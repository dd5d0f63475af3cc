/* SPDX-License-Identifier: Apache-2.0 */
#include "log/log_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14 */
#endif

/* Added to the claim counter at the end, so that every later claim is over the limit. */
#define PT_CLAIM_CLOSED 0x40000000u
#define PT_CLOSE_WAITS  200

static char file_path[PT_PATH_BYTES];
static uint8_t *base;           /* set once, before other threads can come here */
static uint32_t chunk_limit;    /* chunks that the mapping holds */
static atomic_uint chunks_next; /* number of the next free chunk; may run past the limit */
static dev_t file_device;
static ino_t file_inode;
static atomic_bool replaced; /* the mapping is ordinary memory now: somebody cut the file */

/* Who has a chunk: nobody, somebody who allocates it, or it is allocated. One byte each, so that
 * thread and supplier never both do it. */
enum chunk_state { CHUNK_NEW, CHUNK_TAKEN, CHUNK_READY };
#define PT_CHUNKS_TRACKED (1u << 20) /* 64 GiB, the largest limit */
static _Atomic(uint8_t) chunk_states[PT_CHUNKS_TRACKED];
static void (*_Atomic supplier)(void);
static atomic_bool preparing; /* the supplier is writing ahead of the claims */

/* A directory in which others could replace or read the log is refused; a sticky one (as /tmp)
 * protects what we own. */
static bool directory_is_ours(const char *path)
{
    char directory[PT_PATH_BYTES];
    strncpy(directory, path, sizeof directory - 1);
    directory[sizeof directory - 1] = '\0';
    char *slash = strrchr(directory, '/');
    if (slash == NULL) {
        return false;
    }
    slash[slash == directory] = '\0';
    struct stat info;
    if (stat(directory, &info) != 0 || (info.st_uid != geteuid() && info.st_uid != 0)) {
        return false;
    }
    return (info.st_mode & (S_IWGRP | S_IWOTH)) == 0 || (info.st_mode & S_ISVTX) != 0;
}

/* Growing a file past RLIMIT_FSIZE raises SIGXFSZ, which would kill the host. */
static int64_t clamp_to_file_size_limit(int64_t bytes)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
        (uint64_t)bytes > limit.rlim_cur) {
        bytes = (int64_t)limit.rlim_cur;
    }
    return bytes - bytes % (int64_t)PT_CHUNK_BYTES;
}

static bool take(uint32_t index)
{
    uint8_t expected = CHUNK_NEW;
    return atomic_compare_exchange_strong(&chunk_states[index], &expected, CHUNK_TAKEN);
}

/* Writing zeros makes large pages in the page cache, and then mapping them costs a third of what
 * faulting them in one by one does. */
static bool allocate_by_write(int fd, uint32_t index)
{
    static const uint8_t zeros[PT_CHUNK_BYTES];
    ssize_t written = pwrite(fd, zeros, sizeof zeros, (off_t)index * PT_CHUNK_BYTES);
    return written == (ssize_t)sizeof zeros &&
           madvise(pt_log_file_chunk(index), PT_CHUNK_BYTES, MADV_POPULATE_WRITE) == 0;
}

/* Allocates up to `count` chunks from `first` on through an open descriptor. What fails is given
 * back: the thread that claims it tries itself, and finds out why. */
static void prepare(int fd, uint32_t first, uint32_t count)
{
    bool ready = true;
    for (uint32_t index = first; ready && index < first + count && index < chunk_limit &&
                                 atomic_load(&chunks_next) < PT_CLAIM_CLOSED;
         index++) {
        if (take(index)) {
            ready = allocate_by_write(fd, index);
            atomic_store(&chunk_states[index], ready ? CHUNK_READY : CHUNK_NEW);
        }
    }
}

static enum pt_reason map_file(int fd, int64_t bytes)
{
    struct stat info;
    if (bytes < 2 * (int64_t)PT_CHUNK_BYTES || ftruncate(fd, bytes) != 0 || fstat(fd, &info) != 0) {
        return PT_REASON_DISK;
    }
    void *mapping = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapping == MAP_FAILED) {
        return PT_REASON_MAP;
    }
    file_device = info.st_dev;
    file_inode = info.st_ino;
    base = mapping;
    chunk_limit = (uint32_t)(bytes / (int64_t)PT_CHUNK_BYTES);
    atomic_store(&chunks_next, 0);
    atomic_store(&supplier, NULL);
    prepare(fd, 0, 2); /* the profiler's own chunk and that of the thread which waits for this */
    return PT_REASON_NONE;
}

enum pt_reason pt_log_file_open(const char *path, int64_t limit_bytes, bool *exists)
{
    *exists = false;
    if (!directory_is_ours(path)) {
        return PT_REASON_DIRECTORY;
    }
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        *exists = errno == EEXIST;
        return PT_REASON_OPEN;
    }
    enum pt_reason reason = map_file(fd, clamp_to_file_size_limit(limit_bytes));
    close(fd);
    if (reason != PT_REASON_NONE) {
        unlink(path);
        return reason;
    }
    strncpy(file_path, path, sizeof file_path - 1);
    return PT_REASON_NONE;
}

void pt_log_file_forget(void)
{
    atomic_store(&replaced, false);
    atomic_store(&preparing, false);
    uint32_t used = atomic_load(&chunks_next) + 2 * PT_CHUNKS_AHEAD;
    for (uint32_t i = 0; i < used && i < chunk_limit; i++) {
        atomic_store(&chunk_states[i], CHUNK_NEW);
    }
    base = NULL;
    chunk_limit = 0;
    file_path[0] = '\0';
}

/* Opens the log again by its name, but only when it is still the same file. */
static int reopen(void)
{
    struct stat info;
    int fd = open(file_path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0 &&
        (fstat(fd, &info) != 0 || info.st_dev != file_device || info.st_ino != file_inode)) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static bool allocate_by_name(uint32_t index)
{
    int fd = reopen();
    if (fd < 0) {
        return false;
    }
    int failed = posix_fallocate(fd, (off_t)index * PT_CHUNK_BYTES, PT_CHUNK_BYTES);
    close(fd);
    return failed == 0;
}

static bool allocate(uint32_t index)
{
    if (madvise(pt_log_file_chunk(index), PT_CHUNK_BYTES, MADV_POPULATE_WRITE) == 0) {
        return true;
    }
    return errno == EINVAL && allocate_by_name(index);
}

/* True when the chunk may be used: it was prepared, or is allocated now. False: the disk is full,
 * or (*busy) the supplier is at it at this moment. */
static bool make_usable(uint32_t index, bool *busy)
{
    uint8_t ready = CHUNK_READY;
    *busy = false;
    if (take(index)) {
        return allocate(index);
    }
    *busy = !atomic_compare_exchange_strong(&chunk_states[index], &ready, CHUNK_TAKEN);
    return !*busy;
}

static void wake_supplier(uint32_t index)
{
    void (*wake)(void) = atomic_load(&supplier);
    uint32_t ahead = index + PT_CHUNKS_AHEAD / 2;
    if (wake && ahead < chunk_limit && atomic_load(&chunk_states[ahead]) == CHUNK_NEW) {
        wake();
    }
}

uint8_t *pt_log_file_claim(enum pt_reason *reason)
{
    int saved_errno = errno;
    bool busy = true;
    bool usable = false;
    uint32_t index = 0;
    while (busy) { /* a chunk that the supplier is just allocating is left out: readers skip it */
        index = atomic_fetch_add(&chunks_next, 1);
        busy = false;
        usable = index < chunk_limit && make_usable(index, &busy);
    }
    if (usable) {
        wake_supplier(index);
    }
    errno = saved_errno;
    if (usable) {
        return pt_log_file_chunk(index);
    }
    *reason = index >= PT_CLAIM_CLOSED ? PT_REASON_CLOSED
              : index >= chunk_limit   ? PT_REASON_LIMIT
                                       : PT_REASON_DISK;
    return NULL;
}

void pt_log_file_unmap(uint8_t *chunk)
{
    int saved_errno = errno;
    (void)madvise(chunk, PT_CHUNK_BYTES, MADV_DONTNEED); /* of a shared mapping: drops the mapping
                                                            of the pages, not what is in them */
    errno = saved_errno;
}

void pt_log_file_set_supplier(void (*wake)(void))
{
    atomic_store(&supplier, wake);
}

void pt_log_file_prepare(void)
{
    atomic_store(&preparing, true);
    uint32_t first = atomic_load(&chunks_next);
    int fd = first < chunk_limit ? reopen() : -1;
    if (fd >= 0) {
        prepare(fd, first, PT_CHUNKS_AHEAD);
        close(fd);
    }
    atomic_store(&preparing, false);
}

uint32_t pt_log_file_close(void)
{
    uint32_t chunks = atomic_fetch_add(&chunks_next, PT_CLAIM_CLOSED);
    chunks = chunks < chunk_limit ? chunks : chunk_limit;
    static const struct timespec moment = {.tv_nsec = 100000};
    for (int waits = 0; atomic_load(&preparing) && waits < PT_CLOSE_WAITS; waits++) {
        nanosleep(&moment, NULL); /* or its writing would make the file longer again */
    }
    int fd = base && !atomic_load(&replaced) ? reopen() : -1;
    if (fd >= 0) {
        /* Failure leaves a hole at the end, which readers know. */
        (void)!ftruncate(fd, (off_t)chunks * PT_CHUNK_BYTES);
        close(fd);
    }
    return chunks;
}

bool pt_log_file_replace(const void *address)
{
    uintptr_t start = (uintptr_t)base;
    uintptr_t bytes = (uintptr_t)chunk_limit * PT_CHUNK_BYTES;
    if (base == NULL || (uintptr_t)address - start >= bytes) {
        return false;
    }
    if (atomic_exchange(&replaced, true)) {
        return true; /* another thread is at it: the store is repeated until the memory is there */
    }
    atomic_fetch_add(&chunks_next, PT_CLAIM_CLOSED);
    return mmap(base, bytes, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) != MAP_FAILED;
}

bool pt_log_file_is_empty(uint32_t index)
{
    return atomic_load(&chunk_states[index]) == CHUNK_READY;
}

uint8_t *pt_log_file_chunk(uint32_t index)
{
    return base + (size_t)index * PT_CHUNK_BYTES;
}

const char *pt_log_file_path(void)
{
    return file_path;
}

int64_t pt_log_file_limit_bytes(void)
{
    return (int64_t)chunk_limit * PT_CHUNK_BYTES;
}
