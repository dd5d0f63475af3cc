/* SPDX-License-Identifier: Apache-2.0 */
/* Collections in memory; store.h is the manual. */
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 1 << 20 };

struct store_block {
    struct store_block *next;
    size_t used_bytes;
    size_t size_bytes;
    uint8_t data[];
};

void store_init(struct store *store)
{
    memset(store, 0, sizeof *store);
    pthread_rwlock_init(&store->lock, NULL);
}

/* FNV-1a. */
static size_t bucket_of(const char *name_space)
{
    uint32_t hash = 2166136261u;
    for (const char *at = name_space; *at != '\0'; at++) {
        hash = (hash ^ (uint8_t)*at) * 16777619u;
    }
    return hash % STORE_BUCKETS;
}

static struct collection *chain_find(struct collection *first, const char *name_space)
{
    struct collection *collection = first;
    while (collection != NULL && strcmp(collection->name_space, name_space) != 0) {
        collection = collection->next;
    }
    return collection;
}

struct collection *store_find(struct store *store, const char *name_space)
{
    pthread_rwlock_rdlock(&store->lock);
    struct collection *collection = chain_find(store->buckets[bucket_of(name_space)], name_space);
    if (collection != NULL && !collection->exists) {
        collection = NULL;
    }
    pthread_rwlock_unlock(&store->lock);
    return collection;
}

static struct collection *collection_new(const char *name_space)
{
    struct collection *collection = calloc(1, sizeof *collection);
    if (collection != NULL) {
        pthread_rwlock_init(&collection->lock, NULL);
        snprintf(collection->name_space, NAMESPACE_BYTES, "%s", name_space);
    }
    return collection;
}

struct collection *store_open(struct store *store, const char *name_space)
{
    struct collection *collection = store_find(store, name_space);
    if (collection != NULL) {
        return collection;
    }
    pthread_rwlock_wrlock(&store->lock);
    struct collection **bucket = &store->buckets[bucket_of(name_space)];
    collection = chain_find(*bucket, name_space);
    if (collection == NULL) {
        collection = collection_new(name_space);
        if (collection != NULL) {
            collection->next = *bucket;
            *bucket = collection;
        }
    }
    if (collection != NULL) {
        collection->exists = true;
    }
    pthread_rwlock_unlock(&store->lock);
    return collection;
}

void store_each(struct store *store, void (*visit)(struct collection *collection, void *context),
                void *context)
{
    pthread_rwlock_rdlock(&store->lock);
    for (size_t bucket = 0; bucket < STORE_BUCKETS; bucket++) {
        for (struct collection *at = store->buckets[bucket]; at != NULL; at = at->next) {
            if (at->exists) {
                visit(at, context);
            }
        }
    }
    pthread_rwlock_unlock(&store->lock);
}

/* Room for document bytes in the newest block, or in a new one; NULL when out of memory. */
static uint8_t *block_take(struct collection *collection, size_t needed_bytes)
{
    struct store_block *block = collection->blocks;
    if (block == NULL || block->size_bytes - block->used_bytes < needed_bytes) {
        size_t size_bytes = needed_bytes > BLOCK_BYTES ? needed_bytes : BLOCK_BYTES;
        block = malloc(sizeof *block + size_bytes);
        if (block == NULL) {
            return NULL;
        }
        *block = (struct store_block){.next = collection->blocks, .size_bytes = size_bytes};
        collection->blocks = block;
    }
    uint8_t *at = block->data + block->used_bytes;
    block->used_bytes += needed_bytes;
    return at;
}

static bool reserve(struct collection *collection, size_t count)
{
    if (count <= collection->capacity) {
        return true;
    }
    size_t capacity = collection->capacity * 2 > count ? collection->capacity * 2 : count + 64;
    const uint8_t **documents = realloc(collection->documents, capacity * sizeof *documents);
    if (documents == NULL) {
        return false;
    }
    collection->documents = documents;
    collection->capacity = capacity;
    return true;
}

/* A copy of the document in the collection's own memory. */
static const uint8_t *copy_in(struct collection *collection, struct bson_view document)
{
    uint8_t *at = block_take(collection, document.len_bytes);
    if (at != NULL) {
        memcpy(at, document.data, document.len_bytes);
    }
    return at;
}

bool collection_append(struct collection *collection, struct bson_view document)
{
    const uint8_t *at =
        reserve(collection, collection->count + 1) ? copy_in(collection, document) : NULL;
    if (at == NULL) {
        return false;
    }
    collection->documents[collection->count++] = at;
    return true;
}

bool collection_replace(struct collection *collection, size_t position, struct bson_view document)
{
    const uint8_t *at = copy_in(collection, document);
    if (at == NULL) {
        return false;
    }
    collection->documents[position] = at;
    return true;
}

bool collection_add_index(struct collection *collection, struct bson_view specification)
{
    size_t count = collection->index_count;
    const uint8_t **indexes = realloc(collection->indexes, (count + 1) * sizeof *indexes);
    if (indexes == NULL) {
        return false;
    }
    collection->indexes = indexes;
    uint8_t *copy = malloc(specification.len_bytes);
    if (copy == NULL) {
        return false;
    }
    memcpy(copy, specification.data, specification.len_bytes);
    indexes[collection->index_count++] = copy;
    return true;
}

void collection_remove_index(struct collection *collection, size_t position)
{
    free((void *)(uintptr_t)collection->indexes[position]);
    collection->index_count--;
    memmove(&collection->indexes[position], &collection->indexes[position + 1],
            (collection->index_count - position) * sizeof *collection->indexes);
}

void collection_swap(struct collection *left, struct collection *right)
{
    struct collection kept = *left;
    left->documents = right->documents, right->documents = kept.documents;
    left->count = right->count, right->count = kept.count;
    left->capacity = right->capacity, right->capacity = kept.capacity;
    left->blocks = right->blocks, right->blocks = kept.blocks;
    left->indexes = right->indexes, right->indexes = kept.indexes;
    left->index_count = right->index_count, right->index_count = kept.index_count;
}

void collection_clear(struct collection *collection)
{
    while (collection->blocks != NULL) {
        struct store_block *block = collection->blocks;
        collection->blocks = block->next;
        free(block);
    }
    for (size_t i = 0; i < collection->index_count; i++) {
        free((void *)(uintptr_t)collection->indexes[i]);
    }
    collection->index_count = 0;
    collection->count = 0;
}
