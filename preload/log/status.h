/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status.h: the counts of the recording as a whole: events written and lost, the first reason for a
 * loss, driver objects that could not be followed, clock reads, threads.
 *
 * A killed process runs no exit code, and its report must still say what is missing: so the counts
 * are kept in the header of the ring, where a reader finds them. After an ordered end the log has
 * them as its STATUS document (host/manifest.h).
 *
 * All layers above base may call this, from any thread. No lock, no system call; each count is
 * atomic for itself, so a reader may see some of them older than others.
 */
#ifndef PT_STATUS_H
#define PT_STATUS_H

#include "phasetap/ring_format.h"

/* ---- losses ---- */

/* Counts events that are lost. Of the reasons the first one stays. The recording goes on. */
void pt_status_lose_event(enum pt_reason reason);
void pt_status_lose_events(enum pt_reason reason, int64_t count);
/* Counts one driver object that cannot be followed: no room for its handle or for its monitoring.
 */
void pt_status_lose_object(void);

int64_t pt_status_events_lost(void);
int64_t pt_status_objects_lost(void);
enum pt_reason pt_status_reason(void); /* PT_REASON_NONE: nothing was lost */

/* Why the log takes nothing at the moment; PT_REASON_NONE: it does. */
void pt_status_obstruct(enum pt_reason reason);
/* The reason for an event that finds no free chunk. */
enum pt_reason pt_status_obstacle(void);

/* ---- what was written ---- */

void pt_status_thread_seen(void);
/* Adds the counts of a thread: at its end, or at the end of the process. */
void pt_status_add(int64_t events, int64_t clocks, int64_t cpus);

void pt_status_read(struct pt_ring_status *out);

/* From now on the counts are kept there. Once, by the thread that starts the recording. */
void pt_status_attach(struct pt_ring_status *in_ring);
/* In the child of a fork: detaches from the parent's ring and begins anew. Lost objects stay: the
 * child has the parent's objects. */
void pt_status_forget(void);

#endif
