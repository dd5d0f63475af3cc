/* SPDX-License-Identifier: Apache-2.0 */
/*
 * annotate.h: the far end of the annotation interface (phasetap/phasetap.h): phases that the
 * program names itself. Each thread has a stack of open phases of its own; wrong use is recorded
 * and never fatal.
 */
#ifndef PT_ANNOTATE_H
#define PT_ANNOTATE_H

struct pt_thread;

/* The thread ends: what it left open is noted. */
void pt_annotate_thread_ended(struct pt_thread *t);

/* In the child of a fork: what its parent completed is not its own. */
void pt_annotate_forget(void);

#endif
