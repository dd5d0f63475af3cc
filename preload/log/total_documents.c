/* SPDX-License-Identifier: Apache-2.0 */
#include "log/total_documents.h"

#include "base/text.h"
#include "bson/bson_writer.h"
#include "phasetap/log_format.h"

#define PT_TOTAL_DOC_BYTES 65536u

static void write_cells(struct pt_bson *b, const int64_t *row, const char *const *names,
                        uint32_t fields)
{
    for (uint32_t i = 0; i < fields; i++) {
        if (row[i] != 0) {
            pt_bson_int64(b, names[i], row[i]);
        }
    }
}

static void write_buckets(struct pt_bson *b, const int64_t *buckets, uint32_t count)
{
    char key[24];
    pt_bson_open(b, "h");
    for (uint32_t i = 0; i < count; i++) {
        if (buckets[i] != 0) {
            pt_text_decimal(key, i);
            pt_bson_int64(b, key, buckets[i]);
        }
    }
    pt_bson_close(b);
}

static uint32_t write_row(uint8_t *buffer, uint32_t room, const char *section, const int64_t *row,
                          const char *const *names, uint32_t fields, uint32_t buckets)
{
    struct pt_bson b;
    pt_bson_init(&b, buffer, room < PT_TOTAL_DOC_BYTES ? room : PT_TOTAL_DOC_BYTES);
    pt_bson_int32(&b, "k", PT_KIND_TOTAL);
    pt_bson_string(&b, "of", section, 16);
    write_cells(&b, row, names, fields);
    if (buckets > 0) {
        write_buckets(&b, row + fields, buckets);
    }
    uint32_t bytes = (uint32_t)pt_bson_finish(&b);
    return b.full ? 0 : bytes;
}

#define NAME_OF(name) #name,
#define WRITE_SECTION(constant, name, rows, FIELDS, more)                                          \
    static const char *const name##_fields[] = {"key", FIELDS(NAME_OF)};                           \
    for (uint32_t i = 0; i < (rows); i++) {                                                        \
        const int64_t *row = totals->name[i];                                                      \
        if (row[0] != 0) {                                                                         \
            uint32_t bytes =                                                                       \
                write_row(buffer + *used, room - *used, #name, row, name##_fields,                 \
                          (uint32_t)(sizeof name##_fields / sizeof *name##_fields), more);         \
            if (bytes == 0) {                                                                      \
                return false;                                                                      \
            }                                                                                      \
            *used += bytes;                                                                        \
        }                                                                                          \
    }

bool pt_total_documents(const struct pt_totals *totals, uint8_t *buffer, uint32_t room,
                        uint32_t *used)
{
    PT_TOTAL_SECTIONS(WRITE_SECTION)
    return true;
}
