/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recorder.h: puts documents into the log. (docs/FORMAT.md, "How an event is written")
 *
 * Each thread writes into a chunk of its own: no lock, no system call and no allocation for an
 * event, but one system call for a new chunk every few hundred events. A document becomes part of
 * the log by the store of its length, the last one; a process killed before that store has lost
 * this event only, after it nothing.
 *
 * A document of a fixed layout is written by PT_RECORD(thread, tag, KIND, .field = value, ...).
 * Others are made by bson_writer.h and given to pt_record_bytes. When there is no room (size limit,
 * full disk, process ending) the event is counted as dropped.
 */
#ifndef PT_RECORDER_H
#define PT_RECORDER_H

#include <string.h>

#include "phasetap/log_format.h"
#include "host/thread_life.h"

/* Slow path: gives the thread a chunk with room for `bytes`; false: the event is lost and counted.
 */
bool pt_record_new_chunk(struct pt_thread *t, uint32_t bytes);

/* Gives the thread's chunk back for a thread that begins later. */
void pt_record_release_chunk(struct pt_thread *t);

/* In a child after fork: forgets the parent's chunks and counts. */
void pt_record_reset(void);

int64_t pt_record_dropped(void);
enum pt_reason pt_record_reason(void);
/* Counts an event that is lost for this reason; the first reason stays. Recording goes on. */
void pt_record_lose(enum pt_reason reason);

/* Makes every one of the `chunks` claimed chunks end in a filler; waits a moment for writers. At
 * the end of the process. */
void pt_record_settle(uint32_t chunks);

/* Copies a document made by bson_writer.h into the log. `bytes` is a multiple of PT_ALIGN_BYTES. */
void pt_record_bytes(struct pt_thread *t, const void *document, uint32_t bytes);

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

/* Where a document of `bytes` is to be written from its fifth byte on, or NULL: dropped. */
static inline uint8_t *pt_record_reserve(struct pt_thread *t, uint32_t bytes)
{
    if (__builtin_expect((size_t)(t->chunk_end - t->at) < (size_t)bytes + 8, 0) &&
        !pt_record_new_chunk(t, bytes)) {
        return NULL;
    }
    t->writing = true;
    uint8_t *p = t->at;
    pt_record_filler(p + bytes, (uint32_t)(t->chunk_end - p) - bytes);
    return p;
}

/* The document at p is complete: it becomes part of the log. */
static inline void pt_record_commit(struct pt_thread *t, uint8_t *p, uint32_t bytes)
{
    __atomic_store_n((uint32_t *)(void *)p, bytes, __ATOMIC_RELEASE);
    t->at = p + bytes;
    t->events++;
    t->writing = false;
}

#define PT_DECLARE_TEMPLATE(tag, FIELDS, pad, kind)                                                \
    static const struct pt_doc_##tag pt_template_##tag __attribute__((unused)) =                   \
        PT_TEMPLATE(tag, FIELDS, pad);
PT_DOCUMENTS(PT_DECLARE_TEMPLATE)

/* Opens a document of a fixed layout for filling; follow by assignments to `doc->field` and
 * PT_RECORD_END. */
#define PT_RECORD_BEGIN(t, tag, kind, doc)                                                         \
    do {                                                                                           \
        struct pt_thread *record_thread = (t);                                                     \
        struct pt_doc_##tag *doc = (void *)pt_record_reserve(record_thread, sizeof *doc);          \
        if (doc) {                                                                                 \
            memcpy((uint8_t *)doc + 4, (const uint8_t *)&pt_template_##tag + 4, sizeof *doc - 4);  \
            doc->k = PT_KIND_##kind;                                                               \
            doc->th = record_thread->number;

#define PT_RECORD_END(doc)                                                                         \
    pt_record_commit(record_thread, (uint8_t *)doc, sizeof *doc);                                  \
    }                                                                                              \
    }                                                                                              \
    while (0)

#endif
