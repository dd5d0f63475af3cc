/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log_follow.h: reads a log that is being written, again and again, each document once.
 *
 * A place says how far the log itself was read. It names a part and an offset in it, since a log
 * may go on in another file between two readings (log_parts.h). The ring has no place: what it
 * holds will be in the log later, so it is read as a whole each time, and a reader must be able to
 * take back what it learned from it (pt_log_walk_ring() in log_stream.h). Log and ring of one
 * pt_log_open_from() are of one moment.
 *
 * Nothing is written or locked. Logs of format version 1 cannot be followed: their chunks fill up
 * in any order. One thread per place.
 */
#ifndef PHASETAP_LOG_FOLLOW_H
#define PHASETAP_LOG_FOLLOW_H

#include "log/log_state.h"

/* Zero bytes: nothing was read yet. */
struct pt_log_place {
    int64_t part;
    uint64_t offset_bytes; /* in the part: where the next document begins */
};

/* False: parts from the place on are not there. Either they were removed, or the log was met while
 * its process began another part; then opening it once more helps. */
bool pt_log_goes_on(const struct pt_log *log, const struct pt_log_place *place);

/* Hands out the documents behind the place, of a log opened by pt_log_open_from(.., place->part),
 * and moves the place behind them. Events of a part that was removed meanwhile are passed over. 0,
 * or what the handler or the file system returned; then the place stays. */
int pt_log_walk_new(struct pt_log *log, struct pt_log_place *place, pt_record_handler handler,
                    void *context);

#endif
