/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pen.h: where one writer puts its next document. (recorder.h has the operations.)
 *
 * Every writer of the log, a thread of the host or the profiler's own, has a pen; that is why an
 * event needs neither a lock nor an atomic read-modify-write. The log layer knows pens and nothing
 * of threads: thread/thread.h embeds one in each thread's state. Zeroed memory is a pen without a
 * chunk.
 *
 * Only its owner moves a pen. At the end of the process another thread may read `events`.
 */
#ifndef PT_PEN_H
#define PT_PEN_H

#include <stdbool.h>
#include <stdint.h>

#define PT_SPARE_BYTES 256u

struct pt_pen {
    uint8_t *at;    /* where the next document goes; NULL: no chunk */
    uint8_t *end;   /* of the chunk */
    uint32_t chunk; /* its number, where `at` is not NULL */
    bool filled;    /* it has filled a chunk before: a large one serves it better */
    int32_t number; /* `th` of its documents: 1, 2, ... for threads, 0 for the profiler itself */
    int64_t events; /* documents written since the counts were last published */
    /* Where a document is made that the ring has no room for, until it is in the totals. */
    uint64_t spare[PT_SPARE_BYTES / 8];
};

#endif
