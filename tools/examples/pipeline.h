/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline.h: the masking that the example programs annotate: read patients, replace each document,
 * insert the result. It knows nothing of phasetap but for example_print_phases.
 *
 * One client, used by the main thread. A function that fails prints the reason and ends the
 * program: these are examples of annotating, not of handling errors.
 */
#ifndef EXAMPLE_PIPELINE_H
#define EXAMPLE_PIPELINE_H

#include <mongoc/mongoc.h>
#include <stddef.h>
#include <stdint.h>

#define EXAMPLE_BATCH   100 /* documents */
#define EXAMPLE_BATCHES 5

/* argv[1] is the URI of the server with the collection masking.patients. */
void example_open(int argc, char **argv);
void example_close(void);

/* One round trip that changes nothing; it makes the connection. "success" or "failed". */
const char *example_connect(void);

int64_t example_count_patients(void);

/* Copies of up to `wanted` patients; the caller releases them with example_release. */
size_t example_fetch(bson_t **documents, size_t wanted);
void example_mask(bson_t **documents, size_t count);
void example_insert(bson_t **documents, size_t count, const char *collection);
void example_release(bson_t **documents, size_t count);

/* Fetches, masks and inserts one batch. */
void example_process_batch(const char *collection);

/* What phasetap knows inside the process, a line for each phase: recognised (1) or annotated (0),
 * count, total, least and most seconds, entries and their sum, name. Nothing without phasetap. */
void example_print_phases(void);

#endif
