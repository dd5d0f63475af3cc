/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MASKER_QUEUE_H
#define MASKER_QUEUE_H

/*
 * Batches of documents and a bounded queue of them between one reader and several workers (a mutex
 * and two condition variables). Waiting is recorded in the ground truth of the waiting thread.
 */

#include "truth.h"

#include <mongoc/mongoc.h>
#include <pthread.h>

/* Copies of documents, one after the other in one block of memory. Owned by whoever holds it. */
typedef struct batch {
    struct batch *next; /* the queue's */
    uint64_t sequence;  /* 0, 1, 2 ... in the order of reading */
    uint32_t count;     /* documents */
    size_t used_bytes;
    size_t capacity_bytes;
    size_t last_offset; /* of the last document */
    uint8_t *data;
} batch;

/* NULL when out of memory. */
batch *batch_new(uint64_t sequence);
void batch_free(batch *freed);
bool batch_add(batch *target, const bson_t *document);

/* Reads the document at *offset into `ret_document` (valid as long as the batch) and moves *offset
 * on. */
bool batch_next(const batch *source, size_t *offset, bson_t *ret_document);

typedef struct {
    pthread_mutex_t lock; /* protects everything below */
    pthread_cond_t not_empty;
    pthread_cond_t not_full;
    batch *first;
    batch **end;
    uint32_t count;
    uint32_t capacity;
    bool closed;  /* no more batches will come */
    bool stopped; /* somebody failed: give up */
} batch_queue;

void queue_init(batch_queue *queue, uint32_t capacity);
/* Frees the batches left inside. No thread may use the queue any more. */
void queue_release(batch_queue *queue);

/* Waits for room. False when the queue was stopped; the batch then still belongs to the caller. */
bool queue_push(batch_queue *queue, batch *added, truth_log *log);
/* Waits for a batch. NULL when the queue is closed and empty, or stopped. */
batch *queue_pop(batch_queue *queue, truth_log *log);

void queue_close(batch_queue *queue);
void queue_stop(batch_queue *queue);

#endif
