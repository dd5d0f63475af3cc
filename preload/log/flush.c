/* SPDX-License-Identifier: Apache-2.0 */
#include "log/flush.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/own_memory.h"
#include "base/raw_file.h"
#include "log/chunk_pool.h"
#include "log/disk_wait.h"
#include "log/essential.h"
#include "log/log_file.h"
#include "log/log_sync.h"
#include "log/name_file.h"
#include "log/rotation.h"
#include "log/ring.h"
#include "log/status.h"
#include "log/thin.h"
#include "log/total_documents.h"
#include "log/totals.h"

/* All static data here belongs to the holder of the lock. */
static atomic_bool locked;
static void (*_Atomic waker)(void);

struct segment {
    uint64_t sequence;
    uint32_t chunk;
};
static struct segment segments[PT_CHUNK_COUNT];

/* The append in preparation. */
static struct iovec parts[PT_INTENT_COUNT];
static uint32_t part_chunks[PT_INTENT_COUNT];
static uint32_t part_ends[PT_INTENT_COUNT];
static bool part_full[PT_INTENT_COUNT];
static unsigned part_count;
static unsigned iovec_count;
static uint8_t kept[65536]; /* documents that stay when others do not */
static int64_t kept_events, lost_events;
static bool has_totals; /* there is memory for them */
static bool was_cut;    /* the append ended before the last document that was collected */
static uint64_t part_bytes;
static int64_t part_events;
static int64_t appended_events; /* that the log holds */

/* Shell sort: almost always few, and no allocation. */
static void sort_segments(uint32_t count)
{
    for (uint32_t gap = count / 2; gap > 0; gap /= 2) {
        for (uint32_t i = gap; i < count; i++) {
            struct segment moved = segments[i];
            uint32_t at = i;
            for (; at >= gap && segments[at - gap].sequence > moved.sequence; at -= gap) {
                segments[at] = segments[at - gap];
            }
            segments[at] = moved;
        }
    }
}

/* Chunks that were taken before this moment, in the order in which they were taken. A chunk taken
 * later may belong to a thread whose full one is still to be found: it waits for the next flush,
 * or events of that thread could change places. */
static uint32_t collect_range(uint32_t chunk, uint32_t end, uint64_t before, uint32_t count)
{
    for (; chunk < end; chunk++) {
        struct pt_ring_chunk *c = pt_ring_chunk(chunk);
        if (__atomic_load_n(&c->state, __ATOMIC_ACQUIRE) == PT_CHUNK_FREE) {
            continue;
        }
        uint64_t sequence = __atomic_load_n(&c->sequence, __ATOMIC_RELAXED);
        if (sequence < before) {
            segments[count++] = (struct segment){sequence, chunk};
        }
    }
    return count;
}

static uint32_t collect(void)
{
    uint64_t before = __atomic_load_n(&pt_ring->sequence, __ATOMIC_ACQUIRE);
    uint32_t count = collect_range(0, pt_ring_small(), before, 0);
    count = collect_range(PT_SMALL_COUNT, PT_SMALL_COUNT + pt_ring_large(), before, count);
    sort_segments(count);
    return count;
}

/* How far complete documents reach. */
static uint32_t end_of_documents(uint32_t chunk, uint32_t from, int64_t *events)
{
    const uint8_t *bytes = pt_ring_bytes(chunk);
    uint32_t room = pt_ring_chunk_bytes(chunk) - sizeof(uint32_t);
    uint32_t at = from;
    uint32_t length = 1;
    while (length != 0 && at < room) {
        length = __atomic_load_n((const uint32_t *)(const void *)(bytes + at), __ATOMIC_ACQUIRE);
        if (length > room - at) {
            break; /* somebody wrote over it */
        }
        at += length;
        *events += length != 0;
    }
    return at;
}

static void add_part(uint32_t chunk)
{
    struct pt_ring_chunk *c = pt_ring_chunk(chunk);
    bool full = __atomic_load_n(&c->state, __ATOMIC_ACQUIRE) == PT_CHUNK_FULL;
    uint32_t from = __atomic_load_n(&c->flushed_bytes, __ATOMIC_RELAXED);
    uint32_t end = end_of_documents(chunk, from, &part_events);
    if (end == from && !full) {
        return;
    }
    parts[part_count] = (struct iovec){pt_ring_bytes(chunk) + from, end - from};
    part_chunks[part_count] = chunk;
    part_ends[part_count] = end;
    part_full[part_count] = full;
    part_bytes += end - from;
    part_count++;
}

