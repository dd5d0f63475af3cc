/* SPDX-License-Identifier: Apache-2.0 */
/* The writer of rare documents: the bytes of BSON, the alignment, and what happens when the buffer
 * is full. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "bson/bson_writer.h"
#include "phasetap/log_format.h"

/* Size of a value of the types that the writer knows; 0: unknown. */
static size_t value_bytes(uint8_t type, const uint8_t *value)
{
    uint32_t length;
    memcpy(&length, value, 4);
    switch (type) {
    case 0x01:
    case 0x09:
    case 0x12:
        return 8;
    case 0x10:
        return 4;
    case 0x08:
        return 1;
    case 0x02:
        return value[4 + length - 1] == 0 ? 4 + length : 0;
    case 0x03:
        return length;
    default:
        return 0;
    }
}

/* Number of elements of a well-formed document of exactly `bytes`, padding left out; -1: it is not
 * well-formed. */
static int elements(const uint8_t *data, size_t bytes)
{
    uint32_t length;
    memcpy(&length, data, 4);
    size_t at = 4;
    int count = 0;
    while (length == bytes && at < bytes - 1) {
        uint8_t type = data[at];
        const char *key = (const char *)data + at + 1;
        at += 1 + strlen(key) + 1;
        if (type == 0x0A) {
            continue;
        }
        size_t value = value_bytes(type, data + at);
        if (value == 0 || (type == 0x03 && elements(data + at, value) < 0)) {
            return -1;
        }
        at += value;
        count++;
    }
    return length == bytes && at == bytes - 1 && data[at] == 0 ? count : -1;
}

Test(bson_writer, the_bytes_of_a_small_document)
{
    static const uint8_t wanted[] = {0x18, 0, 0, 0,    0x10, 'k', 0,   3,   0,   0,   0, 0x08,
                                     'b',  0, 1, 0x0A, '_',  '_', '_', '_', '_', '_', 0, 0};
    uint8_t buffer[64];
    struct pt_bson b;
    pt_bson_init(&b, buffer, sizeof buffer);
    pt_bson_int32(&b, "k", 3);
    pt_bson_bool(&b, "b", true);
    cr_assert(eq(sz, pt_bson_finish(&b), sizeof wanted));
    cr_assert(eq(int, memcmp(buffer, wanted, sizeof wanted), 0));
    cr_assert(not(b.full));
}

Test(bson_writer, every_length_is_aligned_and_padded_by_underscores)
{
    for (size_t length = 0; length < 40; length++) {
        uint8_t buffer[128];
        char text[41] = {0};
        struct pt_bson b;
        memset(text, 'x', length);
        pt_bson_init(&b, buffer, sizeof buffer);
        pt_bson_string(&b, "s", text, sizeof text);
        size_t bytes = pt_bson_finish(&b);
        cr_assert(eq(sz, bytes % PT_ALIGN_BYTES, 0));
        cr_assert(eq(int, elements(buffer, bytes), 1));
        cr_assert(eq(int, buffer[bytes - 3], '_'));
    }
}

Test(bson_writer, all_types_and_nesting)
{
    uint8_t buffer[512];
    struct pt_bson b;
    pt_bson_init(&b, buffer, sizeof buffer);
    pt_bson_int64(&b, "l", INT64_MIN);
    pt_bson_double(&b, "d", 0.5);
    pt_bson_date_ms(&b, "t", 1);
    pt_bson_open(&b, "o");
    pt_bson_numbered(&b, 12, "twelve");
    pt_bson_open(&b, "p");
    pt_bson_close(&b);
    pt_bson_close(&b);
    pt_bson_string(&b, "n", NULL, 10);
    size_t bytes = pt_bson_finish(&b);
    cr_assert(eq(int, elements(buffer, bytes), 5));
}

Test(bson_writer, documents_left_open_are_closed)
{
    uint8_t buffer[128];
    struct pt_bson b;
    pt_bson_init(&b, buffer, sizeof buffer);
    pt_bson_open(&b, "a");
    pt_bson_open(&b, "b");
    pt_bson_int32(&b, "x", 1);
    cr_assert(eq(int, elements(buffer, pt_bson_finish(&b)), 1));
    cr_assert(eq(int, (int)b.depth, 1));
}

Test(bson_writer, text_is_cut_between_characters_and_made_well_formed)
{
    uint8_t buffer[64];
    struct pt_bson b;
    pt_bson_init(&b, buffer, sizeof buffer);
    pt_bson_string(&b, "s", "ab\xC3\xA4", 3);
    pt_bson_string(&b, "t", "\xFFz", 8);
    size_t bytes = pt_bson_finish(&b);
    cr_assert(eq(int, elements(buffer, bytes), 2));
    cr_assert(eq(str, (char *)buffer + 11, "ab"));
    cr_assert(eq(str, (char *)buffer + 21, "?z"));
}

/* Whatever is written into whatever size: a valid document within the buffer (a heap block of its
 * exact size), and `full` tells a loss. */
Test(bson_writer, what_does_not_fit_is_left_out)
{
    for (size_t size = 40; size < 300; size++) {
        uint8_t *buffer = malloc(size);
        struct pt_bson b;
        cr_assert(ne(ptr, buffer, NULL));
        pt_bson_init(&b, buffer, size);
        for (int i = 0; i < 6; i++) {
            pt_bson_open(&b, "document");
            pt_bson_string(&b, "text", "twenty bytes of text", 255);
            pt_bson_int64(&b, "number", i);
        }
        size_t bytes = pt_bson_finish(&b);
        cr_assert(le(sz, bytes, size));
        cr_assert(ge(int, elements(buffer, bytes), 0));
        cr_assert(b.full || size > 250);
        free(buffer);
    }
}
