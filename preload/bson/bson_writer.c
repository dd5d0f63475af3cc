/* SPDX-License-Identifier: Apache-2.0 */
#include "bson/bson_writer.h"

#include <string.h>

#include "phasetap/log_format.h"
#include "base/text.h"

/* Kept free behind every element: the ends of all open documents and the longest padding element.
 */
#define PT_BSON_RESERVE_BYTES 28u

static void put(struct pt_bson *b, const void *bytes, size_t count)
{
    memcpy(b->data + b->used_bytes, bytes, count);
    b->used_bytes += count;
}

/* Writes type and key when an element with `value_bytes` fits; otherwise marks the document as cut.
 */
static bool element(struct pt_bson *b, uint8_t type, const char *key, size_t value_bytes)
{
    size_t key_bytes = strlen(key) + 1;
    if (b->used_bytes + 1 + key_bytes + value_bytes + PT_BSON_RESERVE_BYTES > b->size_bytes) {
        b->full = true;
        return false;
    }
    put(b, &type, 1);
    put(b, key, key_bytes);
    return true;
}

void pt_bson_init(struct pt_bson *b, void *buffer, size_t size_bytes)
{
    *b = (struct pt_bson){.data = buffer, .size_bytes = size_bytes, .used_bytes = 4, .depth = 1};
}

void pt_bson_int32(struct pt_bson *b, const char *key, int32_t value)
{
    if (element(b, 0x10, key, sizeof value)) {
        put(b, &value, sizeof value);
    }
}

void pt_bson_int64(struct pt_bson *b, const char *key, int64_t value)
{
    if (element(b, 0x12, key, sizeof value)) {
        put(b, &value, sizeof value);
    }
}

void pt_bson_double(struct pt_bson *b, const char *key, double value)
{
    if (element(b, 0x01, key, sizeof value)) {
        put(b, &value, sizeof value);
    }
}

void pt_bson_bool(struct pt_bson *b, const char *key, bool value)
{
    uint8_t byte = value;
    if (element(b, 0x08, key, 1)) {
        put(b, &byte, 1);
    }
}

void pt_bson_date_ms(struct pt_bson *b, const char *key, int64_t ms_since_epoch)
{
    if (element(b, 0x09, key, sizeof ms_since_epoch)) {
        put(b, &ms_since_epoch, sizeof ms_since_epoch);
    }
}

void pt_bson_string(struct pt_bson *b, const char *key, const char *value, size_t max_bytes)
{
    size_t length = value ? pt_text_prefix_bytes(value, max_bytes) : 0;
    if (!element(b, 0x02, key, 4 + length + 1)) {
        return;
    }
    int32_t stored = (int32_t)length + 1;
    put(b, &stored, 4);
    pt_text_copy_utf8((char *)b->data + b->used_bytes, value, length);
    b->used_bytes += length;
    put(b, "", 1);
}

void pt_bson_numbered(struct pt_bson *b, uint32_t number, const char *value)
{
    char key[12];
    pt_text_decimal(key, number);
    pt_bson_string(b, key, value, 64);
}

static bool open_at(struct pt_bson *b, uint8_t type, const char *key)
{
    if (b->depth == PT_BSON_DEPTH) {
        b->full = true;
    } else if (element(b, type, key, 5)) {
        b->open[b->depth++] = b->used_bytes;
        b->used_bytes += 4;
        return true;
    }
    return false;
}

bool pt_bson_open(struct pt_bson *b, const char *key)
{
    return open_at(b, 0x03, key);
}

bool pt_bson_open_array(struct pt_bson *b, const char *key)
{
    return open_at(b, 0x04, key);
}

static void close_at(struct pt_bson *b, size_t start)
{
    put(b, "", 1);
    int32_t length = (int32_t)(b->used_bytes - start);
    memcpy(b->data + start, &length, 4);
}

void pt_bson_close(struct pt_bson *b)
{
    if (b->depth > 1) {
        close_at(b, b->open[--b->depth]);
    }
}

size_t pt_bson_finish(struct pt_bson *b)
{
    while (b->depth > 1) {
        pt_bson_close(b);
    }
    /* A null element named by 1 to 8 underscores brings the length, with the closing byte, to the
     * alignment. */
    size_t bare = b->used_bytes + 3;
    size_t name_bytes = PT_ALIGN_BYTES - bare % PT_ALIGN_BYTES;
    put(b, "\x0A", 1);
    put(b, "________", name_bytes);
    put(b, "", 1);
    close_at(b, 0);
    return b->used_bytes;
}
