/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MASKER_READER_H
#define MASKER_READER_H

/*
 * Reads a collection batch by batch. The reader knows by itself which call goes to the network: it
 * counts the documents of the batch, whose size it has asked for, and asks the cursor for its id
 * (0: the server has no more). Only those calls are timed. A server that sends shorter batches (16
 * MB replies) makes that knowledge wrong, hence the limit of --read-batch.
 *
 * Used by one thread. Documents are valid until the next call.
 */

#include "db.h"

typedef struct {
    connection *connection;
    mongoc_collection_t *collection;
    mongoc_cursor_t *cursor;
    const char *namespace;   /* interned */
    size_t line;             /* ground truth line of the current batch */
    uint64_t in_batch;       /* documents of the current batch read so far */
    uint64_t in_batch_bytes; /* and their length */
    bool started;
} reader;

/*
 * Prepares the find; no I/O yet. With `after`, {_id: x}, documents behind that _id are read. With
 * `sorted` they come in the order of _id.
 */
void reader_open(reader *result, connection *used, const char *collection, const bson_t *after,
                 bool sorted);
void reader_close(reader *closed);

/* False at the end and on failure; reader_failed() tells which. */
bool reader_next(reader *source, const bson_t **ret_document);

/* True after an error message. */
bool reader_failed(reader *source);

#endif
