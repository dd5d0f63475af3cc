/* SPDX-License-Identifier: Apache-2.0 */
#include "log/ring_fold.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/raw_file.h"
#include "base/text.h"
#include "log/fold_totals.h"
#include "log/log_file.h"

#define PT_LOG_HEAD_BYTES 512u /* of the manifest: holds the ring's id */

/* A file that only this user can have written. */
static bool is_ours(int fd)
{
    struct stat info;
    return pt_raw_stat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_uid == geteuid() &&
           info.st_nlink == 1 && (info.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static bool read_at(int fd, void *to, size_t bytes, uint64_t offset)
{
    return pt_raw_pread(fd, to, bytes, (off_t)offset) == (ssize_t)bytes;
}

/* Of the very layout that this library makes; another version of it folds its own. */
static bool is_known(const struct pt_ring_header *h)
{
    return h->magic == PT_RING_MAGIC && h->version == PT_RING_VERSION &&
           h->small_count == PT_SMALL_COUNT && h->large_count == PT_LARGE_COUNT &&
           h->small_bytes == PT_SMALL_BYTES && h->large_bytes == PT_LARGE_BYTES &&
           h->chunks_offset == PT_RING_HEADER_BYTES && h->small_offset == PT_RING_SMALL_OFFSET &&
           h->large_offset == PT_RING_LARGE_OFFSET && h->totals_offset == PT_RING_TOTALS_OFFSET &&
           h->redo_offset == PT_RING_REDO_OFFSET && h->overflow_offset == PT_RING_OVERFLOW_OFFSET &&
           h->owner.log_path[0] == '/' && h->owner.log_path[sizeof h->owner.log_path - 1] == '\0';
}

/* The manifest names the ring within its first elements: another log may have the name by now. */
static bool log_names_ring(int log_fd, const uint8_t id[PT_RING_ID_BYTES])
{
    uint8_t head[PT_LOG_HEAD_BYTES];
    char hex[2 * PT_RING_ID_BYTES + 1];
    char wanted[10 + sizeof hex] = "\x02ring\0\x21\0\0"; /* type, key, bytes of the text */
    pt_text_hex(hex, id, PT_RING_ID_BYTES);
    memcpy(wanted + 10, hex, sizeof hex);
    ssize_t got = pt_raw_pread(log_fd, head, sizeof head, 0);
    for (ssize_t at = 0; at + (ssize_t)sizeof wanted <= got; at++) {
        if (memcmp(head + at, wanted, sizeof wanted) == 0) {
            return true;
        }
    }
    return false;
}

/* A process that was killed between giving a new part the log's name and counting it left events
 * that follow the part before. The tool finds that part (`phasetap close`); here they stay. */
static bool is_rings_part(int log_fd, const struct pt_ring_header *h)
{
    static const char key[] = "\x10part";
    uint8_t head[PT_LOG_HEAD_BYTES];
    uint32_t part = 1, counted = h->parts[h->generation & 1];
    ssize_t got = pt_raw_pread(log_fd, head, sizeof head, 0);
    for (ssize_t at = 0; at + (ssize_t)(sizeof key + sizeof part) <= got; at++) {
        if (memcmp(head + at, key, sizeof key) == 0) {
            memcpy(&part, head + at + sizeof key, sizeof part);
            break;
        }
    }
    return part == (counted > 0 ? counted : 1);
}

static void apply_intent(struct pt_fold_room *room)
{
    const struct pt_ring_intent *intent = &room->header.intent;
    uint32_t count = intent->generation == room->header.generation ? intent->count : 0;
    for (uint32_t i = 0; i < count && i < PT_INTENT_COUNT; i++) {
        if (intent->entries[i].chunk < PT_CHUNK_COUNT) {
            room->chunks[intent->entries[i].chunk].flushed_bytes = intent->entries[i].flushed_bytes;
        }
    }
}

/* Numbers of the chunks in use, by sequence; returns how many. */
static uint32_t sort_chunks(struct pt_fold_room *room)
{
    uint32_t count = 0;
    for (uint32_t chunk = 0; chunk < PT_CHUNK_COUNT; chunk++) {
        uint32_t at = count;
        if (room->chunks[chunk].state != PT_CHUNK_OWNED &&
            room->chunks[chunk].state != PT_CHUNK_FULL) {
            continue;
        }
        for (; at > 0 && room->chunks[room->order[at - 1]].sequence > room->chunks[chunk].sequence;
             at--) {
            room->order[at] = room->order[at - 1];
        }
        room->order[at] = chunk;
        count++;
    }
    return count;
}

static uint32_t end_of_documents(const uint8_t *bytes, uint32_t from, uint32_t size)
{
    uint32_t at = from;
    while (size - at >= sizeof(uint32_t)) {
        uint32_t length;
        memcpy(&length, bytes + at, sizeof length);
        if (length == 0 || length % PT_ALIGN_BYTES != 0 || length > size - at) {
            break;
        }
        at += length;
    }
    return at;
}

static bool append(int log_fd, uint64_t *log_bytes, const void *documents, size_t bytes)
{
    struct iovec part = {(void *)(uintptr_t)documents, bytes};
    if (bytes == 0) {
        return true;
    }
    bool done = pt_log_append(log_fd, *log_bytes, &part, 1) == PT_REASON_NONE;
    *log_bytes += done ? bytes : 0;
    return done;
}

static bool append_chunk(int ring_fd, int log_fd, uint64_t *log_bytes, struct pt_fold_room *room,
                         uint32_t chunk)
{
    bool large = chunk >= PT_SMALL_COUNT;
    uint32_t size = large ? PT_LARGE_BYTES : PT_SMALL_BYTES;
    uint64_t offset = large ? PT_RING_LARGE_OFFSET + (uint64_t)(chunk - PT_SMALL_COUNT) * size
                            : PT_RING_SMALL_OFFSET + (uint64_t)chunk * size;
    uint32_t from = room->chunks[chunk].flushed_bytes;
    if (from > size || from % PT_ALIGN_BYTES != 0) {
        return true; /* damage: nothing of it can be read */
    }
    if (!read_at(ring_fd, room->bytes, size, offset)) {
        return false;
    }
    uint32_t end = end_of_documents(room->bytes, from, size);
    return append(log_fd, log_bytes, room->bytes + from, end - from);
}

static bool append_status(int log_fd, uint64_t *log_bytes, const struct pt_ring_status *s)
{
    struct pt_doc_status document = PT_TEMPLATE(status, PT_STATUS_FIELDS, "__");
    document.k = PT_KIND_STATUS;
    document.state = s->state;
    document.reason = s->reason;
    document.events = s->events;
    document.dropped = s->dropped;
    document.clocks = s->clocks;
    document.cpus = s->cpus;
    document.threads = s->threads;
    document.handles = s->handles;
    return append(log_fd, log_bytes, &document, sizeof document);
}

/* Of a ring that has some, in memory of the moment. */
static bool append_totals(int ring_fd, int log_fd, uint64_t *log_bytes,
                          const struct pt_ring_header *header)
{
    struct pt_fold_totals *room = NULL;
    if (!pt_fold_totals_has(header)) {
        return true;
    }
    uint32_t bytes = pt_fold_totals_read(&room, ring_fd, header);
    bool done = room != NULL && append(log_fd, log_bytes, room->text, bytes);
    pt_fold_totals_release(room);
    return done;
}

static bool append_all(int ring_fd, int log_fd, struct pt_fold_room *room)
{
    uint64_t log_bytes = room->header.committed_bytes[room->header.generation & 1];
    if (!read_at(ring_fd, room->chunks, sizeof room->chunks, PT_RING_HEADER_BYTES)) {
        return false;
    }
    apply_intent(room);
    uint32_t count = sort_chunks(room);
    for (uint32_t i = 0; i < count; i++) {
        if (!append_chunk(ring_fd, log_fd, &log_bytes, room, room->order[i])) {
            return false;
        }
    }
    if (!append_totals(ring_fd, log_fd, &log_bytes, &room->header)) {
        return false;
    }
    return append_status(log_fd, &log_bytes, &room->header.status);
}

static bool fold_into_log(int ring_fd, struct pt_fold_room *room)
{
    int log_fd = pt_raw_open(room->header.owner.log_path,
                             O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (log_fd < 0) {
        return false;
    }
    bool done = is_ours(log_fd) && log_names_ring(log_fd, room->header.id) &&
                is_rings_part(log_fd, &room->header) && append_all(ring_fd, log_fd, room);
    pt_raw_close(log_fd);
    return done;
}

/* The lock ends with the descriptor. Whoever had it before may have removed the file. The header
 * is read once more: the process may have written to it until it was found to be gone. */
static enum pt_fold fold_locked(const char *ring_path, int fd, struct pt_fold_room *room)
{
    if (flock(fd, LOCK_EX | LOCK_NB) != 0 || !is_ours(fd) ||
        !read_at(fd, &room->header, sizeof room->header, 0) || !is_known(&room->header)) {
        return PT_FOLD_SKIPPED;
    }
    bool in_log = room->header.status.state == PT_STATE_CLOSED || fold_into_log(fd, room);
    return in_log && pt_raw_unlink(ring_path) == 0 ? PT_FOLD_DONE : PT_FOLD_FAILED;
}

enum pt_fold pt_ring_fold(const char *ring_path, const struct pt_ring_owner *self,
                          struct pt_fold_room *room)
{
    enum pt_fold done = PT_FOLD_SKIPPED;
    int fd = pt_raw_open(ring_path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        return done;
    }
    if (is_ours(fd) && read_at(fd, &room->header, sizeof room->header, 0) &&
        is_known(&room->header) && pt_ring_owner_is_gone(&room->header.owner, self)) {
        done = fold_locked(ring_path, fd, room);
    }
    pt_raw_close(fd);
    return done;
}
