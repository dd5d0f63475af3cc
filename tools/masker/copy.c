/* SPDX-License-Identifier: Apache-2.0 */
/* Masking and writing documents, and the single-threaded run: see job.h. */
#include "job.h"
#include "message.h"
#include "reader.h"

void mask_writer_open(mask_writer *result, const job *work, connection *used)
{
    const options *opts = used->database->options;
    result->job = work;
    result->totals = (job_totals){.documents = 0};
    writer_open(&result->writer, used, work->target, opts->mode == MODE_IN_PLACE, opts->resume);
    mask_context_init(&result->context, work->rules);
    bson_init(&result->masked);
}

void mask_writer_close(mask_writer *closed)
{
    writer_close(&closed->writer);
    mask_context_release(&closed->context);
    bson_destroy(&closed->masked);
}

bool mask_writer_add(mask_writer *target, const bson_t *document)
{
    bson_reinit(&target->masked);
    if (!mask_document(&target->context, document, &target->masked)) {
        message_error("collection '%s': a document is damaged or nested too deep to be masked; "
                      "remove or repair it",
                      target->job->source);
        return false;
    }
    target->totals.documents++;
    target->totals.bytes += target->masked.len;
    target->totals.values = target->context.values_masked;
    return writer_append(&target->writer, &target->masked);
}

/* `last` is the document read last, or NULL at the end of the collection, which needs no position
 * any more. */
static bool finish_batch(mask_writer *target, uint64_t *sequence, const bson_t *last)
{
    const bool saved = target->job->connection->database->options->checkpoint != NULL;
    bson_t *last_id = saved && last != NULL ? progress_copy_id(last) : NULL;
    const uint32_t count = target->writer.count;
    if (!writer_flush(&target->writer)) {
        bson_destroy(last_id);
        return false;
    }
    return progress_batch_done(target->job->progress, (*sequence)++, count, last_id);
}

static bool run(reader *source, mask_writer *target)
{
    const uint32_t batch_size = source->connection->database->options->batch_size;
    const bson_t *document = NULL;
    uint64_t sequence = 0;
    while (reader_next(source, &document)) {
        if (!mask_writer_add(target, document)) {
            return false;
        }
        if (target->writer.count == batch_size && !finish_batch(target, &sequence, document)) {
            return false;
        }
    }
    return !reader_failed(source) &&
           (target->writer.count == 0 || finish_batch(target, &sequence, NULL));
}

bool job_run_single(job *work)
{
    reader source;
    mask_writer target;
    const bool sorted = work->connection->database->options->checkpoint != NULL;
    reader_open(&source, work->connection, work->source, work->after, sorted);
    mask_writer_open(&target, work, work->connection);
    const bool good = run(&source, &target);
    work->totals = target.totals;
    mask_writer_close(&target);
    reader_close(&source);
    return good;
}
