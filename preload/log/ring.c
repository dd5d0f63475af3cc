/* SPDX-License-Identifier: Apache-2.0 */
#include "log/ring.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "log/ring_owner.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14 */
#endif

/* Populated at the start: little, since it is part of the first driver call. 64 small chunks and 4
 * large ones are a page each on a machine with 64 KiB pages. */
#define PT_FIRST_SMALL 64u
#define PT_FIRST_LARGE 4u

struct pt_ring_header *pt_ring;

static struct pt_ring_header *parents; /* of the process that forked; NULL: left */
static enum pt_ring_place place;
static char ring_path[PT_PATH_BYTES];
static atomic_uint usable_small, usable_large;

enum pt_ring_place pt_ring_place(void)
{
    return place;
}

const char *pt_ring_path(void)
{
    return ring_path;
}

uint32_t pt_ring_small(void)
{
    return atomic_load_explicit(&usable_small, memory_order_acquire);
}

uint32_t pt_ring_large(void)
{
    return atomic_load_explicit(&usable_large, memory_order_acquire);
}

/* /dev/shm/phasetap-ID.ring, or the log's name with the suffix. */
static void make_path(const char *log_path, const uint8_t id[PT_RING_ID_BYTES])
{
    size_t at = 0;
    ring_path[0] = '\0';
    if (place == PT_RING_SHM) {
        char hex[2 * PT_RING_ID_BYTES + 1];
        pt_text_hex(hex, id, PT_RING_ID_BYTES);
        pt_text_append(ring_path, sizeof ring_path, &at, PT_RING_IN_MEMORY);
        pt_text_append(ring_path, sizeof ring_path, &at, hex);
    } else if (place == PT_RING_LOG) {
        pt_text_append(ring_path, sizeof ring_path, &at, log_path);
    }
    if (place != PT_RING_MEMORY) {
        pt_text_append(ring_path, sizeof ring_path, &at, PT_RING_SUFFIX);
    }
}

/* Growing a file past RLIMIT_FSIZE raises SIGXFSZ, which would kill the host. */
static bool file_may_grow(void)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur >= PT_RING_FILE_BYTES;
}

/* On a file system that copies on write, a store to a page that was written back needs a new block,
 * and SIGBUS is the answer when there is none. Only an empty file can be exempted. */
static void forbid_copy_on_write(int fd)
{
    int flags = 0;
    if (ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0) {
        flags |= FS_NOCOW_FL;
        (void)ioctl(fd, FS_IOC_SETFLAGS, &flags);
    }
}

