/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MASKER_TRUTH_H
#define MASKER_TRUTH_H

/*
 * The program's own record of what it did and when (--ground-truth FILE): clock reads around its
 * own calls, against which somebody else's measurement can be checked.
 *
 * One truth per process, one truth_log per thread. Lines are kept in memory and written by
 * truth_write() at the end. A log is used by its thread alone; truth_log_open() and truth_intern()
 * may be called by any thread. Without a file name the logs are disabled: every function then
 * returns at once and reads no clock.
 *
 * Times are CLOCK_MONOTONIC nanoseconds. A *gap* is the time between two calls of a thread to the
 * server; it becomes a "mask" line when documents were consumed from a cursor or appended to a bulk
 * in it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    TRUTH_NONE, /* a call that separates gaps but gets no line, such as drop */
    TRUTH_CLIENT_NEW,
    TRUTH_POOL_NEW,
    TRUTH_POOL_POP,
    TRUTH_PING,
    TRUTH_FIND,
    TRUTH_GETMORE,
    TRUTH_MASK,
    TRUTH_INSERT,
    TRUTH_REPLACE,
    TRUTH_CREATE_INDEXES,
    TRUTH_QUEUE_WAIT,
    TRUTH_THREAD,
} truth_operation;

typedef struct truth truth;
typedef struct truth_log truth_log;

/* No line was written: the logs are disabled or memory ran out. */
#define TRUTH_NO_LINE SIZE_MAX

/* NULL `file` gives a disabled truth. Returns NULL when out of memory. Free with truth_free(). */
truth *truth_new(const char *file);
void truth_free(truth *record);

/* The log of the calling thread, owned by the truth. NULL when out of memory; every function takes
 * a NULL log. */
truth_log *truth_log_open(truth *record);

/* A copy of `text` that lives as long as the truth; NULL (shown as "-") when disabled or out of
 * memory. */
const char *truth_intern(truth *record, const char *text);

/* Namespace of the mask lines that follow; NULL shows as "-". */
void truth_set_namespace(truth_log *log, const char *interned);

/* The first and the last call of this thread into the driver: the ends of its "thread" line. */
void truth_thread_start(truth_log *log);
void truth_thread_end(truth_log *log);

/* Around one call to the server: ends the gap and starts the call; ends the call and starts the
 * next gap. */
void truth_call_begin(truth_log *log);
/* Returns the line's index for truth_set_amount(), or TRUTH_NO_LINE. */
size_t truth_call_end(truth_log *log, truth_operation operation, const char *interned,
                      uint64_t documents, uint64_t bytes);
void truth_set_amount(truth_log *log, size_t line, uint64_t documents, uint64_t bytes);

/* Counts one document in the current gap. No clock read. */
void truth_consumed(truth_log *log, uint32_t length_bytes);
void truth_appended(truth_log *log, uint32_t length_bytes);

/* Around a blocking wait for the queue. Begin returns the clock (0 when disabled), to be handed to
 * the end. */
int64_t truth_wait_begin(const truth_log *log);
void truth_wait_end(truth_log *log, int64_t begin_ns);

/* Writes the file; call it after all other threads have ended. False after an error message. */
bool truth_write(truth *record);

#endif
