/* SPDX-License-Identifier: Apache-2.0 */
/* record_call.h: the documents that one call leaves in the log. All of one call carry the number
 * t->calls + 1 as `q`; the span, the last one, uses it up. By the calling thread. */
#ifndef PT_RECORD_CALL_H
#define PT_RECORD_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/call.h"

/* Closes the gap in progress at the entry of the call, once. */
void pt_record_gap(struct pt_call *call);
/* The gap from a thread's last recorded call to its end. No round trip followed, so it counts no
 * documents. */
void pt_record_last_gap(struct pt_thread *t, int64_t end_ns);
/* A connection, and the construction time noted with its client. */
void pt_record_connection(struct pt_call *call, int64_t start_ns, int64_t end_ns, bool established);
/* From the entry of the call to `end_ns` the driver looked after its servers: a span of its own,
 * with the gap before it. */
void pt_record_check(struct pt_call *call, int64_t end_ns);
/* The errors by code that the call has met. */
void pt_record_errors(struct pt_call *call);
void pt_record_command(struct pt_call *call, int32_t id, const struct pt_reply *reply,
                       const bson_error_t *error, int64_t start_ns, int64_t end_ns);
/* The span, and before it its errors and the result of its writes. */
void pt_record_span(struct pt_call *call, int32_t phase, int64_t start_ns, int64_t end_ns, bool ok);

#endif
