/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request as a command handler sees it. It lives on the connection's thread for one message;
 * its views point into the connection's receive buffer.
 */
#ifndef PEER_REQUEST_H
#define PEER_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bson_in.h"
#include "cursors.h"
#include "settings.h"
#include "stats.h"
#include "store.h"

enum { SEQUENCE_LIMIT = 4 };

/* Everything that the connections share. */
struct peer {
    struct settings settings;
    struct stats stats;
    struct store store;
    struct cursors cursors;
};

/* An OP_MSG section of kind 1: documents one after the other. */
struct sequence {
    const char *name;
    const uint8_t *data;
    size_t len_bytes;
};

struct request {
    struct peer *peer;
    uint32_t connection_id;
    uint64_t received_ns; /* clock_now_ns when its last byte had been read */
    struct bson_view body;
    struct bson_element command; /* first element of the body: its key names the command */
    const char *database;
    struct sequence sequences[SEQUENCE_LIMIT];
    size_t sequence_count;
    struct command_settings *settings; /* of this command; NULL for an unknown one */

    /* Filled by the handler. */
    char name_space[NAMESPACE_BYTES];
    uint64_t documents; /* for the counts, see stats.h */
    uint64_t bytes;
    uint64_t skipped;   /* documents that a find was asked to skip */
    bool more_to_come;  /* the same request would give more: the next batch of a cursor */
    bool dropped;       /* ordered by --drop: the connection ends without an answer */
    int32_t error_code; /* not 0: the answer is ok: 0, whatever the handler wrote */
    char error_text[256];
};

/* Makes the answer an error. Returns false, so that a check can be `return request_fail(...)`. */
bool request_fail(struct request *request, int32_t code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * name_space = database + "." + the command's string value (or `collection` when that is given);
 * false, with the error set, when there is no such string or it is too long.
 */
bool request_name_space(struct request *request, const char *collection);

/* The statements of a write command, whether they came as a section of their own or as an array in
 * the body. */
struct statements {
    struct sequence sequence; /* data NULL: the array is walked */
    struct bson_walk walk;
};

bool request_statements(struct request *request, const char *name, struct statements *statements);
bool statements_next(struct statements *statements, struct bson_view *statement);

/* The server's name for an error code, "UnknownError" when it is not one that is known here. */
const char *error_code_name(int32_t code);

#endif
