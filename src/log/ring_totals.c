/* SPDX-License-Identifier: Apache-2.0 */
#include "log/ring_totals.h"

#include <bson/bson.h>
#include <stdio.h>
#include <string.h>

static bool lies_inside(uint64_t size_bytes, uint64_t offset, uint64_t bytes)
{
    return offset >= sizeof(struct pt_ring_header) && offset % 8 == 0 &&
           offset + bytes <= size_bytes;
}

static bool areas_lie_inside(const struct pt_ring_header *h, uint64_t size_bytes)
{
    uint64_t redo_bytes = PT_TOTAL_REDO_COUNT * sizeof(struct pt_total_redo);
    return lies_inside(size_bytes, h->totals_offset, sizeof(struct pt_totals)) &&
           lies_inside(size_bytes, h->redo_offset, redo_bytes) &&
           lies_inside(size_bytes, h->overflow_offset, sizeof(struct pt_totals));
}

bool pt_ring_totals_settle(uint8_t *ring, uint64_t size_bytes)
{
    const struct pt_ring_header *h = (const void *)ring;
    if (!areas_lie_inside(h, size_bytes)) {
        return false;
    }
    int64_t *cells = (int64_t *)(void *)(ring + h->totals_offset);
    const struct pt_total_redo *redo = (const void *)(ring + h->redo_offset);
    uint32_t count = h->intent.generation == h->generation ? h->redo_count : 0;
    for (uint32_t i = 0; i < count && i < PT_TOTAL_REDO_COUNT; i++) {
        if (redo[i].cell < PT_TOTAL_CELLS) {
            cells[redo[i].cell] = redo[i].value;
        }
    }
    return cells[0] == 0 && (h->totals_used != 0 || count > 0 || h->overflow_used != 0);
}

static void append_buckets(bson_t *document, const int64_t *buckets, uint32_t count)
{
    bson_t inner;
    char key[16];
    bson_append_document_begin(document, "h", 1, &inner);
    for (uint32_t i = 0; i < count; i++) {
        if (buckets[i] != 0) {
            snprintf(key, sizeof key, "%u", (unsigned)i);
            bson_append_int64(&inner, key, -1, buckets[i]);
        }
    }
    bson_append_document_end(document, &inner);
}

/* A last element whose key brings the length to a multiple of eight. */
static void pad(bson_t *document)
{
    uint32_t more = (PT_ALIGN_BYTES - (document->len + 2) % PT_ALIGN_BYTES) % PT_ALIGN_BYTES;
    bson_append_null(document, "________", more > 0 ? (int)more : (int)PT_ALIGN_BYTES);
}

struct row {
    const char *section;
    const int64_t *cells;
    const char *const *names;
    uint32_t fields, buckets;
};

static int hand_out(const struct row *row, pt_total_handler handler, void *context)
{
    bson_t document = BSON_INITIALIZER;
    bson_append_int32(&document, "k", 1, PT_KIND_TOTAL);
    bson_append_utf8(&document, "of", 2, row->section, -1);
    for (uint32_t i = 0; i < row->fields; i++) {
        if (row->cells[i] != 0) {
            bson_append_int64(&document, row->names[i], -1, row->cells[i]);
        }
    }
    if (row->buckets > 0) {
        append_buckets(&document, row->cells + row->fields, row->buckets);
    }
    pad(&document);
    int status = handler(context, bson_get_data(&document), document.len);
    bson_destroy(&document);
    return status;
}

#define NAME_OF(name) #name,
#define WALK_SECTION(constant, name, rows, FIELDS, more)                                           \
    static const char *const name##_fields[] = {"key", FIELDS(NAME_OF)};                           \
    for (uint32_t i = 0; i < (rows) && status == 0; i++) {                                         \
        struct row row = {#name, totals->name[i], name##_fields,                                   \
                          (uint32_t)(sizeof name##_fields / sizeof *name##_fields), more};         \
        if (row.cells[0] != 0) {                                                                   \
            status = hand_out(&row, handler, context);                                             \
        }                                                                                          \
    }

static int walk_area(const struct pt_totals *totals, pt_total_handler handler, void *context)
{
    int status = 0;
    PT_TOTAL_SECTIONS(WALK_SECTION)
    return status;
}

/* Rows of the same key in both areas add up for a reader. */
int pt_ring_totals_walk(const uint8_t *ring, pt_total_handler handler, void *context)
{
    const struct pt_ring_header *h = (const void *)ring;
    int status = walk_area((const void *)(ring + h->totals_offset), handler, context);
    return status != 0 ? status
                       : walk_area((const void *)(ring + h->overflow_offset), handler, context);
}
