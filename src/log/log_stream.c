/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logs of format version 2: a stream of documents, and what the ring still holds (docs/FORMAT.md).
 *
 * Where the stream is damaged, the walk goes on at the next place that can only be a document of
 * ours: aligned, of a length that fits, with a kind, and well-formed where the layout is fixed.
 */
#include "log/log_stream.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "log/log_walk.h"
#include "log/ring_totals.h"

/* Longer than any document that a process writes: a length above is damage. */
#define DOCUMENT_BYTES_HIGHEST 65536u

/* The bytes of the file that the buffer holds. */
struct window {
    uint64_t offset; /* of the buffer's first byte in the file */
    uint64_t held;
    uint64_t at;   /* of the next document in the buffer */
    uint64_t next; /* in the file: behind the last whole document */
};

/* Moves what was not walked to the front and reads on. Negative: an error. */
static int64_t refill(const struct pt_log *log, struct window *w)
{
    uint64_t left = w->held - w->at;
    memmove(log->buffer, log->buffer + w->at, left);
    w->offset += w->at;
    w->at = 0;
    w->held = left;
    uint64_t behind = log->end_bytes - w->offset - left;
    uint64_t room = log->buffer_bytes - left;
    int64_t got = pt_log_fill(log, w->offset + left, behind < room ? behind : room, left);
    w->held += got > 0 ? (uint64_t)got : 0;
    return got;
}

static bool fits(uint32_t length, uint64_t left)
{
    return length >= PT_EVENT_BYTES_LOWEST && length % PT_ALIGN_BYTES == 0 &&
           length <= DOCUMENT_BYTES_HIGHEST && length <= left;
}

static bool is_document(const uint8_t *data, uint64_t left)
{
    if (left < PT_EVENT_BYTES_LOWEST) {
        return false;
    }
    uint32_t length = pt_log_length_at(data);
    return fits(length, left) && pt_log_has_kind(data) && data[length - 1] == 0;
}

/* The log ends inside a document: it was being written. */
static bool is_cut(const uint8_t *data, uint64_t left)
{
    uint32_t length = left > 6 ? pt_log_length_at(data) : 0;
    return length > left && length % PT_ALIGN_BYTES == 0 && length <= DOCUMENT_BYTES_HIGHEST &&
           pt_log_has_kind(data);
}

/* The next document behind damage, or the end of what is held. */
static void skip_damage(struct pt_log *log, struct window *w)
{
    uint64_t from = w->at;
    do {
        w->at += PT_ALIGN_BYTES;
    } while (w->at < w->held && !is_document(log->buffer + w->at, w->held - w->at));
    w->at = w->at < w->held ? w->at : w->held;
    if (!log->in_damage) {
        log->facts.damaged_places++;
    }
    log->facts.damaged_bytes += w->at - from;
}

/* Walks what the buffer holds, but for the beginning of a document that goes on behind it. */
static int walk_window(const struct pt_log_walker *walk, struct window *w, bool last)
{
    struct pt_log *log = walk->log;
    while (w->at < w->held) {
        const uint8_t *data = log->buffer + w->at;
        uint64_t left = w->held - w->at;
        if (left < DOCUMENT_BYTES_HIGHEST && !last && !is_document(data, left)) {
            return 0;
        }
        if (last && !is_document(data, left) && is_cut(data, left)) {
            log->facts.torn++;
            w->at = w->held;
            return 0;
        }
        if (!is_document(data, left)) {
            skip_damage(log, w);
            log->in_damage = true;
            continue;
        }
        log->in_damage = false;
        int status = pt_log_hand_out(walk, data, pt_log_length_at(data), w->offset + w->at);
        if (status != 0) {
            return status;
        }
        w->at += pt_log_length_at(data);
        w->next = w->offset + w->at;
    }
    return 0;
}

/* A hole of the file may be gigabytes: the file system knows where the next data is. Falls back to
 * reading on. */
static void skip_hole(struct pt_log *log, struct window *w)
{
    uint64_t here = w->offset + w->held;
    if (log->parts.count > 0) {
        return; /* its offsets are not those of one file */
    }
    off_t data = lseek(log->fd, (off_t)here, SEEK_DATA);
    uint64_t next = data >= 0 ? (uint64_t)data : errno == ENXIO ? log->end_bytes : here;
    next = next < log->end_bytes ? next - next % PT_ALIGN_BYTES : log->end_bytes;
    if (next > here) {
        log->facts.damaged_bytes += next - here;
        *w = (struct window){.offset = next, .next = w->next};
    }
}

