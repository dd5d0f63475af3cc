/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_view.h: fields of a JSON report that libbson has parsed. A report is untrusted: a field
 * that is missing, null or of another type reads as the given default. A view points into the
 * document that it was taken from. Any thread.
 */
#ifndef PHASETAP_JSON_VIEW_H
#define PHASETAP_JSON_VIEW_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stdint.h>

/* An object or array inside; an empty one where there is none. False then. */
bool pt_view_object(const bson_t *in, const char *key, bson_t *ret_view);
/* The same of the element that an iterator is at. */
bool pt_view_element(const bson_iter_t *iter, bson_t *ret_view);

/* NULL: no text. Valid as long as the document. */
const char *pt_view_text(const bson_t *in, const char *key);
/* A number that is not negative, cut to a whole one. */
int64_t pt_view_count(const bson_t *in, const char *key, int64_t otherwise);
/* Seconds as nanoseconds, rounded. */
int64_t pt_view_ns(const bson_t *in, const char *key, int64_t otherwise);
bool pt_view_is_true(const bson_t *in, const char *key);

#endif
