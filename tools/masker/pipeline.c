/* SPDX-License-Identifier: Apache-2.0 */
/* The run with workers: one thread reads batches into a bounded queue, the others mask and write
 * them. See job.h. */
#include "job.h"
#include "message.h"
#include "queue.h"
#include "reader.h"

#include <stdlib.h>

typedef struct {
    job *job;
    database *database;
    batch_queue queue;
    pthread_mutex_t lock; /* protects failed and job->totals */
    bool failed;
} pipeline;

static void pipeline_fail(pipeline *line)
{
    pthread_mutex_lock(&line->lock);
    line->failed = true;
    pthread_mutex_unlock(&line->lock);
    queue_stop(&line->queue);
}

static void pipeline_add_totals(pipeline *line, const job_totals *totals)
{
    pthread_mutex_lock(&line->lock);
    line->job->totals.documents += totals->documents;
    line->job->totals.bytes += totals->bytes;
    line->job->totals.values += totals->values;
    pthread_mutex_unlock(&line->lock);
}

/* Hands a batch to the workers. False when they have given up; they have reported why. */
static bool hand_over(pipeline *line, batch **filled, truth_log *log)
{
    if (!queue_push(&line->queue, *filled, log)) {
        return false;
    }
    *filled = NULL;
    return true;
}

/* Copies documents into batches until the end. The batch in work stays with the caller, who frees
 * it. */
static bool read_batches(pipeline *line, reader *source, batch **current)
{
    const uint32_t batch_size = line->database->options->batch_size;
    truth_log *log = source->connection->log;
    const bson_t *document = NULL;
    uint64_t sequence = 0;
    while (reader_next(source, &document)) {
        if (*current == NULL) {
            *current = batch_new(sequence++);
        }
        if (*current == NULL || !batch_add(*current, document)) {
            message_error("out of memory");
            return false;
        }
        if ((*current)->count == batch_size && !hand_over(line, current, log)) {
            return false;
        }
    }
    return !reader_failed(source) && (*current == NULL || hand_over(line, current, log));
}

static void *reader_main(void *argument)
{
    pipeline *line = argument;
    truth_log *log = truth_log_open(line->database->truth);
    connection own;
    reader source;
    batch *current = NULL;
    truth_thread_start(log);
    connection_open(&own, line->database, log);
    reader_open(&source, &own, line->job->source, line->job->after,
                line->database->options->checkpoint != NULL);
    if (read_batches(line, &source, &current)) {
        queue_close(&line->queue);
    } else {
        pipeline_fail(line);
    }
    batch_free(current);
    reader_close(&source);
    connection_close(&own);
    truth_thread_end(log);
    return NULL;
}

static bool write_batch(pipeline *line, mask_writer *target, const batch *source)
{
    bson_t document;
    size_t offset = 0;
    while (batch_next(source, &offset, &document)) {
        if (!mask_writer_add(target, &document)) {
            return false;
        }
    }
    if (offset != source->used_bytes || !writer_flush(&target->writer)) {
        return false;
    }
    bson_t *last_id = NULL;
    offset = source->last_offset;
    if (line->database->options->checkpoint != NULL && batch_next(source, &offset, &document)) {
        last_id = progress_copy_id(&document);
    }
    return progress_batch_done(line->job->progress, source->sequence, source->count, last_id);
}

static bool write_batches(pipeline *line, mask_writer *target, truth_log *log)
{
    batch *source = NULL;
    bool good = true;
    while (good && (source = queue_pop(&line->queue, log)) != NULL) {
        good = write_batch(line, target, source);
        batch_free(source);
    }
    return good;
}

static void *worker_main(void *argument)
{
    pipeline *line = argument;
    truth_log *log = truth_log_open(line->database->truth);
    connection own;
    mask_writer target;
    truth_thread_start(log);
    connection_open(&own, line->database, log);
    char *namespace = db_namespace(&own, line->job->source);
    truth_set_namespace(log, truth_intern(line->database->truth, namespace));
    bson_free(namespace);
    mask_writer_open(&target, line->job, &own);
    if (!write_batches(line, &target, log)) {
        pipeline_fail(line);
    }
    pipeline_add_totals(line, &target.totals);
    mask_writer_close(&target);
    connection_close(&own);
    truth_thread_end(log);
    return NULL;
}

static bool start_thread(pipeline *line, pthread_t *thread, void *(*entry)(void *))
{
    if (pthread_create(thread, NULL, entry, line) != 0) {
        message_error("cannot start a thread; use fewer --workers");
        pipeline_fail(line);
        return false;
    }
    return true;
}

static void run_threads(pipeline *line, pthread_t *threads, uint32_t workers)
{
    uint32_t started = 0;
    while (started < workers && start_thread(line, &threads[started], worker_main)) {
        started++;
    }
    if (started == workers && start_thread(line, &threads[started], reader_main)) {
        started++;
    }
    while (started > 0) {
        pthread_join(threads[--started], NULL);
    }
}

bool job_run_workers(job *work)
{
    pipeline line = {.job = work, .database = work->connection->database};
    const uint32_t workers = line.database->options->workers;
    pthread_t *threads = calloc(workers + 1, sizeof *threads);
    if (threads == NULL) {
        message_error("out of memory");
        return false;
    }
    pthread_mutex_init(&line.lock, NULL);
    queue_init(&line.queue, 2 * workers);
    run_threads(&line, threads, workers);
    queue_release(&line.queue);
    pthread_mutex_destroy(&line.lock);
    free(threads);
    return !line.failed;
}
