/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MASKER_WRITER_H
#define MASKER_WRITER_H

/* Writes documents to a collection in unordered bulks: inserts, or replacements by _id. Used by one
 * thread. */

#include "db.h"

typedef struct {
    connection *connection;
    mongoc_collection_t *collection;
    mongoc_bulk_operation_t *bulk; /* NULL until the first document of a batch */
    const char *namespace;         /* interned */
    bool replacing;
    bool skip_duplicates;
    uint32_t count; /* documents in the bulk */
    uint64_t bytes; /* and their length */
} writer;

/*
 * `skip_duplicates`: an insert refused because its _id exists counts as done; a resumed copy meets
 * the documents of the batch during which the earlier run ended.
 */
void writer_open(writer *result, connection *used, const char *collection, bool replacing,
                 bool skip_duplicates);
void writer_close(writer *closed);

/* Adds a document, which is copied. False after an error message. */
bool writer_append(writer *target, const bson_t *document);

/* Executes the bulk, if there is one. False after an error message. */
bool writer_flush(writer *target);

#endif
