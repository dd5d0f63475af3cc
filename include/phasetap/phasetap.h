/* SPDX-License-Identifier: Apache-2.0 */
/*
 * phasetap.h: the annotation interface. A program that includes it can name phases of its own
 * beside those that phasetap recognises by itself.
 *
 * Header only; C11 and C++11 or later, GCC or Clang, no warning under -Wall -Wextra -pedantic. The
 * program neither links nor needs phasetap: the preload object is looked up once when the program
 * starts. Without it every call below is one load and one branch that is not taken.
 *
 *     phasetap_begin("Load Checkpoint");
 *     ...
 *     phasetap_end(NULL);                                    // NULL: the current phase
 *
 *     PHASETAP_BEGIN("Mask Batch", phasetap_int("batch_num", n), phasetap_text("rules", name));
 *     ...
 *     PHASETAP_END("Mask Batch", phasetap_int("docs_found", found));
 *
 *     {
 *         PHASETAP_SCOPE("Process Batch", phasetap_int("offset", offset));
 *         ...        // ends on every way out of the block: return, break, goto, C++ exceptions
 *     }
 *
 * Phases nest, up to 32 deep; each thread has its own. Names and metadata are copied. Wrong use
 * (end without begin, end twice, end of an outer phase) is recorded with the phase's name and
 * reported, never fatal. All functions may be called by any thread. None changes errno, prints or
 * waits, except phasetap_log_summary and phasetap_write_report.
 *
 * What you put into metadata is stored in the log: never put values of documents there. User and
 * password of a URI in a text are removed.
 *
 * Bounds. Of a name 127 bytes are kept, of a text 255, of the metadata of a begin or an end 3 KiB,
 * nested 4 deep. What exceeds them is cut, and the report says how often.
 *
 * This is the original's API in C:
 *
 *     start_phase, end_phase              phasetap_begin, phasetap_end
 *     phase()                             PHASETAP_SCOPE
 *     dictionaries, lists                 PHASETAP_DOCUMENT, PHASETAP_LIST
 *     get_phase_summary()                 phasetap_each_phase, phasetap_each_entry
 *     get_phase_summary()[name]           phasetap_phase_summary
 *     generate_performance_report         phasetap_write_report
 *     phases.clear()                      phasetap_reset
 *     log_phase_summary                   phasetap_log_summary
 *     calculate_throughput                phasetap_throughput
 *     start_monitoring, stop_monitoring   phasetap_start_monitoring, phasetap_stop_monitoring
 *
 * Compatibility. A program and a preload object of different versions work together: a call that
 * the preload object does not know yet does nothing, and phasetap_version tells what it knows.
 */
#ifndef PHASETAP_PHASETAP_H
#define PHASETAP_PHASETAP_H

