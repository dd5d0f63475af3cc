/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MASKER_PROGRESS_H
#define MASKER_PROGRESS_H

/*
 * How far a collection is. Workers finish batches in any order; progress counts a batch only when
 * all batches before it are done, so that a checkpoint never claims too much and the lines on
 * standard output are the same in every run.
 *
 * progress_batch_done() may be called by any thread.
 */

#include "checkpoint.h"

#include <pthread.h>

typedef struct progress_batch {
    uint64_t sequence;
    uint32_t documents;
    bson_t *last_id; /* {_id: x} or NULL */
    struct progress_batch *next;
} progress_batch;

typedef struct {
    pthread_mutex_t lock;   /* protects everything below */
    checkpoint *checkpoint; /* NULL: none */
    const char *collection;
    bool verbose; /* add elapsed seconds */
    int64_t start_ns;
    uint64_t documents;      /* done, without a gap, including an earlier run's */
    uint64_t next_sequence;  /* of the batch that continues the count */
    progress_batch *waiting; /* finished ahead of their turn */
} progress;

void progress_init(progress *result, checkpoint *saved, const char *collection, uint64_t documents,
                   bool verbose);
void progress_release(progress *released);

/*
 * Batch number `sequence` (from 0) is written. `last_id` becomes the property of the progress; it
 * is needed with a checkpoint only. False after an error message.
 */
bool progress_batch_done(progress *target, uint64_t sequence, uint32_t documents, bson_t *last_id);

/* {_id: x} of a document, for progress_batch_done(). */
bson_t *progress_copy_id(const bson_t *document);

#endif
