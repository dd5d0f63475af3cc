/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MASKER_CHECKPOINT_H
#define MASKER_CHECKPOINT_H

/*
 * The position of a run in a file, so that a later run can continue: which collections are
 * finished, and the last _id done of the one in work. Each save replaces the file atomically (new
 * file, fsync, rename), readable by its owner only, for an _id may say something about a person.
 *
 * One thread at a time may use a checkpoint; progress.h sees to that.
 */

#include <mongoc/mongoc.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct checkpoint checkpoint;

/*
 * With `resume` the file is read and must belong to the same database and mode; else it is replaced
 * at the first save. NULL after an error message. Free with checkpoint_free().
 */
checkpoint *checkpoint_open(const char *file, const char *db, const char *mode, bool resume);
void checkpoint_free(checkpoint *closed);

bool checkpoint_is_finished(const checkpoint *from, const char *collection);

/* {_id: x} of the last document done and the number of documents so far; NULL when the collection
 * was not begun. */
const bson_t *checkpoint_position(const checkpoint *from, const char *collection,
                                  uint64_t *ret_documents);

/* Both write the file; false after an error message. `last_id` is {_id: x} and is copied. */
bool checkpoint_save_position(checkpoint *target, const char *collection, uint64_t documents,
                              const bson_t *last_id);
bool checkpoint_save_finished(checkpoint *target, const char *collection);

#endif
