/* SPDX-License-Identifier: Apache-2.0 */
#include "ring_case.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bson/bson_writer.h"
#include "log/chunk_pool.h"
#include "log/log_begin.h"
#include "log/log_file.h"
#include "log/recorder.h"
#include "log/ring.h"
#include "log/status.h"

char ring_case_log[96];
static char folder[64];
static char ring_file[128];
static uint8_t *ring_copy;
static uint8_t *log_copy;
static size_t log_room;

static void *make_manifest(uint32_t *bytes)
{
    static uint8_t buffer[64];
    struct pt_bson b;
    pt_bson_init(&b, buffer, sizeof buffer);
    pt_bson_int32(&b, "k", PT_KIND_MANIFEST);
    *bytes = (uint32_t)pt_bson_finish(&b);
    return buffer;
}

void ring_case_begin(int64_t limit_bytes)
{
    static const uint8_t id[PT_RING_ID_BYTES] = {1, 2, 3};
    bool exists;
    uint32_t bytes;
    strcpy(folder, "/tmp/phasetap-test-XXXXXX");
    cr_assert(ne(ptr, mkdtemp(folder), NULL));
    snprintf(ring_case_log, sizeof ring_case_log, "%s/run.bson", folder);
    cr_assert(eq(int, (int)pt_log_create(ring_case_log, limit_bytes, &exists), PT_REASON_NONE));
    cr_assert(eq(int, (int)pt_ring_create(PT_RING_LOG, ring_case_log, id), PT_REASON_NONE));
    void *manifest = make_manifest(&bytes);
    cr_assert(
        eq(int, (int)pt_log_begin(manifest, bytes, &pt_ring->committed_bytes[0]), PT_REASON_NONE));
    pt_chunk_pool_reset();
    pt_status_attach(&pt_ring->status);
    strcpy(ring_file, pt_ring_path());
    log_room = 40u << 20;
    log_copy = malloc(log_room);
    ring_copy = malloc(PT_RING_FILE_BYTES);
    cr_assert(ne(ptr, log_copy, NULL));
    cr_assert(ne(ptr, ring_copy, NULL));
}

void ring_case_end(void)
{
    unlink(ring_case_log);
    unlink(ring_file);
    rmdir(folder);
    free(log_copy);
    free(ring_copy);
}

bool ring_case_write(struct pt_pen *pen, int32_t number)
{
    int64_t before = pen->events;
    PT_RECORD(pen, gap, doc) {
        doc->q = number;
    }
    return pen->events == before + 1 && pen->at != NULL;
}

static void see(struct ring_case_seen *seen, const uint8_t *document)
{
    const struct pt_doc_gap *gap = (const void *)document;
    seen->names += gap->k == PT_KIND_NAME;
    seen->ends += gap->k == PT_KIND_END;
    if (gap->k == PT_KIND_GAP) {
        seen->in_order = seen->in_order && gap->q == seen->last[gap->th] + 1;
        seen->last[gap->th] = gap->q;
        seen->total++;
    }
}

/* Documents one behind the other; `ends_in_zero`: in a chunk, the last is followed by a length 0.
 */
static void walk(struct ring_case_seen *seen, const uint8_t *data, uint64_t bytes,
                 bool ends_in_zero)
{
    uint64_t at = 0;
    while (at < bytes) {
        uint32_t length = 0;
        memcpy(&length, data + at, sizeof length);
        if (length == 0 && ends_in_zero) {
            return;
        }
        if (length < 12 || length % 8 != 0 || length > bytes - at || data[at + length - 1] != 0) {
            seen->good = false;
            return;
        }
        see(seen, data + at);
        at += length;
    }
}

static void read_whole(const char *path, uint8_t *to, size_t room, size_t *ret_bytes)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd >= 0 ? pread(fd, to, room, 0) : 0;
    *ret_bytes = got > 0 ? (size_t)got : 0;
    if (fd >= 0) {
        close(fd);
    }
}

static uint32_t flushed_of(const struct pt_ring_header *h, uint32_t chunk, uint32_t own)
{
    bool counts = h->intent.generation == h->generation;
    for (uint32_t i = 0; counts && i < h->intent.count; i++) {
        if (h->intent.entries[i].chunk == chunk) {
            return h->intent.entries[i].flushed_bytes;
        }
    }
    return own;
}

static void walk_chunk(struct ring_case_seen *seen, const struct pt_ring_header *h, uint32_t chunk,
                       uint32_t own)
{
    bool large = chunk >= h->small_count;
    uint32_t room = large ? h->large_bytes : h->small_bytes;
    uint64_t offset = large ? h->large_offset + (uint64_t)(chunk - h->small_count) * room
                            : h->small_offset + (uint64_t)chunk * room;
    uint32_t from = flushed_of(h, chunk, own);
    walk(seen, ring_copy + offset + from, room - from - 4, true);
}

static void walk_ring(struct ring_case_seen *seen)
{
    const struct pt_ring_header *h = (const void *)ring_copy;
    const struct pt_ring_chunk *chunks = (const void *)(ring_copy + h->chunks_offset);
    uint32_t count = h->small_count + h->large_count;
    uint64_t after = 0;
    bool found = true;
    while (found) { /* in the order of their sequence numbers */
        uint32_t next = 0;
        found = false;
        for (uint32_t i = 0; i < count; i++) {
            if (chunks[i].state != PT_CHUNK_FREE && chunks[i].sequence >= after &&
                (!found || chunks[i].sequence < chunks[next].sequence)) {
                next = i;
                found = true;
            }
        }
        if (found) {
            walk_chunk(seen, h, next, chunks[next].flushed_bytes);
            after = chunks[next].sequence + 1;
        }
    }
}

static int64_t documents_of(const uint8_t *area)
{
    return ((const struct pt_totals *)(const void *)area)->process[0][1];
}

/* The first row of the totals is that of the process; new values of cells count with the intent. */
static int64_t documents_in_totals(const struct pt_ring_header *h)
{
    struct pt_totals *totals = (void *)(ring_copy + h->totals_offset);
    const struct pt_total_redo *redo = (const void *)(ring_copy + h->redo_offset);
    uint32_t count = h->intent.generation == h->generation ? h->redo_count : 0;
    for (uint32_t i = 0; i < count; i++) {
        ((int64_t *)(void *)totals)[redo[i].cell] = redo[i].value;
    }
    return documents_of(ring_copy + h->totals_offset);
}

void ring_case_read(struct ring_case_seen *seen)
{
    size_t log_bytes, ring_bytes;
    *seen = (struct ring_case_seen){.in_order = true, .good = true};
    read_whole(ring_file, ring_copy, PT_RING_FILE_BYTES, &ring_bytes);
    read_whole(ring_case_log, log_copy, log_room, &log_bytes);
    const struct pt_ring_header *h = (const void *)ring_copy;
    seen->bytes = log_bytes;
    if (ring_bytes == PT_RING_FILE_BYTES) {
        uint64_t committed = h->committed_bytes[h->generation & 1];
        seen->good = committed <= log_bytes;
        seen->bytes = committed < log_bytes ? committed : log_bytes;
    }
    walk(seen, log_copy, seen->bytes, false);
    if (ring_bytes == PT_RING_FILE_BYTES) {
        walk_ring(seen);
        seen->in_totals = documents_in_totals(h);
        seen->in_overflow = documents_of(ring_copy + h->overflow_offset);
    }
}
