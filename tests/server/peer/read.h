/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands share that give documents (cmd_read.c, cmd_aggregate.c). On the connection's
 * thread. */
#ifndef PEER_READ_H
#define PEER_READ_H

#include "bson_out.h"
#include "cursors.h"
#include "request.h"

/* A server's first batch when the driver names no size. */
enum { DEFAULT_FIRST_BATCH = 101 };

uint64_t positive_or(int64_t value, uint64_t fallback);

/* A scan of the request's collection from its start; false, with the error set, for a filter that
 * is not understood. */
bool scan_open(struct request *request, const char *filter_name, struct scan *scan);

void count_batch(struct request *request, uint32_t documents, uint64_t bytes);

/* The first batch of a scan, and a cursor for the rest when there is one and it is wanted. */
void answer_first_batch(struct request *request, struct bson_out *out, struct scan *scan,
                        uint64_t batch_limit, bool single_batch);

/* int32 where it fits, else int64. */
void append_number(struct bson_out *out, const char *key, uint64_t value);

#endif
