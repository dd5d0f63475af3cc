/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bson_writer.h: writes one BSON document into a buffer that the caller owns.
 *
 * For the rare documents of the log (manifest, names, annotations), whose length varies; the
 * frequent ones have a fixed layout (log/recorder.h). No allocation. An element that does not fit
 * is left out and `full` is set; the document stays valid. Any layer; one thread for each buffer.
 *
 * Use: pt_bson_init, elements, pt_bson_finish (closes, pads to PT_ALIGN_BYTES, returns the length).
 */
#ifndef PT_BSON_WRITER_H
#define PT_BSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PT_BSON_DEPTH 8u /* documents open at one time, the outermost included */

struct pt_bson {
    uint8_t *data;     /* the buffer */
    size_t size_bytes; /* of the buffer */
    size_t used_bytes;
    size_t open[PT_BSON_DEPTH]; /* where the documents begin that are still open */
    unsigned depth;
    bool full; /* an element was left out */
};

void pt_bson_init(struct pt_bson *b, void *buffer, size_t size_bytes);
void pt_bson_int32(struct pt_bson *b, const char *key, int32_t value);
void pt_bson_int64(struct pt_bson *b, const char *key, int64_t value);
void pt_bson_double(struct pt_bson *b, const char *key, double value);
void pt_bson_bool(struct pt_bson *b, const char *key, bool value);
void pt_bson_date_ms(struct pt_bson *b, const char *key, int64_t ms_since_epoch);
/* At most `max_bytes` of `value` (NULL counts as empty) are kept, cut between UTF-8 characters;
 * bytes that are no UTF-8 become '?'. */
void pt_bson_string(struct pt_bson *b, const char *key, const char *value, size_t max_bytes);
/* A document whose keys are numbers. */
void pt_bson_numbered(struct pt_bson *b, uint32_t number, const char *value);
/* Begins a document, or an array (whose keys the caller numbers from "0" on). False: it did not fit
 * or would be nested too deep, and is left out; then there is nothing to close. */
bool pt_bson_open(struct pt_bson *b, const char *key);
bool pt_bson_open_array(struct pt_bson *b, const char *key);
void pt_bson_close(struct pt_bson *b);
/* Returns the length, a multiple of PT_ALIGN_BYTES. */
size_t pt_bson_finish(struct pt_bson *b);

#endif
