/* SPDX-License-Identifier: Apache-2.0 */
/*
 * faulty_parts.h: the steps of a small masking program that copies `faults.source` to
 * `faults.target`: reading, masking by computing or sleeping, writing. Each stops the program with
 * status 1 when a call fails that must not. Any thread, with objects of its own.
 */
#ifndef FAULTY_PARTS_H
#define FAULTY_PARTS_H

#include <mongoc/mongoc.h>

#define DATABASE "faults"
#define SOURCE   "source"
#define TARGET   "target"

mongoc_client_t *new_client(const char *uri);
mongoc_collection_t *open_collection(mongoc_client_t *client, const char *name);

/* Of at least so many bytes. */
bson_t *new_document(int number, int bytes);

/* Inserts `count` documents in one call. True unless the server refused one. */
bool insert_batch(mongoc_collection_t *target, int first, int count, const char *options);
/* Walks the source from `skip` on, `limit` documents in batches of `batch`; how many came. */
int read_documents(mongoc_collection_t *source, int skip, int limit, int batch);
void create_index(mongoc_client_t *client, const char *collection, const char *field);

/* Uses so much CPU time of this thread. */
void compute_ms(int milliseconds);
void sleep_ms(int milliseconds);

#endif
