/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing BSON into one growing buffer that a connection keeps and reuses: after its largest reply
 * nothing is allocated any more.
 *
 * Documents and arrays are opened and closed in pairs; the opening call returns a mark (an offset)
 * for the closing one. Running out of memory ends the peer with a sentence on standard error: a
 * test peer has nothing better to do.
 */
#ifndef PEER_BSON_OUT_H
#define PEER_BSON_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bson_in.h"

struct bson_out {
    uint8_t *data;
    size_t len_bytes;
    size_t capacity_bytes;
};

void bson_out_free(struct bson_out *out);
/* Makes room for more_bytes and returns where they go; len_bytes grows by as much. */
uint8_t *bson_out_extend(struct bson_out *out, size_t more_bytes);
void bson_out_raw(struct bson_out *out, const void *bytes, size_t count_bytes);
void bson_out_raw_i32(struct bson_out *out, int32_t value);

/* A document that is not inside another. */
size_t bson_out_begin(struct bson_out *out);
/* A document (array) as an element. */
size_t bson_out_document_begin(struct bson_out *out, const char *key);
size_t bson_out_array_begin(struct bson_out *out, const char *key);
void bson_out_end(struct bson_out *out, size_t mark);

void bson_out_i32(struct bson_out *out, const char *key, int32_t value);
void bson_out_i64(struct bson_out *out, const char *key, int64_t value);
void bson_out_double(struct bson_out *out, const char *key, double value);
void bson_out_bool(struct bson_out *out, const char *key, bool value);
void bson_out_null(struct bson_out *out, const char *key);
void bson_out_date_ms(struct bson_out *out, const char *key, int64_t unix_ms);
void bson_out_string(struct bson_out *out, const char *key, const char *value);
void bson_out_document(struct bson_out *out, const char *key, struct bson_view document);
/* The value of another document's element under a key of its own. */
void bson_out_element(struct bson_out *out, const char *key, const struct bson_element *element);

/* Array members: the key is the decimal index. */
void bson_out_member(struct bson_out *out, uint32_t index, struct bson_view document);
size_t bson_out_member_begin(struct bson_out *out, uint32_t index);
void bson_out_member_element(struct bson_out *out, uint32_t index,
                             const struct bson_element *element);
/* Decimal text of an index, zero-terminated; returns its length without the zero. */
size_t bson_out_index_text(char text[11], uint32_t index);

#endif
