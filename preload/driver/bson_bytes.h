/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bson_bytes.h: the bytes of a bson_t that the application or the driver hands over. Through
 * bson_get_data where the driver exports it, else by libbson's layout in memory. Any thread; the
 * bytes are valid as long as the bson_t.
 */
#ifndef PT_BSON_BYTES_H
#define PT_BSON_BYTES_H

#include "driver/mongoc_abi.h"

/* NULL when there are none, or they cannot be found. `caller`: the code whose driver it is
 * (original.h). */
const uint8_t *pt_bson_bytes(const bson_t *document, const void *caller);

#endif
