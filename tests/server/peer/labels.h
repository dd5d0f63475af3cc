/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The errorLabels of an answer, by which drivers decide whether to retry: RetryableWriteError for a
 * retryable write, commit or abort; TransientTransactionError inside a transaction. Any thread, no
 * state.
 */
#ifndef PEER_LABELS_H
#define PEER_LABELS_H

#include "bson_out.h"
#include "request.h"

/* Appends errorLabels when a server would give this request some for this code. */
void labels_append(const struct request *request, int32_t code, struct bson_out *out);

#endif
