/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reply.h: extracts numbers from a server's reply: counts, batch sizes, error codes.
 *
 * Nothing else is looked at and nothing is kept: no value of a document, no message; this is one of
 * the places that keep protected data out of the log. Untrusted bytes (bson_walk.h). No allocation;
 * called by capture, on any thread.
 */
#ifndef PT_REPLY_H
#define PT_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PT_ERROR_CODES_MAX 8u

struct pt_error_count {
    int32_t code;
    int32_t where; /* enum pt_error_where */
    int32_t domain;
    int64_t count;
};

/* Errors of one call by code; those beyond the table are added to its last row with code 0. */
struct pt_errors {
    unsigned used;
    struct pt_error_count rows[PT_ERROR_CODES_MAX];
};

struct pt_reply {
    int64_t n, modified, upserted; /* `n`, `nModified`, length of `upserted` (findAndModify: from
                                      lastErrorObject); of bulkWrite `n` are results */
    int64_t inserted, matched, updated, upserts, deleted; /* of the bulkWrite command */
    bool has_batch; /* a cursor's firstBatch or nextBatch was there, which were documents */
    int64_t batch_documents;
    int64_t batch_bytes;
    bool is_open;        /* the cursor has more to come: its id is not 0 */
    bool concern_failed; /* there is a writeConcernError: the driver may try again */
    int32_t concern_code;
    bool retryable; /* labelled RetryableWriteError: the server allows the driver to try again */
    bool counted;   /* it says how much was written: not so for w: 0 */
    int64_t write_errors;
    int64_t last_error_index; /* of the operations of the command; -1: none has failed */
};

void pt_errors_add(struct pt_errors *errors, int32_t where, int32_t domain, int32_t code);

/* Parses `bytes` of BSON at `data`; error codes are added to `errors`. */
void pt_reply_parse(struct pt_reply *reply, struct pt_errors *errors, const uint8_t *data,
                    size_t bytes);

#endif
