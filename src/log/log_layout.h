/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log_layout.h: a document as the reader hands it out, and the check that makes its struct safe to
 * use. Frequent documents have a fixed layout and are read in place, by casting their bytes to the
 * packed struct of log_format.h. The cast is sound only after pt_layout_check() has compared the
 * length, the type and key of every element, and the end with the template.
 */
#ifndef PHASETAP_LOG_LAYOUT_H
#define PHASETAP_LOG_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include <phasetap/log_format.h>

struct pt_record {
    const uint8_t *data;   /* the whole document, valid during the call only */
    uint32_t length_bytes; /* of it, as checked */
    int32_t kind;          /* value of `k` */
    uint64_t offset_bytes; /* of the document in the file */
};

/* A record of a fixed layout as its struct; only for the kind the struct belongs to. */
#define PT_AS(tag, record) ((const struct pt_doc_##tag *)(const void *)(record)->data)

enum pt_layout {
    PT_LAYOUT_FREE,   /* a kind of no fixed layout: to be read by libbson */
    PT_LAYOUT_FIXED,  /* checked: may be cast */
    PT_LAYOUT_BROKEN, /* a kind of fixed layout, but the bytes differ from it */
};

enum pt_layout pt_layout_check(int32_t kind, const uint8_t *data, uint32_t length_bytes);

#endif
