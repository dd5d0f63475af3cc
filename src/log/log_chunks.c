/* SPDX-License-Identifier: Apache-2.0 */
/* Logs of format version 1: a row of chunks (docs/FORMAT.md, "Version 1"). */
#include "log/log_walk.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static bool is_filler(const uint8_t *data)
{
    return data[5] == '_' && data[6] == 0;
}

/* A word of length equal to the room left is the filler, or an event whose length was not stored
 * yet. */
static void count_last(struct pt_log *log, const uint8_t *data)
{
    if (is_filler(data)) {
        log->facts.fillers++;
    } else {
        log->facts.torn++;
    }
}

/* FORMAT.md, "How an event is written, and how a torn one is told". `bytes` is at most a chunk,
 * less at the end of the file. */
static int walk_chunk(const struct pt_log_walker *walk, const uint8_t *chunk, uint64_t bytes,
                      uint64_t offset)
{
    uint64_t at = 0;
    while (bytes - at >= PT_ALIGN_BYTES) {
        uint64_t left = bytes - at;
        uint32_t length = pt_log_length_at(chunk + at);
        if (length == 0 && at == 0) { /* not begun */
            return 0;
        }
        if (length == left) {
            count_last(walk->log, chunk + at);
            return 0;
        }
        bool fits = length >= PT_ALIGN_BYTES && length <= left - PT_ALIGN_BYTES &&
                    length % PT_ALIGN_BYTES == 0;
        if (!fits || chunk[at + length - 1] != 0) {
            break;
        }
        int status = pt_log_hand_out(walk, chunk + at, length, offset + at);
        if (status != 0) {
            return status;
        }
        at += length;
    }
    if (bytes > at) {
        pt_log_count_damage(walk->log, bytes - at);
    }
    return 0;
}

static bool is_hole(const uint8_t *chunk, uint64_t bytes)
{
    return bytes >= sizeof(uint32_t) && pt_log_length_at(chunk) == 0;
}

/* The chunks of a filled buffer. `*ret_hole` says that the last one was a hole. */
static int walk_buffer(const struct pt_log_walker *walk, uint64_t bytes, uint64_t offset,
                       bool *ret_hole)
{
    struct pt_log *log = walk->log;
    for (uint64_t at = 0; at < bytes; at += log->chunk_bytes) {
        uint64_t room = bytes - at < log->chunk_bytes ? bytes - at : log->chunk_bytes;
        *ret_hole = is_hole(log->buffer + at, room);
        if (*ret_hole) {
            continue;
        }
        log->facts.used_bytes = offset + at + room;
        int status = walk_chunk(walk, log->buffer + at, room, offset + at);
        if (status != 0) {
            return status;
        }
    }
    return 0;
}

/* The hole of a killed process may be gigabytes: the file system knows where the next data is.
 * Falls back to reading on. */
static uint64_t skip_hole(const struct pt_log *log, uint64_t offset)
{
    off_t data = lseek(log->fd, (off_t)offset, SEEK_DATA);
    if (data < 0) {
        return errno == ENXIO ? log->facts.file_bytes : offset;
    }
    uint64_t chunk_start = (uint64_t)data - (uint64_t)data % log->chunk_bytes;
    return chunk_start > offset ? chunk_start : offset;
}

int pt_log_walk_chunks(struct pt_log *log, pt_record_handler handler, void *context)
{
    struct pt_log_walker walk = {.log = log, .handler = handler, .context = context};
    uint64_t size = log->facts.file_bytes;
    bool hole = false;
    for (uint64_t offset = 0; offset < size;) {
        uint64_t wanted = size - offset < log->buffer_bytes ? size - offset : log->buffer_bytes;
        int64_t got = pt_log_fill(log, offset, wanted, 0);
        if (got <= 0) {
            return (int)got;
        }
        int status = walk_buffer(&walk, (uint64_t)got, offset, &hole);
        if (status != 0) {
            return status;
        }
        offset += (uint64_t)got;
        if (hole && offset < size) {
            offset = skip_hole(log, offset);
        }
    }
    return 0;
}
