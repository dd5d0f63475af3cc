/* SPDX-License-Identifier: Apache-2.0 */
/* intake_connections.h: the handler of connections, and how much of a span they took. */
#ifndef PHASETAP_INTAKE_CONNECTIONS_H
#define PHASETAP_INTAKE_CONNECTIONS_H

#include "intake/intake_state.h"

void pt_intake_connection(struct pt_intake *intake, const struct pt_doc_connection *connection);

/* Nanoseconds of the connections made inside a span: those of its thread and call that begin in [t,
 * t + d). */
int64_t pt_intake_connecting_inside(const struct pt_recorded_thread *thread,
                                    const struct pt_doc_span *span);

#endif
