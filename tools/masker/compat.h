/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MASKER_COMPAT_H
#define MASKER_COMPAT_H

/*
 * The one place that knows driver versions: libmongoc 1.23 to 2.x.
 *
 * mongoc_collection_create_index*() is gone in 2.x and mongoc_collection_create_indexes_with_opts()
 * came with 1.24, so index creation has two ways. bson_append_array_begin() is deprecated in 2.x,
 * but its successors are not in 1.23. Everything else in this program is public API of all of them.
 */

#include <mongoc/mongoc.h>

/* 1 when the header declares mongoc_collection_create_indexes_with_opts() and
 * mongoc_index_model_new(). */
#if MONGOC_CHECK_VERSION(1, 24, 0)
#define MASKER_HAS_CREATE_INDEXES 1
#else
#define MASKER_HAS_CREATE_INDEXES 0
#endif

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

/* Starts an array under `key` (`key_bytes` -1: up to its zero byte); end it with
 * bson_append_array_end(). */
static inline bool compat_array_begin(bson_t *out, const char *key, int key_bytes,
                                      bson_t *ret_array)
{
    return bson_append_array_begin(out, key, key_bytes, ret_array);
}

#pragma GCC diagnostic pop

#endif
