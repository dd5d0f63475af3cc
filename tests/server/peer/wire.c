/* SPDX-License-Identifier: Apache-2.0 */
/* Messages; wire.h is the manual. */
#include "wire.h"

#include <string.h>

enum {
    FLAG_CHECKSUM = 1,
    FLAG_MORE_TO_COME = 2,
    FLAG_EXHAUST_ALLOWED = 1 << 16,
    DATABASE_BYTES = 128
};

size_t wire_length(const uint8_t *header)
{
    int32_t len = load_i32(header);
    return len <= WIRE_HEADER_BYTES || len > WIRE_MAX_BYTES ? 0 : (size_t)len;
}

/* A kind 1 section: int32 size, name, documents. Moves *at behind it. */
static bool parse_sequence(const uint8_t **at, const uint8_t *end, struct request *request)
{
    if (end - *at < 5 || request->sequence_count == SEQUENCE_LIMIT) {
        return false;
    }
    int32_t size = load_i32(*at);
    if (size < 5 || size > end - *at) {
        return false;
    }
    const uint8_t *name = *at + 4, *stop = *at + size;
    const uint8_t *zero = memchr(name, 0, (size_t)(stop - name));
    if (zero == NULL) {
        return false;
    }
    request->sequences[request->sequence_count++] =
        (struct sequence){(const char *)name, zero + 1, (size_t)(stop - zero - 1)};
    *at = stop;
    return true;
}

static bool parse_sections(const uint8_t *at, const uint8_t *end, struct request *request)
{
    bool has_body = false;
    while (at < end) {
        uint8_t kind = *at++;
        if (kind == 0 && !has_body) {
            has_body = bson_view_take(&request->body, at, (size_t)(end - at));
            if (!has_body) {
                return false;
            }
            at += request->body.len_bytes;
        } else if (kind != 1 || !parse_sequence(&at, end, request)) {
            return false;
        }
    }
    return has_body;
}

static bool parse_msg(const uint8_t *data, size_t len_bytes, struct wire_message *message,
                      struct request *request)
{
    if (len_bytes < WIRE_HEADER_BYTES + 4 + 1 + 5) {
        return false;
    }
    int32_t flags = load_i32(data + WIRE_HEADER_BYTES);
    message->wants_reply = (flags & FLAG_MORE_TO_COME) == 0;
    message->exhaust_allowed = (flags & FLAG_EXHAUST_ALLOWED) != 0;
    const uint8_t *end = data + len_bytes - ((flags & FLAG_CHECKSUM) != 0 ? 4 : 0);
    if (!parse_sections(data + WIRE_HEADER_BYTES + 4, end, request)) {
        return false;
    }
    request->database = bson_find_string(request->body, "$db");
    return request->database != NULL && strlen(request->database) < DATABASE_BYTES;
}

/* flags, "database.$cmd", skip, count, document. Every command sent this way is about the server:
 * database admin. */
static bool parse_query(const uint8_t *data, size_t len_bytes, struct wire_message *message,
                        struct request *request)
{
    const uint8_t *name = data + WIRE_HEADER_BYTES + 4, *end = data + len_bytes;
    const uint8_t *zero = name < end ? memchr(name, 0, (size_t)(end - name)) : NULL;
    if (zero == NULL || end - zero < 1 + 8 + 5 || strstr((const char *)name, ".$cmd") == NULL) {
        return false;
    }
    struct bson_view inner;
    const uint8_t *document = zero + 1 + 8;
    message->wants_reply = true;
    request->database = "admin";
    if (!bson_view_take(&request->body, document, (size_t)(end - document))) {
        return false;
    }
    if (bson_find_document(request->body, "$query", &inner)) {
        request->body = inner;
    }
    return true;
}

/* zero, count, cursor ids. */
static bool parse_kill(const uint8_t *data, size_t len_bytes, struct wire_message *message,
                       struct request *request)
{
    static const uint8_t body[KILL_BODY_BYTES] = "\x30\0\0\0"
                                                 "\x02killCursors\0\1\0\0\0\0"
                                                 "\x04"
                                                 "cursors\0\x10\0\0\0"
                                                 "\x12"
                                                 "0";
    enum { ID_OFFSET = 38 };
    if (len_bytes != WIRE_HEADER_BYTES + 4 + 4 + 8 || load_i32(data + WIRE_HEADER_BYTES + 4) != 1) {
        return false;
    }
    memcpy(message->kill_body, body, sizeof body);
    memcpy(message->kill_body + ID_OFFSET, data + len_bytes - 8, 8);
    message->wants_reply = false;
    request->database = "admin";
    return bson_view_take(&request->body, message->kill_body, sizeof message->kill_body);
}

static bool parse_by_opcode(const uint8_t *data, size_t len_bytes, struct wire_message *message,
                            struct request *request)
{
    switch (message->opcode) {
    case OP_MSG:
        return parse_msg(data, len_bytes, message, request);
    case OP_QUERY:
        return parse_query(data, len_bytes, message, request);
    case OP_KILL_CURSORS:
        return parse_kill(data, len_bytes, message, request);
    default:
        return false;
    }
}

bool wire_parse(const uint8_t *data, size_t len_bytes, struct wire_message *message,
                struct request *request)
{
    message->request_id = load_i32(data + 4);
    message->opcode = load_i32(data + 12);
    message->exhaust_allowed = false;
    bool parsed = parse_by_opcode(data, len_bytes, message, request);
    struct bson_walk walk;
    if (parsed) {
        bson_walk_begin(&walk, request->body);
    }
    return parsed && bson_walk_next(&walk, &request->command);
}

void wire_reply_begin(struct bson_out *out, const struct wire_message *message, int32_t reply_id)
{
    static const uint8_t msg_head[5] = {0};               /* no flags, a section of kind 0 */
    static const int32_t reply_head[5] = {8, 0, 0, 0, 1}; /* AwaitCapable, cursor 0, one document */
    bool legacy = message->opcode == OP_QUERY;
    out->len_bytes = 0;
    bson_out_raw_i32(out, 0);
    bson_out_raw_i32(out, reply_id);
    bson_out_raw_i32(out, message->request_id);
    bson_out_raw_i32(out, legacy ? OP_REPLY : OP_MSG);
    if (legacy) {
        bson_out_raw(out, reply_head, sizeof reply_head);
    } else {
        bson_out_raw(out, msg_head, sizeof msg_head);
    }
}

void wire_reply_end(struct bson_out *out)
{
    int32_t len = (int32_t)out->len_bytes;
    memcpy(out->data, &len, sizeof len);
}

void wire_reply_announce_more(struct bson_out *out)
{
    static const int32_t flags = FLAG_MORE_TO_COME;
    memcpy(out->data + WIRE_HEADER_BYTES, &flags, sizeof flags);
}
