/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MASKER_JOB_H
#define MASKER_JOB_H

/* One collection to be masked, and the two ways of doing it. */

#include "db.h"
#include "mask.h"
#include "progress.h"
#include "writer.h"

typedef struct {
    uint64_t documents; /* written */
    uint64_t bytes;     /* their length after masking */
    uint64_t values;    /* values changed */
} job_totals;

typedef struct {
    connection *connection; /* of the main thread */
    const collection_rules *rules;
    const char *source;  /* collection read */
    const char *target;  /* collection written; the same for in-place */
    const bson_t *after; /* {_id: x} to continue behind, or NULL */
    progress *progress;
    job_totals totals; /* the result */
} job;

/* What masks and writes: one per thread. */
typedef struct {
    const job *job;
    writer writer;
    mask_context context;
    bson_t masked; /* reused for every document */
    job_totals totals;
} mask_writer;

void mask_writer_open(mask_writer *result, const job *work, connection *used);
void mask_writer_close(mask_writer *closed);
/* Masks a document and adds it to the bulk. False after an error message. */
bool mask_writer_add(mask_writer *target, const bson_t *document);

/* On the calling thread alone. False after an error message. */
bool job_run_single(job *work);

/* With one reader thread and the workers asked for. False after an error message. */
bool job_run_workers(job *work);

#endif
