/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gap_document.h: records the application's own time between two recorded calls of one thread, from
 * which the report takes masking and waiting.
 *
 * Beside the thread's state because a gap ends in two ways: with the next call
 * (capture/call_documents.h) or with the thread (host/thread_life.c). By the state's owner.
 */
#ifndef PT_GAP_DOCUMENT_H
#define PT_GAP_DOCUMENT_H

#include <stdint.h>

struct pt_thread;

/* Records the gap from t->mark_ns to `end_ns`, and starts the next one's counts at zero.
 * `end_cpu_ns` is the thread's CPU time at its end (any value without PHASETAP_CPU_CLOCK). The call
 * that ends the gap hands `wrote_documents` of `wrote_bytes` to the driver. */
void pt_gap_record(struct pt_thread *t, int64_t end_ns, int64_t end_cpu_ns, int64_t wrote_documents,
                   int64_t wrote_bytes);

/* The gap from the last recorded call to the end of the thread, or of the process; nothing when no
 * call was recorded. What was read is masked even if no round trip follows. */
void pt_gap_record_last(struct pt_thread *t, int64_t end_ns, int64_t end_cpu_ns);

#endif
