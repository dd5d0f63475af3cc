/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flush.h: appends what threads have written into the ring to the log, and gives full chunks back.
 *
 * One flush at a time, under a try lock: the writer thread (host/writer.h), or, where there is
 * none, the thread that needs a chunk. It takes no other lock and waits for nothing but the file
 * system. Events of one thread reach the log in their order.
 *
 * Killed at any instruction, log and ring together hold each event exactly once:
 *  1. The intent in the ring's header names the chunks and how far each will be flushed.
 *  2. The bytes are appended to the log.
 *  3. The generation in the header moves on: from this store on the append counts, and the log's
 *     length is the one of this generation. Whatever lies behind that length does not count.
 *  4. The chunks' own counts follow; the intent ends; full chunks become free.
 */
#ifndef PT_FLUSH_H
#define PT_FLUSH_H

#include <stdbool.h>
#include <stdint.h>

enum pt_flush { PT_FLUSH_NOTHING, PT_FLUSH_DONE, PT_FLUSH_FAILED, PT_FLUSH_BUSY };

/* Appends all that was complete when it was called. NOTHING: there was nothing; FAILED: the log
 * takes nothing now, the events wait in the ring; BUSY: another thread is at it. Keeps errno.
 * kept_fd: where a thread with a descriptor table of its own keeps the log open from one flush to
 * the next, at first -1. NULL: it is opened and closed. */
enum pt_flush pt_flush(int *kept_fd);

/* At the end of the process, when all is flushed: stores the totals (totals.h) in the log. False:
 * they could not be, and the ring must stay. Keeps errno. */
bool pt_flush_totals(void);

/* Who is woken when free chunks get few; NULL: nobody, threads flush for themselves. `wake` is
 * called by threads of the host and must not block. */
void pt_flush_set_waker(void (*wake)(void));
/* Wakes it, if there is one. */
bool pt_flush_wake(void);

/* True if the ring holds something that the log does not. Any thread. */
bool pt_flush_is_pending(void);

/* In the child of a fork. */
void pt_flush_forget(void);

#endif
