/* SPDX-License-Identifier: Apache-2.0 */
/*
 * protobuf.h: writes protocol buffer messages into a buffer of fixed size: varints, texts and
 * nested messages. https://protobuf.dev/programming-guides/encoding/
 *
 * A message that does not fit is marked `full`, and the caller leaves it out. One thread.
 */
#ifndef PHASETAP_PROTOBUF_H
#define PHASETAP_PROTOBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PT_PROTOBUF_BYTES 4096

struct pt_protobuf {
    uint8_t bytes[PT_PROTOBUF_BYTES];
    size_t length;
    bool full;
};

void pt_protobuf_number(struct pt_protobuf *to, uint32_t field, uint64_t number);
void pt_protobuf_text(struct pt_protobuf *to, uint32_t field, const char *text);
void pt_protobuf_message(struct pt_protobuf *to, uint32_t field, const struct pt_protobuf *message);

/* A field's number and the length of what follows it, as the head of a message in a file. */
void pt_protobuf_head(struct pt_protobuf *to, uint32_t field, uint64_t length);

#endif
