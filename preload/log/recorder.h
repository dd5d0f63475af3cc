/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recorder.h: puts documents into the ring, from where they get into the log (flush.h).
 *
 * Each pen writes into a chunk of its own: an event needs no lock, no system call and no
 * allocation. A document becomes part of the record by the store of its length, which is the last
 * store of it. A process killed before that store loses this one event; killed after it, none.
 *
 * Two ways to write, both by the pen's owner:
 *   - the frequent documents have a fixed layout (phasetap/log_format.h) and are filled in place:
 *         PT_RECORD(pen, gap, doc) {
 *             doc->q = ...;
 *         }
 *   - the others are made by bson/bson_writer.h and copied by pt_record_bytes.
 * Where there is no free chunk (the log cannot be written, or not fast enough) the event is added
 * to the totals (totals.h) if it is of a kind that has some, and otherwise counted as lost
 * (status.h); the caller goes on as if it were written. All layers above may call this.
 */
#ifndef PT_RECORDER_H
#define PT_RECORDER_H

#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include "log/pen.h"
#include "phasetap/log_format.h"

/* Copies a document made by bson_writer.h. `bytes` is a multiple of PT_ALIGN_BYTES. */
void pt_record_bytes(struct pt_pen *pen, const void *document, uint32_t bytes);

/* Slow path of pt_record_reserve: gives the pen a chunk with room for `bytes`, and returns where to
 * write. Without one: the pen's spare place. NULL: the event is lost and counted. */
uint8_t *pt_record_new_chunk(struct pt_pen *pen, uint32_t bytes);

/* Slow path of pt_record_commit: a document at the spare place goes into the totals, or is lost. */
void pt_record_spare(struct pt_pen *pen);

/* The pen gives its chunk up: at the end of its thread, or in a crowd. */
void pt_record_finish_chunk(struct pt_pen *pen);

/* Whether so many threads record that they must share chunks: then each gives its chunk up at the
 * end of a call (pt_record_pause). Any thread. */
void pt_record_crowd(bool crowded);

/* In the child of a fork. */
void pt_record_forget(void);

/* ---- the fast path ---- */

/* Set by pt_record_crowd. */
extern atomic_bool pt_record_crowded;

/* Between two calls of a thread: in a crowd, an idle thread keeps no chunk. */
static inline void pt_record_pause(struct pt_pen *pen)
{
    if (__builtin_expect(atomic_load_explicit(&pt_record_crowded, memory_order_relaxed), 0)) {
        pt_record_finish_chunk(pen);
    }
}

/* Where a document of `bytes` is to be written, from its fifth byte on; NULL: the event is lost.
 * The length word behind the document always has room. */
static inline uint8_t *pt_record_reserve(struct pt_pen *pen, uint32_t bytes)
{
    if (__builtin_expect((size_t)(pen->end - pen->at) < (size_t)bytes + sizeof(uint32_t), 0)) {
        return pt_record_new_chunk(pen, bytes);
    }
    return pen->at;
}

/* The document at p is complete: the store of its length makes it part of the record. The word
 * behind it must say before that nothing follows: the chunk holds old documents. */
static inline void pt_record_commit(struct pt_pen *pen, uint8_t *p, uint32_t bytes)
{
    __atomic_store_n((uint32_t *)(void *)(p + bytes), 0, __ATOMIC_RELAXED);
    __atomic_store_n((uint32_t *)(void *)p, bytes, __ATOMIC_RELEASE);
    if (__builtin_expect(p == (uint8_t *)pen->spare, 0)) {
        pt_record_spare(pen);
        return;
    }
    pen->at = p + bytes;
    pen->events++;
}

_Static_assert(sizeof(struct pt_doc_span) + sizeof(uint32_t) <= PT_SPARE_BYTES &&
                   sizeof(struct pt_doc_system) + sizeof(uint32_t) <= PT_SPARE_BYTES,
               "the largest documents of a fixed layout");

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