/* Returns the mapping, or MAP_FAILED. */
static void *map_file(void)
{
    void *mapping = MAP_FAILED;
    int fd = file_may_grow()
                 ? open(ring_path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)
                 : -1;
    if (fd < 0) {
        return MAP_FAILED;
    }
    (void)fchmod(fd, 0600); /* a reader of this user opens it, whatever the umask is */
    if (place == PT_RING_LOG) {
        forbid_copy_on_write(fd);
    }
    /* On a disk the blocks are taken at once: later stores must not ask for any. */
    int failed = place == PT_RING_LOG ? posix_fallocate(fd, 0, PT_RING_FILE_BYTES)
                                      : ftruncate(fd, PT_RING_FILE_BYTES);
    if (failed == 0) {
        mapping = mmap(NULL, PT_RING_FILE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    }
    if (mapping == MAP_FAILED) {
        unlink(ring_path);
    }
    close(fd);
    return mapping;
}

static void *map_memory(void)
{
    return mmap(NULL, PT_RING_FILE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                0);
}

/* On kernels before 5.14 the pages of a file get their memory by allocation through its name. */
static bool allocate_by_name(uint32_t offset, uint32_t bytes)
{
    int fd = place == PT_RING_MEMORY ? -1 : open(ring_path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    bool done = fd >= 0 && posix_fallocate(fd, offset, bytes) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return done || place == PT_RING_MEMORY;
}

/* The range begins and ends within the mapping; whole pages around it are populated. */
bool pt_ring_populate(uint32_t offset, uint32_t bytes)
{
    uint32_t page = (uint32_t)sysconf(_SC_PAGESIZE);
    uint32_t first = offset - offset % page;
    uint32_t length = (offset + bytes - first + page - 1) / page * page;
    int saved_errno = errno;
    bool done = madvise((uint8_t *)pt_ring + first, length, MADV_POPULATE_WRITE) == 0 ||
                (errno == EINVAL && allocate_by_name(first, length));
    errno = saved_errno;
    return done;
}

static bool grow(atomic_uint *usable, uint32_t count, uint32_t offset, uint32_t bytes,
                 uint32_t first)
{
    uint32_t from = atomic_load(usable);
    uint32_t more = from == 0 ? first : from;
    more = from + more > count ? count - from : more;
    if (more == 0 || !pt_ring_populate(offset + from * bytes, more * bytes)) {
        return false;
    }
    atomic_store_explicit(usable, from + more, memory_order_release);
    return true;
}

bool pt_ring_grow_small(void)
{
    return grow(&usable_small, PT_SMALL_COUNT, PT_RING_SMALL_OFFSET, PT_SMALL_BYTES,
                PT_FIRST_SMALL);
}

bool pt_ring_grow_large(void)
{
    return grow(&usable_large, PT_LARGE_COUNT, PT_RING_LARGE_OFFSET, PT_LARGE_BYTES,
                PT_FIRST_LARGE);
}

static void fill_header(const char *log_path, const uint8_t id[PT_RING_ID_BYTES])
{
    struct pt_ring_header *h = pt_ring;
    h->version = PT_RING_VERSION;
    h->small_count = PT_SMALL_COUNT;
    h->large_count = PT_LARGE_COUNT;
    h->small_bytes = PT_SMALL_BYTES;
    h->large_bytes = PT_LARGE_BYTES;
    h->chunks_offset = PT_RING_HEADER_BYTES;
    h->small_offset = PT_RING_SMALL_OFFSET;
    h->large_offset = PT_RING_LARGE_OFFSET;
    h->totals_offset = PT_RING_TOTALS_OFFSET;
    h->redo_offset = PT_RING_REDO_OFFSET;
    h->overflow_offset = PT_RING_OVERFLOW_OFFSET;
    memcpy(h->id, id, PT_RING_ID_BYTES);
    h->status.state = PT_STATE_RECORDING;
    pt_ring_owner_fill(&h->owner, log_path);
    __atomic_store_n(&h->magic, PT_RING_MAGIC, __ATOMIC_RELEASE);
}

/* Maps a ring at `place` with its first chunks usable, or leaves nothing behind. */
static bool create_here(const char *log_path, const uint8_t id[PT_RING_ID_BYTES])
{
    make_path(log_path, id);
    void *mapping = place == PT_RING_MEMORY ? map_memory() : map_file();
    if (mapping == MAP_FAILED) {
        return false;
    }
    /* After mlockall(MCL_FUTURE) it would count towards the host's RLIMIT_MEMLOCK. */
    (void)munlock(mapping, PT_RING_FILE_BYTES);
    pt_ring = mapping;
    atomic_store(&usable_small, 0);
    atomic_store(&usable_large, 0);
    if (pt_ring_populate(0, PT_RING_SMALL_OFFSET) && pt_ring_grow_small() && pt_ring_grow_large()) {
        fill_header(log_path, id);
        return true;
    }
    if (ring_path[0] != '\0') {
        unlink(ring_path);
    }
    munmap(mapping, PT_RING_FILE_BYTES);
    pt_ring = NULL;
    return false;
}

enum pt_reason pt_ring_create(enum pt_ring_place wanted, const char *log_path,
                              const uint8_t id[PT_RING_ID_BYTES])
{
    for (place = wanted; place <= PT_RING_MEMORY; place++) {
        if (create_here(log_path, id)) {
            return PT_REASON_NONE;
        }
    }
    place = PT_RING_MEMORY;
    ring_path[0] = '\0';
    return PT_REASON_MAP;
}

void pt_ring_remove(void)
{
    __atomic_store_n(&pt_ring->status.state, PT_STATE_CLOSED, __ATOMIC_RELEASE);
    if (ring_path[0] != '\0') {
        unlink(ring_path);
    }
}

void pt_ring_forget(void)
{
    parents = pt_ring;
    pt_ring = NULL;
    ring_path[0] = '\0';
    atomic_store(&usable_small, 0);
    atomic_store(&usable_large, 0);
}

void pt_ring_leave_parent(enum pt_reason reason)
{
    int32_t none = PT_REASON_NONE;
    if (parents && reason != PT_REASON_NONE && reason != PT_REASON_DISABLED) {
        __atomic_fetch_add(&parents->children_lost, 1, __ATOMIC_RELAXED);
        (void)__atomic_compare_exchange_n(&parents->children_reason, &none, (int32_t)reason, false,
                                          __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    }
    if (parents) {
        munmap(parents, PT_RING_FILE_BYTES);
        parents = NULL;
    }
}

void pt_ring_abandon(void)
{
    struct pt_ring_header *mapped = pt_ring;
    struct pt_ring_header *kept = parents;
    if (ring_path[0] != '\0') {
        unlink(ring_path);
    }
    pt_ring_forget();
    parents = kept;
    if (mapped) {
        munmap(mapped, PT_RING_FILE_BYTES);
    }
}
