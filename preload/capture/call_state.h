/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call_state.h: what is known of a call in progress. Apart from call.h, since both call.c, which
 * fills it, and call_documents.c, which writes it to the log, build on it. It lies in the stack
 * frame of the wrapper; only the calling thread touches it.
 */
#ifndef PT_CALL_STATE_H
#define PT_CALL_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "bson/reply.h"
#include "driver/functions.h"
#include "driver/handles.h"

struct pt_session;
struct pt_thread;

/* What the driver did since the last command, or since the call began. All times 0: not seen. */
struct pt_pause {
    int32_t connects; /* sockets that it connected; after a sleep counted anew */
    int64_t tried_ns; /* it began to connect, for the last time */
    int64_t slept_ns; /* it began to sleep between two scans of its servers, for the first time */
};

/* What a call hands to writes of one kind, and what the server said of it. */
struct pt_share {
    int64_t requested, bytes; /* operations */
    int64_t time_ns;          /* of its commands */
    int32_t commands;
    int32_t repeated; /* of the commands: attempts that the driver repeated */
    int32_t runs;     /* groups of equal operations in a bulk: at least so many commands */
    bool unacknowledged;
    int64_t write_errors;
    int64_t last_error_index; /* in its command */
};

/* The error of an attempt; `where` 0: none. */
struct pt_failure {
    int32_t where, domain, code;
    int32_t command;
};

struct pt_call {
    struct pt_call *self; /* its own address while it lasts */
    struct pt_thread *thread;
    enum pt_function function;
    struct pt_handle *object; /* what it was called on; NULL: not known */
    struct pt_handle *client;
    int32_t name_space;
    int64_t entry_ns;
    int64_t entry_cpu_ns;
    /* from the commands */
    int32_t commands;
    int32_t command_phase;    /* of the last command that is no teardown */
    int64_t first_command_ns; /* when its first command started */
    int64_t last_command_ns;  /* when the last one ended */
    struct pt_pause pause;    /* since the last command */
    bool gap_recorded;        /* the gap before the call is in the log already */
    int64_t span_cpu_ns;      /* thread CPU time when its span begins */
    bool has_exit_cpu;
    int64_t exit_cpu_ns; /* thread CPU time at its end, once read */
    /* Of its connections: the start and duration of the first, which may lie before the span, and
     * the duration of the others. */
    int64_t connection_start_ns, connection_ns, more_connections_ns;
    int64_t network_ns; /* sum of the commands' durations */
    int64_t waited_ns;  /* for a server, inside the span */
    int64_t awaited_ns; /* of the commands: the server had no event to return */
    bool in_doubt;      /* the last command failed, or its reply told of errors */
    bool has_batch;
    int64_t batch_documents; /* of all batches */
    int64_t batch_bytes;
    int64_t last_batch_documents;
    bool network_failed; /* a command failed by the network: the connection is gone */
    bool has_write;
    int64_t inserted, matched, modified, removed, upserted, write_errors;
    struct pt_share shares[PT_BULK_KINDS];
    bool is_bulk;        /* the shares know what was requested */
    bool unordered;      /* goes on behind an operation that fails */
    int64_t inner_bytes; /* of a call on GridFS: of the documents that the driver wrote in it */
    bool outcome_hidden; /* what was requested is not known */
    bool one_command;    /* bulkWrite: a command carries operations of several kinds */
    bool in_transaction; /* what it writes is done when the transaction is committed */
    struct pt_session *session; /* of the transaction; NULL: not known */
    bool session_doubtful;      /* it may have been made outside of that transaction */
    bool concern_failed;        /* a write concern was not met, which stops nothing */
    struct pt_failure failure;  /* of the last command */
    struct pt_failure cause;    /* of the attempt that the last command repeats */
    struct pt_reply last_write; /* of an attempt that may be repeated */
    struct pt_errors errors;
    /* documents handed to a write, and their bytes */
    int64_t wrote_documents;
    int64_t wrote_bytes;
    int32_t wrote_phase;    /* of a bulk: what most of its operations are */
    int64_t bulk_documents; /* operations of a bulk, whose documents the gaps in which they were
                               appended have counted; removals */
    int64_t bulk_bytes;
};

#endif
