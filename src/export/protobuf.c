/* SPDX-License-Identifier: Apache-2.0 */
#include "export/protobuf.h"

#include <string.h>

enum { WIRE_VARINT = 0, WIRE_LENGTH = 2 };

static void put(struct pt_protobuf *to, const void *bytes, size_t length)
{
    if (to->full || length > sizeof to->bytes - to->length) {
        to->full = true;
        return;
    }
    memcpy(to->bytes + to->length, bytes, length);
    to->length += length;
}

static void put_varint(struct pt_protobuf *to, uint64_t number)
{
    do {
        uint8_t byte = (uint8_t)((number & 0x7F) | (number > 0x7F ? 0x80 : 0));
        put(to, &byte, 1);
        number >>= 7;
    } while (number > 0);
}

void pt_protobuf_number(struct pt_protobuf *to, uint32_t field, uint64_t number)
{
    put_varint(to, (uint64_t)field << 3 | WIRE_VARINT);
    put_varint(to, number);
}

void pt_protobuf_head(struct pt_protobuf *to, uint32_t field, uint64_t length)
{
    put_varint(to, (uint64_t)field << 3 | WIRE_LENGTH);
    put_varint(to, length);
}

void pt_protobuf_text(struct pt_protobuf *to, uint32_t field, const char *text)
{
    size_t length = strlen(text);
    pt_protobuf_head(to, field, length);
    put(to, text, length);
}

void pt_protobuf_message(struct pt_protobuf *to, uint32_t field, const struct pt_protobuf *message)
{
    pt_protobuf_head(to, field, message->length);
    put(to, message->bytes, message->length);
    to->full = to->full || message->full;
}