static void state_intent(uint64_t generation)
{
    struct pt_ring_intent *intent = &pt_ring->intent;
    for (unsigned i = 0; i < part_count; i++) {
        intent->entries[i].chunk = part_chunks[i];
        intent->entries[i].flushed_bytes = part_ends[i];
    }
    intent->generation = generation;
    __atomic_store_n(&intent->count, part_count, __ATOMIC_RELEASE);
}

static void end_intent(void)
{
    __atomic_store_n(&pt_ring->intent.count, 0, __ATOMIC_RELEASE);
}

static void apply(void)
{
    for (unsigned i = 0; i < part_count; i++) {
        __atomic_store_n(&pt_ring_chunk(part_chunks[i])->flushed_bytes, part_ends[i],
                         __ATOMIC_RELEASE);
    }
    pt_totals_apply();
    end_intent(); /* before a chunk is free: the next owner begins at 0 */
    for (unsigned i = 0; i < part_count; i++) {
        if (part_full[i]) {
            pt_chunk_release(part_chunks[i]);
        }
    }
}

/* What is kept of one document. False: the append must end before it. */
static bool sort_document(const uint8_t *document, const uint8_t *end, uint64_t committed,
                          size_t *used)
{
    uint32_t length;
    memcpy(&length, document, sizeof length);
    int32_t kind = pt_kind_of(document);
    if (*used + length > sizeof kept) {
        return false;
    }
    bool totals = has_totals && pt_totals_know(kind);
    if (totals && !pt_thin_keeps(document, end)) {
        return pt_totals_add(document);
    }
    if (!pt_log_has_room(committed, *used + length) && !pt_is_last_word(document)) {
        lost_events++;
        return !totals || pt_totals_add(document);
    }
    pt_copy_own(kept + *used, document, length);
    *used += length;
    kept_events++;
    return true;
}

/* Ends the append before this document of part i. */
static void cut_append(unsigned i, uint32_t left)
{
    part_ends[i] -= left;
    part_full[i] = false;
    part_count = i + 1;
    was_cut = true;
}

/* Beyond half of the size limit: what stays of each part is gathered in one place. */
static void thin_parts(uint64_t committed)
{
    size_t used = 0;
    has_totals = pt_totals_begin();
    kept_events = lost_events = 0;
    for (unsigned i = 0; i < part_count && !was_cut; i++) {
        const uint8_t *from = parts[i].iov_base;
        const uint8_t *end = from + parts[i].iov_len;
        while (from < end && !was_cut) {
            uint32_t length;
            memcpy(&length, from, sizeof length);
            if (sort_document(from, end, committed, &used)) {
                from += length;
            } else {
                cut_append(i, (uint32_t)(end - from));
            }
        }
    }
    part_events = kept_events;
    part_bytes = used;
    parts[0] = (struct iovec){kept, used};
    iovec_count = 1;
}

/* Step 2. */
static enum pt_reason write_parts(int fd, uint64_t committed)
{
    if (part_bytes == 0) {
        return PT_REASON_NONE;
    }
    pt_disk_wait_begins();
    enum pt_reason reason = pt_log_append(fd, committed, parts, iovec_count);
    pt_disk_wait_ends();
    return reason;
}

static void commit(uint64_t generation, uint64_t committed)
{
    pt_ring->committed_bytes[generation & 1] = committed + part_bytes;
    pt_ring->parts[generation & 1] = pt_parts_current();
    __atomic_store_n(&pt_ring->generation, generation, __ATOMIC_RELEASE);
    apply();
    appended_events += part_events;
}

/* The log may have to go on in another file first. */
static void turn(int *fd, uint64_t bytes)
{
    pt_disk_wait_begins();
    enum pt_part_turn turned = pt_parts_turn(fd, bytes);
    pt_disk_wait_ends();
    if (turned == PT_PART_CUT) { /* what it held is lost */
        pt_status_lose_events(PT_REASON_CUT, appended_events);
    }
    if (turned != PT_PART_STAYS) {
        appended_events = 0;
        pt_thin_forget();
        pt_log_sync_forget();
    }
}

/* Steps 1 to 4 of the header comment. */
static bool append_parts(int *fd)
{
    turn(fd, part_bytes);
    uint64_t generation = pt_ring->generation + 1;
    uint64_t committed = pt_ring_committed_bytes();
    iovec_count = part_count;
    was_cut = false;
    lost_events = 0;
    if (pt_thin_begin(committed, part_bytes, part_events)) {
        thin_parts(committed);
    }
    state_intent(generation);
    pt_totals_state();
    enum pt_reason reason = write_parts(*fd, committed);
    pt_status_obstruct(reason);
    if (reason == PT_REASON_NONE) {
        commit(generation, committed);
        if (lost_events > 0) {
            pt_status_lose_events(PT_REASON_LIMIT, lost_events);
        }
    } else {
        end_intent();
        pt_totals_drop();
    }
    part_count = 0;
    part_bytes = part_events = 0;
    return reason == PT_REASON_NONE;
}

