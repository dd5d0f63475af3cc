/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace_open.h: which annotated phases are open on a thread while its log is walked, so that an
 * event can name the one around it before that phase has ended. At most PT_OPEN_PHASES on a thread;
 * deeper ones are not told apart from the one around them. One thread.
 */
#ifndef PHASETAP_TRACE_OPEN_H
#define PHASETAP_TRACE_OPEN_H

#include "log/log_layout.h"
#include "model/recorded_process.h"

/* Takes a BEGIN or FINISH document. */
void pt_trace_open_begin(struct pt_process *process, const struct pt_record *record);
void pt_trace_open_finish(struct pt_process *process, const struct pt_record *record);

/* Number of the innermost open phase that had begun at that time since 1970; 0: none, or a thread
 * that is not known. */
int32_t pt_trace_open_inside(const struct pt_process *process, int32_t thread, int64_t start_ns);

#endif
