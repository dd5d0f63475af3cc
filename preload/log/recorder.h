/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recorder.h: puts documents into the log. (docs/FORMAT.md, "How an event is written")
 *
 * Each pen writes into a chunk of its own: an event needs no lock, no system call and no
 * allocation; a new chunk, every few hundred events, needs one system call. A document becomes part
 * of the log by the store of its length, which is the last store. A process killed before that
 * store loses this one event; killed after it, none.
 *
 * Two ways to write, both by the pen's owner:
 *   - the frequent documents have a fixed layout (phasetap/log_format.h) and are filled in place:
 *         PT_RECORD(pen, gap, doc) {
 *             doc->q = ...;
 *         }
 *   - the others are made by bson/bson_writer.h and copied by pt_record_bytes.
 * When there is no room (size limit, full disk, process ending) the event is counted as lost
 * (status.h), and the caller goes on as if it were written. All layers above may call this.
 */
#ifndef PT_RECORDER_H
#define PT_RECORDER_H

#include <stddef.h>
#include <string.h>

#include "log/pen.h"
#include "phasetap/log_format.h"

/* Copies a document made by bson_writer.h into the log. `bytes` is a multiple of PT_ALIGN_BYTES. */
void pt_record_bytes(struct pt_pen *pen, const void *document, uint32_t bytes);

/* Slow path of pt_record_reserve: gives the pen a chunk with room for `bytes`. False: the event is
 * lost and counted. */
bool pt_record_new_chunk(struct pt_pen *pen, uint32_t bytes);

/* When the pen's thread ends: keeps the rest of its chunk for a pen that begins later. */
void pt_record_release_chunk(struct pt_pen *pen);

/* In the child of a fork: forgets the parent's chunks. */
void pt_record_reset(void);

/* ---- the end of the process: leaves every chunk ending in a filler ---- */
/* In this order, after pt_log_file_close: */

/* 1. Waits a moment for threads that have claimed a chunk and not begun it. */
void pt_record_await_claims(void);
/* 2. For each pen: waits a moment for its writer, then puts a filler over what it left unfinished.
 */
void pt_record_settle(struct pt_pen *pen);
/* 3. Puts a filler over each of the first `chunks` chunks that nobody has claimed. */
void pt_record_fill_unclaimed(uint32_t chunks);

/* ---- the fast path ---- */

/* Puts a filler over `bytes` (a multiple of 8, at least 8) at p; its length word last. */
static inline void pt_record_filler(uint8_t *p, uint32_t bytes)
{
    if (bytes == 8) {
        memcpy(p + 4, "\x0A_\0\0", 4);
    } else {
        uint32_t binary_bytes = bytes - 13;
        memcpy(p + 4, "\x05_", 3);
        memcpy(p + 7, &binary_bytes, 4);
        p[11] = 0x80;
    }
    __atomic_store_n((uint32_t *)(void *)p, bytes, __ATOMIC_RELEASE);
}

/* Where a document of `bytes` is to be written, from its fifth byte on; NULL: the event is lost.
 * The filler behind the document comes first, so that the chunk is whole at every moment. */
static inline uint8_t *pt_record_reserve(struct pt_pen *pen, uint32_t bytes)
{
    if (__builtin_expect((size_t)(pen->chunk_end - pen->at) < (size_t)bytes + 8, 0) &&
        !pt_record_new_chunk(pen, bytes)) {
        return NULL;
    }
    pen->writing = true;
    uint8_t *p = pen->at;
    pt_record_filler(p + bytes, (uint32_t)(pen->chunk_end - p) - bytes);
    return p;
}

/* The document at p is complete: the store of its length makes it part of the log. */
static inline void pt_record_commit(struct pt_pen *pen, uint8_t *p, uint32_t bytes)
{
    __atomic_store_n((uint32_t *)(void *)p, bytes, __ATOMIC_RELEASE);
    pen->at = p + bytes;
    pen->events++;
    pen->writing = false;
}

/* What all documents of a fixed layout begin with; but STATUS, which belongs to no thread. */
struct __attribute__((packed)) pt_doc_head {
    int32_t length;
    PT_FIELD_I(k)
    PT_FIELD_I(th)
};

/* For each row of PT_DOCUMENTS, as an example for `gap`: pt_record_open_gap(pen) reserves room for
 * a struct pt_doc_gap and fills in keys, kind and thread; NULL: the event is lost. */
#define PT_DEFINE_OPEN(tag, FIELDS, pad, kind)                                                     \
    static const struct pt_doc_##tag pt_template_##tag __attribute__((unused)) =                   \
        PT_TEMPLATE(tag, FIELDS, pad);                                                             \
    static inline struct pt_doc_##tag *pt_record_open_##tag(struct pt_pen *pen)                    \
    {                                                                                              \
        struct pt_doc_##tag *doc = (void *)pt_record_reserve(pen, sizeof *doc);                    \
        if (doc == NULL) {                                                                         \
            return NULL;                                                                           \
        }                                                                                          \
        memcpy((uint8_t *)doc + 4, (const uint8_t *)&pt_template_##tag + 4, sizeof *doc - 4);      \
        doc->k = PT_KIND_##kind;                                                                   \
        if (PT_KIND_##kind != PT_KIND_STATUS) {                                                    \
            memcpy((uint8_t *)doc + offsetof(struct pt_doc_head, th), &pen->number, 4);            \
        }                                                                                          \
        return doc;                                                                                \
    }
PT_DOCUMENTS(PT_DEFINE_OPEN)

/* A statement: `PT_RECORD(pen, tag, doc) { doc->field = value; ... }` writes one document of the
 * row `tag`. The block runs once, or not at all when the event is lost; what it does not assign is
 * 0. A break, return or goto out of it would leave the document unfinished. Evaluates `pen` twice.
 */
#define PT_RECORD(pen, tag, doc)                                                                   \
    for (struct pt_doc_##tag *doc = pt_record_open_##tag(pen); doc != NULL;                        \
         pt_record_commit(pen, (uint8_t *)doc, sizeof *doc), doc = NULL)

#endif
