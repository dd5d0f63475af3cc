/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/bson_bytes.h"

#include <string.h>

#include "driver/original.h"

#define PT_BSON_INLINE 1u

/* How libbson 1.x and 2.x lay out a document that is not inline (bson_impl_alloc_t of
 * bson-private.h; read in 1.23, 1.30 and 2.5, and the same in all). */
struct bson_outside {
    uint32_t flags;
    uint32_t length_bytes;
    const void *parent;
    uint32_t depth;
    const uint8_t *const *buffer; /* may be NULL in 2.x: then `own` */
    const size_t *buffer_bytes;
    size_t offset;
    const uint8_t *own;
};

/* A private copy of the driver exports its functions, but since 1.30 hides libbson's. A document
 * begins with its length: what does not is none. */
static const uint8_t *bytes_by_layout(const bson_t *document)
{
    const struct bson_outside *outside = (const void *)document;
    const uint8_t *bytes;
    int32_t length_bytes;
    if (outside->flags & PT_BSON_INLINE) {
        bytes = (const uint8_t *)document + sizeof(struct pt_bson_head);
    } else {
        const uint8_t *start = outside->buffer ? *outside->buffer : outside->own;
        bytes = start ? start + outside->offset : NULL;
    }
    if (bytes == NULL) {
        return NULL;
    }
    memcpy(&length_bytes, bytes, sizeof length_bytes);
    return (uint32_t)length_bytes == outside->length_bytes ? bytes : NULL;
}

const uint8_t *pt_bson_bytes(const bson_t *document, const void *caller)
{
    if (document == NULL) {
        return NULL;
    }
    return PT_DRIVER_FOR(caller, bson_get_data) ? PT_DRIVER_FOR(caller, bson_get_data)(document)
                                                : bytes_by_layout(document);
}