/* Where a later walk goes on: behind the last whole document, or behind damage that is too long to
 * be a document of which the end is still to come. */
static uint64_t place_behind(const struct window *w)
{
    uint64_t end = w->offset + w->held;
    return end - w->next < DOCUMENT_BYTES_HIGHEST ? w->next : end - end % PT_ALIGN_BYTES;
}

static int walk_file(const struct pt_log_walker *walk, uint64_t from, uint64_t *ret_next)
{
    struct pt_log *log = walk->log;
    struct window w = {.offset = from, .next = from};
    bool last = false;
    log->in_damage = false;
    while (!last) {
        int64_t got = refill(log, &w);
        if (got < 0) {
            return (int)got;
        }
        last = got == 0 || w.offset + w.held >= log->end_bytes;
        int status = walk_window(walk, &w, last);
        if (status != 0) {
            return status;
        }
        if (log->in_damage && !last) {
            skip_hole(log, &w);
        }
    }
    log->facts.used_bytes = w.offset + w.held;
    *ret_next = place_behind(&w);
    return 0;
}

static int walk_run(const struct pt_log_walker *walk, const struct pt_ring_run *run,
                    uint64_t *offset)
{
    for (uint32_t at = 0; at < run->length_bytes;) {
        uint32_t length = pt_log_length_at(run->data + at);
        int status = pt_log_hand_out(walk, run->data + at, length, *offset + at);
        if (status != 0) {
            return status;
        }
        walk->log->facts.ring_events++;
        at += length;
    }
    *offset += run->length_bytes;
    return 0;
}

void pt_log_ring_status(const struct pt_log *log, struct pt_doc_status *document)
{
    const struct pt_ring_status *s = &log->ring.status;
    *document = (struct pt_doc_status)PT_TEMPLATE(status, PT_STATUS_FIELDS, "__");
    document->k = PT_KIND_STATUS;
    document->state = s->state;
    document->reason = s->reason;
    document->events = s->events;
    document->dropped = s->dropped;
    document->clocks = s->clocks;
    document->cpus = s->cpus;
    document->threads = s->threads;
    document->handles = s->handles;
}

static int hand_out_status(const struct pt_log_walker *walk)
{
    struct pt_doc_status document;
    pt_log_ring_status(walk->log, &document);
    struct pt_record record = {.data = (const uint8_t *)&document,
                               .length_bytes = sizeof document,
                               .kind = PT_KIND_STATUS,
                               .offset_bytes = walk->log->end_bytes};
    return walk->handler(walk->context, &record);
}

static int hand_out_total(void *context, const uint8_t *document, uint32_t length_bytes)
{
    const struct pt_log_walker *walk = context;
    return pt_log_hand_out(walk, document, length_bytes, walk->log->end_bytes);
}

int pt_log_walk_ring(struct pt_log *log, pt_record_handler handler, void *context)
{
    struct pt_log_walker walk = {.log = log, .handler = handler, .context = context};
    uint64_t offset = log->end_bytes;
    int status = 0;
    if (log->ring.path == NULL) {
        return 0;
    }
    for (uint32_t i = 0; i < log->ring.run_count && status == 0; i++) {
        status = walk_run(&walk, &log->ring.runs[i], &offset);
    }
    if (status == 0 && log->ring.has_totals) {
        status = pt_ring_totals_walk(log->ring.bytes, hand_out_total, &walk);
    }
    return status != 0 ? status : hand_out_status(&walk);
}

int pt_log_walk_file(struct pt_log *log, uint64_t from, uint64_t *ret_next,
                     pt_record_handler handler, void *context)
{
    struct pt_log_walker walk = {.log = log, .handler = handler, .context = context};
    return walk_file(&walk, from, ret_next);
}

int pt_log_walk_stream(struct pt_log *log, pt_record_handler handler, void *context)
{
    uint64_t next;
    int status = pt_log_walk_file(log, 0, &next, handler, context);
    return status != 0 ? status : pt_log_walk_ring(log, handler, context);
}
