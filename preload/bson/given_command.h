/* SPDX-License-Identifier: Apache-2.0 */
/*
 * given_command.h: reads a command or pipeline that the application hands to the driver, for the
 * number and size of the documents that it writes, and for whether an aggregation stores its
 * result.
 *
 * The reply does not tell the size of what was written. Only lengths and key names are read;
 * nothing is kept, no value is looked at. Untrusted bytes (bson_walk.h). No allocation; called by
 * interpose, on any thread.
 */
#ifndef PT_GIVEN_COMMAND_H
#define PT_GIVEN_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Documents and bytes are counted as for the functions that write: an update's bytes are those of
 * the update document, and a removal hands over no document. */
struct pt_given {
    int32_t phase;     /* of a call that is this command; 0: not known here */
    int64_t documents; /* inserts and updates */
    int64_t bytes;
    int64_t removals;
    int64_t inserts, updates; /* of a bulkWrite, whose operations may be of several kinds */
    int64_t update_bytes;     /* of `bytes` */
    bool unordered;           /* goes on behind an operation that fails */
    const char *collection;   /* that it names, within the command; NULL: none */
};

/* Parses the command document of `bytes` at `data`; counts are zero when it is no write. */
void pt_given_parse(struct pt_given *given, const uint8_t *data, size_t bytes);
/* Whether the last stage of a pipeline is $out or $merge. A pipeline is an array of stages, or a
 * document with that array as its `pipeline`. */
bool pt_given_pipeline_writes(const uint8_t *data, size_t bytes);

#endif