#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#include <initializer_list>
extern "C" {
#endif

/* Of this header, and of a preload object (phasetap_version). 1: begin, end, throughput, summaries,
 * reports, monitoring. 2: nested metadata, phasetap_each_phase, phasetap_each_entry,
 * phasetap_reset. */
#define PHASETAP_HEADER_VERSION 2

/* ---- metadata ---- */

enum phasetap_type {
    PHASETAP_INT,
    PHASETAP_REAL,
    PHASETAP_BOOL,
    PHASETAP_TEXT,
    PHASETAP_NESTED, /* a document: version 2 */
    PHASETAP_ARRAY,  /* a list, whose fields need no key: version 2 */
    PHASETAP_LAST,   /* ends the fields of a macro, is no field itself */
};

/* One piece of metadata; make it with the functions and macros below. */
struct phasetap_field {
    const char *key;
    enum phasetap_type type;
    uint32_t count; /* of `fields`; with the other types not read */
    union {
        int64_t integer;
        double real;
        const char *text;
        const struct phasetap_field *fields;
    } value;
};

static inline struct phasetap_field phasetap_int(const char *key, int64_t value)
{
    struct phasetap_field field;
    field.key = key;
    field.type = PHASETAP_INT;
    field.count = 0;
    field.value.integer = value;
    return field;
}

static inline struct phasetap_field phasetap_real(const char *key, double value)
{
    struct phasetap_field field;
    field.key = key;
    field.type = PHASETAP_REAL;
    field.count = 0;
    field.value.real = value;
    return field;
}

static inline struct phasetap_field phasetap_bool(const char *key, int value)
{
    struct phasetap_field field;
    field.key = key;
    field.type = PHASETAP_BOOL;
    field.count = 0;
    field.value.integer = value != 0;
    return field;
}

/* NULL counts as an empty text. */
static inline struct phasetap_field phasetap_text(const char *key, const char *value)
{
    struct phasetap_field field;
    field.key = key;
    field.type = PHASETAP_TEXT;
    field.count = 0;
    field.value.text = value;
    return field;
}

/* A document or a list of `count` fields, which must live until the call that takes it returns.
 * PHASETAP_DOCUMENT and PHASETAP_LIST take the fields as arguments. */
static inline struct phasetap_field phasetap_document(const char *key,
                                                      const struct phasetap_field *fields,
                                                      size_t count)
{
    struct phasetap_field field;
    field.key = key;
    field.type = PHASETAP_NESTED;
    field.count = (uint32_t)count;
    field.value.fields = fields;
    return field;
}

static inline struct phasetap_field phasetap_list(const char *key,
                                                  const struct phasetap_field *fields, size_t count)
{
    struct phasetap_field field = phasetap_document(key, fields, count);
    field.type = PHASETAP_ARRAY;
    return field;
}

/* ---- what the preload object answers ---- */

/* Durations of one phase's completed entries in this process, since the last phasetap_reset;
 * seconds. */
struct phasetap_summary {
    int64_t count;
    double total_duration, average_duration, min_duration, max_duration;
};

/* One completed entry. `thread` counts the threads of the process from 1, as the report does. Only
 * the preload object makes these; later versions add at the end. */
struct phasetap_entry {
    double start_time, end_time; /* seconds since 1970 */
    double duration_seconds;
    int32_t thread;
};

/* `recognised`: 1 for a phase that phasetap recognised by itself, 0 for one of the program. */
typedef void (*phasetap_phase_visitor)(void *context, const char *name, int recognised,
                                       const struct phasetap_summary *summary);
typedef void (*phasetap_entry_visitor)(void *context, const struct phasetap_entry *entry);

/* What the preload object offers; use the functions below, not this. Later versions add at its
 * end: a member is there when it lies within size_bytes. */
struct phasetap_api {
    uint32_t size_bytes; /* of the preload object's structure */
    int32_t (*begin)(const char *name, const struct phasetap_field *fields, size_t count);
    void (*end)(const char *name, const struct phasetap_field *fields, size_t count);
    void (*end_number)(int32_t number);
    double (*throughput)(int64_t documents, double elapsed_seconds);
    int (*phase_summary)(const char *name, struct phasetap_summary *summary);
    int (*log_summary)(void);
    int (*write_report)(const char *path);
    void (*start_monitoring)(double interval_seconds);
    void (*stop_monitoring)(void);
    /* version 2 */
    int32_t (*version)(void);
    size_t (*each_phase)(phasetap_phase_visitor visit, void *context);
    size_t (*each_entry)(const char *name, phasetap_entry_visitor visit, void *context);
    void (*reset)(void);
};

/* NULL without the preload object. One for each source file that includes this header. */
static const struct phasetap_api *phasetap_api_pointer __attribute__((unused));

__attribute__((constructor, unused)) static void phasetap_find(void)
{
    typedef const struct phasetap_api *(*entry)(void);
    union {
        void *object;
        entry function;
    } found;
    found.object = dlsym(RTLD_DEFAULT, "phasetap_api_v1");
    if (found.object) {
        phasetap_api_pointer = found.function();
    }
}

#define PHASETAP_ON (__builtin_expect(phasetap_api_pointer != NULL, 0))
/* The preload object is there, and new enough for a member of version 2 or later. */
#define PHASETAP_HAS_(member)                                                                      \
    (PHASETAP_ON && phasetap_api_pointer->size_bytes > offsetof(struct phasetap_api, member))

/* Version of the preload object; 0: there is none. */
static inline int phasetap_version(void)
{
    if (PHASETAP_HAS_(version)) {
        return phasetap_api_pointer->version();
    }
    return PHASETAP_ON ? 1 : 0;
}

/* ---- phases ---- */

/* Enters a phase. The _with form takes `count` fields of metadata; PHASETAP_BEGIN takes them as
 * arguments. */
static inline void phasetap_begin_with(const char *name, const struct phasetap_field *fields,
                                       size_t count)
{
    if (PHASETAP_ON) {
        phasetap_api_pointer->begin(name, fields, count);
    }
}

static inline void phasetap_begin(const char *name)
{
    phasetap_begin_with(name, NULL, 0);
}

/* Leaves the phase `name`, or the current one when it is NULL. Ending an outer phase ends those
 * inside it, and is noted. */
static inline void phasetap_end_with(const char *name, const struct phasetap_field *fields,
                                     size_t count)
{
    if (PHASETAP_ON) {
        phasetap_api_pointer->end(name, fields, count);
    }
}

static inline void phasetap_end(const char *name)
{
    phasetap_end_with(name, NULL, 0);
}

/* Notes that `documents` were processed in `elapsed_seconds` (0: since the program started).
 * Returns documents a second, 0 without the preload object. */
static inline double phasetap_throughput(int64_t documents, double elapsed_seconds)
{
    return PHASETAP_ON ? phasetap_api_pointer->throughput(documents, elapsed_seconds) : 0.0;
}

/* ---- figures inside the process ---- */

/* Fills `summary` for the phase of that name: the program's own, else the recognised one. Accepts
 * each name that phasetap_each_phase gives. 0, or -1 when no entry of it was completed. */
static inline int phasetap_phase_summary(const char *name, struct phasetap_summary *summary)
{
    return PHASETAP_ON ? phasetap_api_pointer->phase_summary(name, summary) : -1;
}

/* Calls `visit` for each phase with a completed entry: those of the program in the order in which
 * they first ended, then the recognised ones. A recognised phase whose name the program uses too is
 * called "NAME (recognised)", as in the report. Returns the number of phases. */
static inline size_t phasetap_each_phase(phasetap_phase_visitor visit, void *context)
{
    return PHASETAP_HAS_(each_phase) ? phasetap_api_pointer->each_phase(visit, context) : 0;
}

/* Calls `visit` for the entries of a phase of the program, in the order in which they ended. Of all
 * phases together the last 4096 entries are kept; the report has all, with their metadata. Returns
 * the number of entries visited. */
static inline size_t phasetap_each_entry(const char *name, phasetap_entry_visitor visit,
                                         void *context)
{
    return PHASETAP_HAS_(each_entry) ? phasetap_api_pointer->each_entry(name, visit, context) : 0;
}

/* Starts anew: summaries, entries, and what phasetap_log_summary and phasetap_write_report report
 * from here on begin at this moment. Phases that are open now began before it and are left out. The
 * log keeps everything: `phasetap report` still covers the whole run. Call it between two pieces of
 * work (collections, batches): of an entry that another thread ends at the same moment it is not
 * defined to which side it belongs. */
static inline void phasetap_reset(void)
{
    if (PHASETAP_HAS_(reset)) {
        phasetap_api_pointer->reset();
    }
}

/* Prints the summary of the run so far on standard error. Runs the tool `phasetap` and waits for
 * it. 0, or -1 when that was not possible. */
static inline int phasetap_log_summary(void)
{
    return PHASETAP_ON ? phasetap_api_pointer->log_summary() : -1;
}

/* Writes the JSON report of the run so far into the file `path`. Runs the tool `phasetap` and waits
 * for it. 0, or -1 when that was not possible. */
static inline int phasetap_write_report(const char *path)
{
    return PHASETAP_ON ? phasetap_api_pointer->write_report(path) : -1;
}

/* ---- sampling ---- */

/* Starts sampling of resources, or changes its interval (0.01 to 3600 seconds; 0: the configured
 * one). It runs from the first driver call anyway. */
static inline void phasetap_start_monitoring(double interval_seconds)
{
    if (PHASETAP_ON) {
        phasetap_api_pointer->start_monitoring(interval_seconds);
    }
}

/* Takes a last sample and pauses the sampling. Does not wait. */
static inline void phasetap_stop_monitoring(void)
{
    if (PHASETAP_ON) {
        phasetap_api_pointer->stop_monitoring();
    }
}

/* ---- scopes: a phase that lasts as long as a block ---- */

struct phasetap_scope {
    int32_t number;
};

static inline struct phasetap_scope phasetap_scope_begin(const char *name,
                                                         const struct phasetap_field *fields,
                                                         size_t count)
{
    struct phasetap_scope scope;
    scope.number = PHASETAP_ON ? phasetap_api_pointer->begin(name, fields, count) : 0;
    return scope;
}

/* A phase that was ended by name in the block already stays ended. */
static inline void phasetap_scope_end(struct phasetap_scope *scope)
{
    if (PHASETAP_ON && scope->number) {
        phasetap_api_pointer->end_number(scope->number);
    }
}

#ifdef __cplusplus
}
#endif

#include "macros.h"

#endif
