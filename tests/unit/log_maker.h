/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log_maker.h: writes synthetic logs as docs/FORMAT.md describes them, for the tests of the reader
 * and of the reports. The log lies in memory; log_maker_save() puts it into a file.
 *
 * Documents of a fixed layout are made with MAKE(tag, .field = value, ...), for example
 *     log_maker_put(&maker, 1, MAKE(span, .th = 1, .q = 1, .ph = 2, .t = 100, .d = 50));
 * Each thread writes chunks of its own; a chunk is closed by its filler when the next document does
 * not fit. A failed allocation ends the test program.
 */
#ifndef LOG_MAKER_H
#define LOG_MAKER_H

#include <bson/bson.h>
#include <stddef.h>
#include <stdint.h>

#include <phasetap/log_format.h>

#define LOG_MAKER_THREADS 16

struct log_maker {
    uint8_t *bytes;
    size_t
        length; /* a multiple of the chunk's length, unless documents stand behind the last chunk */
    struct {
        size_t at, end; /* where the next document of the thread goes, and the end of its chunk; 0,
                           0: no chunk */
    } threads[LOG_MAKER_THREADS];
    int64_t pid;      /* of the manifest */
    int64_t start_ns; /* `start` and `t` of the manifest */
    int64_t realtime_ns;
};

/* Sets pid 4242, start at 1 s, clock of day 2025-01-04T15:00:00Z; change the fields before
 * log_maker_begin(). */
void log_maker_init(struct log_maker *maker);
void log_maker_release(struct log_maker *maker);

/* Manifest and status, in the chunk of thread 1. */
void log_maker_begin(struct log_maker *maker);
/* A document of a fixed layout: its bytes. */
void log_maker_put(struct log_maker *maker, int thread, const void *document);
/* Any other document, padded; it is destroyed. */
void log_maker_put_bson(struct log_maker *maker, int thread, bson_t *document);

/* Rare documents. */
void log_maker_thread(struct log_maker *maker, int thread, int64_t tid, int64_t t_ns,
                      const char *event);
void log_maker_namespace(struct log_maker *maker, int id, const char *database,
                         const char *collection);
void log_maker_phase(struct log_maker *maker, int id, const char *name);
void log_maker_driver(struct log_maker *maker, const char *version, const char *soname);
/* A driver whose calls could not be seen. */
void log_maker_clock(struct log_maker *maker, int clock, int64_t deviation_ns, int64_t cost_ns);
void log_maker_unseen(struct log_maker *maker, int why, const char *object);
void log_maker_annotate(struct log_maker *maker, int thread, int phase, int q, int parent,
                        int64_t t_ns, const char *json);
void log_maker_leave(struct log_maker *maker, int thread, int phase, int q, int64_t t_ns,
                     int64_t d_ns, const char *json);
void log_maker_throughput(struct log_maker *maker, int64_t documents, double seconds);
void log_maker_misuse(struct log_maker *maker, int phase, int what);
void log_maker_end(struct log_maker *maker, int64_t t_ns);
/* The same with threads that still use the driver, and children that could not record. */
void log_maker_end_missing(struct log_maker *maker, int64_t t_ns, int busy, int lost, int reason);
/* A short chunk behind everything, as `phasetap run` writes it. */
void log_maker_run_end(struct log_maker *maker, int status, int signal);
/* An event whose length was not stored: the last thing its thread writes. */
void log_maker_tear(struct log_maker *maker, int thread);
/* Chunks that were never begun, at the end. */
void log_maker_hole(struct log_maker *maker, size_t chunks);

void log_maker_save(const struct log_maker *maker, const char *path);

#define MAKE(tag, ...)                             log_maker_stamp(&(struct pt_doc_##tag){__VA_ARGS__}, LOG_MAKER_KIND_##tag)
#define LOG_MAKER_KIND_ROW(tag, FIELDS, pad, kind) LOG_MAKER_KIND_##tag = PT_KIND_##kind,
enum log_maker_kind { PT_DOCUMENTS(LOG_MAKER_KIND_ROW) };

/* Fills in length, types, keys and kind; returns the document. */
const void *log_maker_stamp(void *document, enum log_maker_kind kind);

#endif
