/* SPDX-License-Identifier: Apache-2.0 */
/* log_stream.h: logs of format version 2. */
#ifndef PHASETAP_LOG_STREAM_H
#define PHASETAP_LOG_STREAM_H

#include "log/log_state.h"

int pt_log_walk_stream(struct pt_log *log, pt_record_handler handler, void *context);

/* Its two halves. What the file (or the parts of the log) holds from byte `from` on, the begin of a
 * document; `*ret_next` is where a later walk goes on. Unchanged when the walk is ended. */
int pt_log_walk_file(struct pt_log *log, uint64_t from, uint64_t *ret_next,
                     pt_record_handler handler, void *context);
/* What the ring holds, its totals and its status. Nothing where there is no ring. */
int pt_log_walk_ring(struct pt_log *log, pt_record_handler handler, void *context);

/* The counts that a process kept in its ring, as the STATUS document that it would have written. */
void pt_log_ring_status(const struct pt_log *log, struct pt_doc_status *document);

#endif
