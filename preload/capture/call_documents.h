/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call_documents.h: the documents that one driver call leaves in the log.
 *
 * All documents of a call carry the number t->calls + 1 as `q`, which is how the report puts them
 * together; the span is the last one and uses the number up. Called by capture and interpose, on
 * the thread of the call, between pt_call_enter and pt_call_leave.
 */
#ifndef PT_CALL_DOCUMENTS_H
#define PT_CALL_DOCUMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "bson/reply.h"
#include "capture/call_state.h"
#include "driver/mongoc_abi.h"

/* Records the gap that the entry of the call ended (thread/gap_document.h); only the first time. */
void pt_record_gap(struct pt_call *call);
/* A connection, and the construction time noted with its client. */
void pt_record_connection(struct pt_call *call, int64_t start_ns, int64_t end_ns, bool established);
/* From the entry of the call to `end_ns` the driver did something else, which took `cpu_ns` of CPU
 * time: it waited for a server (PT_PHASE_SERVER_CHECK) or connected. A span of its own, with the
 * gap before it and a number of its own. */
void pt_record_interval(struct pt_call *call, int32_t phase, int64_t end_ns, int64_t cpu_ns);
/* The errors by code that the call has met. */
void pt_record_errors(struct pt_call *call);
void pt_record_command(struct pt_call *call, int32_t id, const struct pt_reply *reply,
                       const bson_error_t *error, int32_t server, int64_t start_ns, int64_t end_ns);
/* Thread CPU time now, and at the end of the call: read once, by whoever needs it first. 0 without
 * PHASETAP_CPU_CLOCK. */
int64_t pt_call_cpu_now(struct pt_call *call);
int64_t pt_call_exit_cpu(struct pt_call *call);
/* The span, and before it its errors and the result of its writes. */
void pt_record_span(struct pt_call *call, int32_t phase, int64_t start_ns, int64_t end_ns, bool ok);

#endif
