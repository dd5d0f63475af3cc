/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Collections in memory.
 *
 * A collection is created once and lives until the process ends (dropping only empties it), so a
 * pointer to one may be kept without a lock. Its documents may be read under its read lock and
 * changed under its write lock; the functions that take no lock say so. Document memory is given
 * back when a collection is cleared, not when one document goes.
 */
#ifndef PEER_STORE_H
#define PEER_STORE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bson_in.h"

enum { NAMESPACE_BYTES = 256, STORE_BUCKETS = 256 };

struct store_block;

struct collection {
    char name_space[NAMESPACE_BYTES]; /* "database.collection" */
    pthread_rwlock_t lock;
    const uint8_t **documents; /* each begins with its own length */
    size_t count;
    size_t capacity;
    struct store_block *blocks; /* owns the documents' bytes, newest first */
    const uint8_t **indexes;    /* specifications given to createIndexes, owned one by one */
    size_t index_count;
    bool exists;             /* false again after a drop */
    struct collection *next; /* in its bucket */
};

struct store {
    pthread_rwlock_t lock; /* guards the buckets' chains */
    struct collection *buckets[STORE_BUCKETS];
};

void store_init(struct store *store);
/* NULL when it was never created or is dropped. */
struct collection *store_find(struct store *store, const char *name_space);
/* Creates it when needed; NULL only when out of memory. */
struct collection *store_open(struct store *store, const char *name_space);
/* Calls visit for every existing collection, in no particular order, under the store's read lock.
 */
void store_each(struct store *store, void (*visit)(struct collection *collection, void *context),
                void *context);

/* These want the write lock held. False: out of memory, nothing changed. */
bool collection_append(struct collection *collection, struct bson_view document);
bool collection_add_index(struct collection *collection, struct bson_view specification);
bool collection_replace(struct collection *collection, size_t position, struct bson_view document);
void collection_remove_index(struct collection *collection, size_t position);
void collection_clear(struct collection *collection);
/* Documents and indexes change sides; both write locks held. */
void collection_swap(struct collection *left, struct collection *right);

/*
 * Appends `count` invented documents of about document_bytes bytes: int32 _id from 0, a few string
 * fields that look like personal data, padded to size (the smallest is some 150 bytes). Takes no
 * lock: for use before serving.
 */
bool collection_generate(struct collection *collection, size_t count, size_t document_bytes);

static inline struct bson_view collection_document(const struct collection *collection,
                                                   size_t position)
{
    const uint8_t *data = collection->documents[position];
    return (struct bson_view){data, (size_t)load_i32(data)};
}

#endif
