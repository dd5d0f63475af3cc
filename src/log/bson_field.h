/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bson_field.h: fields of the infrequent documents of a log (manifest, names, annotations, end),
 * read with libbson. Documents of a fixed layout are read through log_layout.h instead.
 *
 * A log is untrusted: a field that is missing or of another type reads as the given default.
 */
#ifndef PHASETAP_BSON_FIELD_H
#define PHASETAP_BSON_FIELD_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stdint.h>

#include "log/log_layout.h"

/* Sets an iterator before the first element; false if the bytes are not a BSON document. `document`
 * must outlive the iterator. */
bool pt_iter_open(const uint8_t *data, size_t length, bson_t *document, bson_iter_t *ret_iter);

int64_t pt_field_int(const struct pt_record *record, const char *key, int64_t otherwise);
/* A datetime in ms since 1970; -1 when there is none. */
int64_t pt_field_date_ms(const struct pt_record *record, const char *key);
double pt_field_double(const struct pt_record *record, const char *key, double otherwise);
/* A copy that the caller frees; NULL if there is no such text. It ends at the first zero byte. */
char *pt_field_text(const struct pt_record *record, const char *key);
/* The bytes of an embedded document, inside the record; NULL when there is none. */
const uint8_t *pt_field_document(const struct pt_record *record, const char *key,
                                 uint32_t *ret_length);

/* An int32 or int64 element. */
bool pt_iter_int(const bson_iter_t *iter, int64_t *ret_number);

#endif
