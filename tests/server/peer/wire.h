/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The MongoDB wire protocol: taking a message apart and framing an answer. OP_MSG (sections 0 and
 * 1, moreToCome, exhaustAllowed; a checksum is skipped), OP_QUERY on a $cmd collection, which older
 * drivers use for their first hello, and OP_KILL_CURSORS of one cursor, taken as the command
 * killCursors without a reply. No state; the request's views point into the message, which is kept
 * as long as they are.
 */
#ifndef PEER_WIRE_H
#define PEER_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bson_out.h"
#include "request.h"

enum {
    WIRE_HEADER_BYTES = 16,
    WIRE_MAX_BYTES = 48 * 1024 * 1024 + 16 * 1024,
    OP_REPLY = 1,
    OP_QUERY = 2004,
    OP_KILL_CURSORS = 2007,
    OP_MSG = 2013,
    KILL_BODY_BYTES = 48,
};

struct wire_message {
    int32_t request_id;
    int32_t opcode;
    bool wants_reply;                   /* false: the driver set moreToCome, as for w: 0 */
    bool exhaust_allowed;               /* the driver takes several replies to one getMore */
    uint8_t kill_body[KILL_BODY_BYTES]; /* the command that an OP_KILL_CURSORS stands for */
};

/* The message's whole length by its first four bytes; 0 when that cannot be a message. */
size_t wire_length(const uint8_t *header);

/* Takes a whole message apart; false when it is malformed or of a kind that is not spoken here. */
bool wire_parse(const uint8_t *data, size_t len_bytes, struct wire_message *message,
                struct request *request);

/* Empties `out` and writes what comes before the answer's document; wire_reply_end fills in the
 * length. */
void wire_reply_begin(struct bson_out *out, const struct wire_message *message, int32_t reply_id);
void wire_reply_end(struct bson_out *out);
/* Says in a finished OP_MSG reply that another one follows without being asked for. */
void wire_reply_announce_more(struct bson_out *out);

#endif