static enum pt_flush append_segments(int *fd, uint32_t count)
{
    bool appended = false;
    for (uint32_t i = 0; i < count; i++) {
        add_part(segments[i].chunk);
        if (part_count == PT_INTENT_COUNT || (i + 1 == count && part_count > 0)) {
            if (!append_parts(fd)) {
                return PT_FLUSH_FAILED;
            }
            appended = true;
            if (was_cut) { /* what follows may be of the same thread */
                return PT_FLUSH_DONE;
            }
        }
    }
    return appended ? PT_FLUSH_DONE : PT_FLUSH_NOTHING;
}

/* Names of all that was collected are in the table. */
static void write_names(bool own_table)
{
    pt_disk_wait_begins();
    pt_name_file_write(own_table);
    pt_disk_wait_ends();
}

static enum pt_flush flush_locked(int *kept_fd)
{
    uint32_t count = collect();
    if (count == 0) {
        return PT_FLUSH_NOTHING;
    }
    int fd = kept_fd && *kept_fd >= 0 ? *kept_fd : pt_log_reopen();
    if (fd < 0) {
        turn(&fd, 0);
    }
    if (fd < 0) {
        pt_status_obstruct(PT_REASON_GONE);
        return PT_FLUSH_FAILED;
    }
    was_cut = false;
    write_names(kept_fd != NULL);
    enum pt_flush done = append_segments(&fd, count);
    while (was_cut && done == PT_FLUSH_DONE) {
        was_cut = false;
        done = append_segments(&fd, collect());
    }
    if (kept_fd) {
        *kept_fd = fd;
    } else {
        pt_raw_close(fd);
    }
    return done;
}

enum pt_flush pt_flush(int *kept_fd)
{
    if (pt_ring == NULL || atomic_exchange_explicit(&locked, true, memory_order_acquire)) {
        return PT_FLUSH_BUSY;
    }
    int saved_errno = errno;
    enum pt_flush done = flush_locked(kept_fd);
    (void)pt_chunk_pool_grow();
    atomic_store_explicit(&locked, false, memory_order_release);
    errno = saved_errno;
    return done;
}

static bool append_totals(int *fd, void *buffer, uint32_t room)
{
    part_bytes = pt_totals_documents(buffer, room);
    turn(fd, part_bytes);
    uint64_t generation = pt_ring->generation + 1;
    uint64_t committed = pt_ring_committed_bytes();
    parts[0] = (struct iovec){buffer, part_bytes};
    iovec_count = 1;
    bool noted = pt_totals_mark_stored();
    state_intent(generation);
    pt_totals_state();
    bool good = noted && part_bytes > 0 && write_parts(*fd, committed) == PT_REASON_NONE;
    if (good) {
        commit(generation, committed);
    } else {
        end_intent();
        pt_totals_drop();
    }
    part_bytes = 0;
    return good;
}

/* With memory of its own: once in the life of a process, at its end. */
static bool store_totals(void)
{
    int fd = pt_log_reopen();
    void *buffer = mmap(NULL, PT_TOTALS_TEXT_BYTES, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bool stored =
        fd >= 0 && buffer != MAP_FAILED && append_totals(&fd, buffer, PT_TOTALS_TEXT_BYTES);
    if (buffer != MAP_FAILED) {
        munmap(buffer, PT_TOTALS_TEXT_BYTES);
    }
    if (fd >= 0) {
        pt_raw_close(fd);
    }
    return stored;
}

bool pt_flush_totals(void)
{
    if (pt_ring == NULL || !pt_totals_are_used()) {
        return true;
    }
    if (atomic_exchange_explicit(&locked, true, memory_order_acquire)) {
        return false;
    }
    int saved_errno = errno;
    bool stored = store_totals();
    atomic_store_explicit(&locked, false, memory_order_release);
    errno = saved_errno;
    return stored;
}

void pt_flush_set_waker(void (*wake)(void))
{
    atomic_store(&waker, wake);
}

bool pt_flush_wake(void)
{
    void (*wake)(void) = atomic_load_explicit(&waker, memory_order_acquire);
    if (wake) {
        wake();
    }
    return wake != NULL;
}

void pt_flush_forget(void)
{
    atomic_store(&locked, false);
    atomic_store(&waker, NULL);
    pt_disk_wait_ends();
    part_count = 0;
    part_bytes = 0;
    part_events = appended_events = 0;
    was_cut = false;
    pt_parts_forget();
    pt_thin_forget();
    pt_totals_forget();
}
