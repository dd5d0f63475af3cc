/* SPDX-License-Identifier: Apache-2.0 */
/* Ordered progress: see progress.h. */
#include "progress.h"

#include "message.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define DOCUMENTS_PER_LINE 10000

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void progress_init(progress *result, checkpoint *saved, const char *collection, uint64_t documents,
                   bool verbose)
{
    *result = (progress){
        .checkpoint = saved, .collection = collection, .documents = documents, .verbose = verbose};
    result->start_ns = now_ns();
    pthread_mutex_init(&result->lock, NULL);
}

static void free_batch(progress_batch *batch)
{
    bson_destroy(batch->last_id);
    free(batch);
}

void progress_release(progress *released)
{
    for (progress_batch *batch = released->waiting, *next; batch != NULL; batch = next) {
        next = batch->next;
        free_batch(batch);
    }
    pthread_mutex_destroy(&released->lock);
}

bson_t *progress_copy_id(const bson_t *document)
{
    bson_t *id = bson_new();
    bson_iter_t iter;
    if (bson_iter_init_find(&iter, document, "_id")) {
        bson_append_iter(id, NULL, 0, &iter);
    }
    return id;
}

static void print_line(const progress *shown)
{
    if (shown->verbose) {
        const double seconds = (double)(now_ns() - shown->start_ns) / 1e9;
        printf("%s: %" PRIu64 " documents after %.3f s\n", shown->collection, shown->documents,
               seconds);
    } else {
        printf("%s: %" PRIu64 " documents\n", shown->collection, shown->documents);
    }
    fflush(stdout);
}

static bool count_batch(progress *target, const progress_batch *batch)
{
    const uint64_t before = target->documents / DOCUMENTS_PER_LINE;
    target->documents += batch->documents;
    target->next_sequence++;
    if (target->documents / DOCUMENTS_PER_LINE != before) {
        print_line(target);
    }
    return target->checkpoint == NULL || batch->last_id == NULL ||
           checkpoint_save_position(target->checkpoint, target->collection, target->documents,
                                    batch->last_id);
}

/* Takes the batch that continues the count out of the waiting ones. */
static progress_batch *take_next(progress *target)
{
    for (progress_batch **link = &target->waiting; *link != NULL; link = &(*link)->next) {
        progress_batch *batch = *link;
        if (batch->sequence == target->next_sequence) {
            *link = batch->next;
            return batch;
        }
    }
    return NULL;
}

static bool add_batch(progress *target, progress_batch *added)
{
    bool good = true;
    progress_batch *batch = NULL;
    added->next = target->waiting;
    target->waiting = added;
    while ((batch = take_next(target)) != NULL) {
        good = count_batch(target, batch) && good;
        free_batch(batch);
    }
    return good;
}

bool progress_batch_done(progress *target, uint64_t sequence, uint32_t documents, bson_t *last_id)
{
    progress_batch *batch = calloc(1, sizeof *batch);
    if (batch == NULL) {
        message_error("out of memory");
        bson_destroy(last_id);
        return false;
    }
    *batch = (progress_batch){.sequence = sequence, .documents = documents, .last_id = last_id};
    pthread_mutex_lock(&target->lock);
    const bool good = add_batch(target, batch);
    pthread_mutex_unlock(&target->lock);
    return good;
}
