/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace_context.h: the distributed trace that the process was started in, for the manifest.
 *
 * A scheduler that traces its jobs hands them the environment variable TRACEPARENT, in the grammar
 * of the W3C Trace Context header (https://www.w3.org/TR/trace-context/, "traceparent header"):
 * VERSION-TRACEID-PARENTID-FLAGS in lower-case hexadecimal digits. `phasetap export` makes that
 * span the parent of the process's.
 *
 * Only the 16 and 8 bytes of the two ids are kept, and only if the whole value follows the grammar:
 * nothing else of the environment may reach a log. TRACESTATE and BAGGAGE, which hold free text,
 * are not read. Forked children have the ids in their memory, and programs started by exec read the
 * variable themselves.
 */
#ifndef PT_TRACE_CONTEXT_H
#define PT_TRACE_CONTEXT_H

#include <stdbool.h>

#include "bson/bson_writer.h"
#include "phasetap/options.h"

struct pt_trace_context {
    char trace_id[PT_TRACE_ID_CHARS + 1];
    char parent_id[PT_SPAN_ID_CHARS + 1]; /* both empty: the process is in no trace */
};

/* True if the text is a valid traceparent; then both ids are set, otherwise they are empty. A
 * version newer than 00 may have more behind the flags, after another '-'. */
bool pt_trace_context_parse(struct pt_trace_context *ret_context, const char *text);

/* In the constructor: some hosts empty their environment before the first driver call. */
void pt_trace_context_begin(void);
/* Writes `trace_id` and `parent_span_id`, or nothing. On the thread that starts the recording. */
void pt_trace_context_write(struct pt_bson *b);

#endif
