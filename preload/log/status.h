/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status.h: the counts of the recording as a whole: events written and lost, the first reason for a
 * loss, driver objects that could not be followed, clock reads, threads.
 *
 * They stand in the STATUS document, the second one of the log, which is updated in place: a killed
 * process runs no exit code, and its report must still say what is missing. host/manifest.c writes
 * the document; until pt_status_attach and after pt_status_forget only the counters exist.
 *
 * All layers above base may call this, from any thread. No lock, no system call; each number is
 * stored by itself, so a reader may see some of them older than others.
 */
#ifndef PT_STATUS_H
#define PT_STATUS_H

#include "phasetap/log_format.h"

/* ---- losses ---- */

/* Counts one event that is lost, and publishes. Of the reasons the first one stays. The recording
 * goes on. */
void pt_status_lose_event(enum pt_reason reason);
/* Counts one driver object that cannot be followed: no room for its handle or for its monitoring.
 */
void pt_status_lose_object(void);

int64_t pt_status_events_lost(void);
int64_t pt_status_objects_lost(void);
enum pt_reason pt_status_reason(void); /* PT_REASON_NONE: nothing was lost */

/* ---- what was written ---- */

void pt_status_thread_seen(void);
/* Adds the counts of a thread: at its end, or at the end of the process. */
void pt_status_add(int64_t events, int64_t clocks, int64_t cpus);

/* ---- the document ---- */

/* From now on the counts are published in this document of the mapped log. Once, by the thread that
 * starts the recording. */
void pt_status_attach(struct pt_doc_status *document);
/* Stores all counts, and the state, in the document. */
void pt_status_publish(enum pt_state state);
/* The same without the state. */
void pt_status_refresh(void);
/* In the child of a fork: detaches from the parent's document and sets the counts of events to
 * zero. Lost objects stay: the child has the parent's objects. */
void pt_status_forget(void);

#endif
