/* SPDX-License-Identifier: Apache-2.0 */
/*
 * activity.h: what the threads of a run did over its course, and the process's memory, as series
 * (time_series.h). Those of a process are merged into the model's at the end of its log and freed
 * then; what is drawn from one process alone, the growth of its memory, is computed before.
 */
#ifndef PHASETAP_ACTIVITY_H
#define PHASETAP_ACTIVITY_H

#include "model/time_series.h"

/* Values of the series: nanoseconds of all threads together, and documents. */
enum pt_activity {
    PT_ACTIVITY_READING,
    PT_ACTIVITY_WRITING,
    PT_ACTIVITY_OTHER_CALLS,
    PT_ACTIVITY_COMPUTING, /* of the application */
    PT_ACTIVITY_READ,      /* documents */
    PT_ACTIVITY_WRITTEN
};

/* Values of the series of memory, which keeps the highest of each bucket. */
enum pt_memory_value { PT_MEMORY_RESIDENT };

/* What a thread did. */
struct pt_thread_work {
    int64_t reading_ns, writing_ns, other_ns; /* in calls, without waits and connections */
    int64_t read, written;                    /* documents */
    int64_t first_ns, last_ns;                /* since 1970: its first and last call */
};

enum pt_memory_shape {
    PT_MEMORY_UNKNOWN, /* too few samples, or nothing grew */
    PT_MEMORY_PLATEAU, /* it stopped growing */
    PT_MEMORY_RAMP     /* it grew until the end, with the documents */
};

struct pt_memory_growth {
    enum pt_memory_shape shape;
    int64_t samples;                   /* buckets with a sample */
    int64_t warm_documents, documents; /* where the fit begins, and all */
    double bytes_per_document, r2;
    int64_t start_bytes, end_bytes, start_ns, end_ns;
};

/* From the series of one process. */
struct pt_memory_growth pt_memory_growth_of(const struct pt_time_series *activity,
                                            const struct pt_time_series *memory);

#endif
