/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call.h: one call of the application into the driver, from entry to return, and what it becomes in
 * the log: a connection, a span, the gap before it.
 *
 * A wrapper does: pt_call_enter, the real call, pt_call_leave. Only a thread's outermost call
 * counts. Nested calls (the driver calling its own exports) are ignored: pt_call_enter returns
 * false. A call that was left by longjmp or by a C++ exception is detected by the next one: its
 * frame lies deeper in the stack than the next one's, or has been overwritten.
 *
 * In between, the monitoring callback reports each command (pt_call_command), on the same thread.
 *
 * Used by the wrappers (interpose) and the monitoring callbacks, on the calling thread. errno is
 * kept, except by pt_call_interval and pt_call_finish, whose callers keep it.
 */
#ifndef PT_CALL_H
#define PT_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/call_state.h"
#include "driver/functions.h"
#include "driver/handles.h"
#include "driver/mongoc_abi.h"
#include "host/thread_life.h"
#include "phasetap/log_format.h"

#define PT_PHASE_BY_COMMAND 0 /* the phase follows from the commands that were sent */

/* What the monitoring callback tells of one command. */
struct pt_command_facts {
    const char *name;
    int64_t duration_ns;
    const uint8_t *reply; /* BSON or NULL */
    int64_t reply_bytes;
    const bson_error_t *error; /* of a failed command, else NULL */
    struct pt_handle *client;  /* of the context it came with; NULL: not known */
    uint32_t server;           /* the driver's number of the server, in its client */
    const char *address;       /* of that server; NULL: not known */
};

bool pt_call_enter(struct pt_call *call, enum pt_function function, const void *object);
void pt_call_leave(struct pt_call *call, int32_t phase, bool ok, const bson_error_t *error);
/* Ends the call for a wrapper that has recorded its interval by itself (pt_call_interval); nobody
 * else may write the end of a call. `recorded`: the thread's next gap begins at `end_ns`; else the
 * gap in progress goes on, and includes the documents that the call handed over. Only if
 * pt_call_is_ours. */
void pt_call_finish(struct pt_call *call, int64_t end_ns, bool recorded);
/* False when the call began in the parent of a fork and returns in the child: nothing may be
 * recorded for it. */
bool pt_call_is_ours(struct pt_call *call);
void pt_call_command(const struct pt_command_facts *facts);
/* The driver connects a socket, inside a call or on a thread of its own. */
void pt_call_connects(void);
/* It begins to connect to a host. */
void pt_call_tries(void);
/* It sleeps between two scans of its servers: before, what to pass behind it. */
int64_t pt_call_sleeps(void);
void pt_call_slept(int64_t start_ns);

/* A write that the driver makes inside a call on GridFS: that call, and `inner` made ready to take
 * what is handed over, of which only the bytes count. NULL: any other nested call. */
struct pt_call *pt_call_of_gridfs(struct pt_call *inner);

/* Documents that the call hands to a write. */
void pt_wrote(struct pt_call *call, int64_t documents, const bson_t *document);
void pt_wrote_many(struct pt_call *call, const bson_t **documents, size_t count);
/* It asks for a removal, which hands over no document. */
void pt_removes(struct pt_call *call);
/* The operations that a bulk has gathered go to the server. */
void pt_bulk_executes(struct pt_call *call, const void *bulk);

/* Records the call as a span without commands (construction of clients, waiting for a pool). */
void pt_call_interval(struct pt_call *call, int32_t phase, int64_t end_ns);

#endif
