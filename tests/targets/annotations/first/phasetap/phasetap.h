/* SPDX-License-Identifier: Apache-2.0 */
/* Frozen: the first version of the header, as programs were compiled with it. The file of today is
 * include/phasetap/phasetap.h.
 *
 * phasetap.h: the annotation interface. A program that includes it can name phases of its own
 * beside those that phasetap recognises by itself.
 *
 * Header only, C11 and C++11 with GCC or Clang. The program neither links nor needs phasetap: the
 * preload object is looked up once when the program starts; without it every call below is one load
 * and one branch that is not taken, and does nothing.
 *
 *     phasetap_begin("Load Checkpoint");
 *     ...
 *     phasetap_end(NULL);                               // NULL: the current phase
 *
 *     PHASETAP_BEGIN("Mask Batch", phasetap_int("batch_num", n), phasetap_text("collection",
 * name)); PHASETAP_END("Mask Batch", phasetap_int("docs_found", found));
 *
 *     {
 *         PHASETAP_SCOPE("Process Batch", phasetap_int("offset", offset));  // ends on every way
 * out of the block: return, break,
 *         ...                                                              // goto, and exceptions
 * in C++
 *     }
 *
 * Phases nest; each thread has its own. Names and metadata are copied (names up to 127 bytes, text
 * up to 255, 3 KiB of metadata a phase); user and password of a URI in a text are removed. What you
 * put into metadata is stored in the log: never put values of documents there. Wrong use (end
 * without begin, end twice, end of an outer phase) is recorded and reported, never fatal. All
 * functions may be called by any thread; none changes errno. None prints or waits, but the two that
 * say so.
 *
 * This is the original's API: start_phase/end_phase -> phasetap_begin/end, phase() ->
 * PHASETAP_SCOPE, calculate_throughput -> phasetap_throughput, get_phase_summary ->
 * phasetap_phase_summary, log_phase_summary -> phasetap_log_summary, generate_performance_report ->
 * phasetap_write_report, start_monitoring/stop_monitoring ->
 * phasetap_start_monitoring/phasetap_stop_monitoring.
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

/* One piece of metadata; make it by the functions below. */
enum phasetap_type { PHASETAP_INT, PHASETAP_REAL, PHASETAP_BOOL, PHASETAP_TEXT };
struct phasetap_field {
    const char *key;
    enum phasetap_type type;
    union {
        int64_t integer;
        double real;
        const char *text;
    } value;
};

/* Durations of one phase's completed entries in this process, seconds. */
struct phasetap_summary {
    int64_t count;
    double total_duration, average_duration, min_duration, max_duration;
};

/* What the preload object offers; use the functions below, not this. */
struct phasetap_api {
    uint32_t size_bytes; /* of this structure: later versions add at its end */
    int32_t (*begin)(const char *name, const struct phasetap_field *fields, size_t count);
    void (*end)(const char *name, const struct phasetap_field *fields, size_t count);
    void (*end_number)(int32_t number);
    double (*throughput)(int64_t documents, double elapsed_seconds);
    int (*phase_summary)(const char *name, struct phasetap_summary *summary);
    int (*log_summary)(void);
    int (*write_report)(const char *path);
    void (*start_monitoring)(double interval_seconds);
    void (*stop_monitoring)(void);
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

static inline struct phasetap_field phasetap_int(const char *key, int64_t value)
{
    struct phasetap_field field;
    field.key = key;
    field.type = PHASETAP_INT;
    field.value.integer = value;
    return field;
}

static inline struct phasetap_field phasetap_real(const char *key, double value)
{
    struct phasetap_field field;
    field.key = key;
    field.type = PHASETAP_REAL;
    field.value.real = value;
    return field;
}

static inline struct phasetap_field phasetap_bool(const char *key, int value)
{
    struct phasetap_field field;
    field.key = key;
    field.type = PHASETAP_BOOL;
    field.value.integer = value != 0;
    return field;
}

static inline struct phasetap_field phasetap_text(const char *key, const char *value)
{
    struct phasetap_field field;
    field.key = key;
    field.type = PHASETAP_TEXT;
    field.value.text = value;
    return field;
}

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

/* Fills `summary` for a phase named by the program; returns 0, or -1 when no entry of it was
 * completed. */
static inline int phasetap_phase_summary(const char *name, struct phasetap_summary *summary)
{
    return PHASETAP_ON ? phasetap_api_pointer->phase_summary(name, summary) : -1;
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

/* A phase that lasts as long as a block. */
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

#define PHASETAP_JOIN_(a, b) a##b
#define PHASETAP_JOIN(a, b)  PHASETAP_JOIN_(a, b)

#ifdef __cplusplus
}

inline void phasetap_begin_list(const char *name, std::initializer_list<phasetap_field> fields)
{
    phasetap_begin_with(name, fields.begin(), fields.size());
}

inline void phasetap_end_list(const char *name, std::initializer_list<phasetap_field> fields)
{
    phasetap_end_with(name, fields.begin(), fields.size());
}

/* The C++ form of a scoped phase. */
class phasetap_scoped_phase {
  public:
    phasetap_scoped_phase(const char *name, std::initializer_list<phasetap_field> fields)
        : scope_(phasetap_scope_begin(name, fields.begin(), fields.size()))
    {
    }
    ~phasetap_scoped_phase()
    {
        phasetap_scope_end(&scope_);
    }
    phasetap_scoped_phase(const phasetap_scoped_phase &) = delete;
    phasetap_scoped_phase &operator=(const phasetap_scoped_phase &) = delete;

  private:
    phasetap_scope scope_;
};

#define PHASETAP_BEGIN(name, ...) phasetap_begin_list(name, {__VA_ARGS__})
#define PHASETAP_END(name, ...)   phasetap_end_list(name, {__VA_ARGS__})
#define PHASETAP_SCOPE(name, ...)                                                                  \
    phasetap_scoped_phase PHASETAP_JOIN(phasetap_scope_, __LINE__)(name, {__VA_ARGS__})
#else
/* A first field without key keeps the array from being empty; it is skipped. */
#define PHASETAP_FIELDS_(...)                                                                      \
    ((const struct phasetap_field[]){{NULL, PHASETAP_INT, {0}}, ##__VA_ARGS__})
#define PHASETAP_COUNT_(...) (sizeof PHASETAP_FIELDS_(__VA_ARGS__) / sizeof(struct phasetap_field))
#define PHASETAP_BEGIN(name, ...)                                                                  \
    do {                                                                                           \
        if (PHASETAP_ON) {                                                                         \
            phasetap_begin_with(name, PHASETAP_FIELDS_(__VA_ARGS__),                               \
                                PHASETAP_COUNT_(__VA_ARGS__));                                     \
        }                                                                                          \
    } while (0)
#define PHASETAP_END(name, ...)                                                                    \
    do {                                                                                           \
        if (PHASETAP_ON) {                                                                         \
            phasetap_end_with(name, PHASETAP_FIELDS_(__VA_ARGS__), PHASETAP_COUNT_(__VA_ARGS__));  \
        }                                                                                          \
    } while (0)
#define PHASETAP_SCOPE(name, ...)                                                                  \
    struct phasetap_scope PHASETAP_JOIN(                                                           \
        phasetap_scope_, __LINE__) __attribute__((cleanup(phasetap_scope_end), unused)) =          \
        phasetap_scope_begin(name, PHASETAP_FIELDS_(__VA_ARGS__), PHASETAP_COUNT_(__VA_ARGS__))
#endif

#endif
