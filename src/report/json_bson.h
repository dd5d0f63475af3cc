/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_bson.h: BSON values as JSON, in the form of Python's json.dump(default=str): dates as ISO
 * 8601 text, object ids as hexadecimal text, and types that JSON lacks as a short text that names
 * the type. Nesting deeper than PT_JSON_BSON_DEPTH becomes null.
 */
#ifndef PHASETAP_JSON_BSON_H
#define PHASETAP_JSON_BSON_H

#include <bson/bson.h>

#include "text/json_out.h"

#define PT_JSON_BSON_DEPTH 32

/* Writes the element the iterator stands on. */
void pt_json_bson_value(struct pt_json *json, const char *key, const bson_iter_t *iter);

/* Writes a whole document as an object; NULL or bytes that are no document: `{}`. Keys that begin
 * with '_' at the top are padding and left out. */
void pt_json_bson_document(struct pt_json *json, const char *key, const uint8_t *data,
                           size_t length);

#endif
