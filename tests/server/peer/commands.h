/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command table. A command is one row in commands.c and one handler in a cmd_*.c file.
 *
 * A handler appends the fields of its answer to `out`; the document around them and `ok` are the
 * dispatcher's. To answer an error it calls request_fail, and what it wrote is dropped. It sets
 * request->documents and ->bytes. Handlers run on the connection's thread and share only what
 * request->peer guards.
 */
#ifndef PEER_COMMANDS_H
#define PEER_COMMANDS_H

#include <stddef.h>
#include <stdint.h>

#include "bson_out.h"
#include "request.h"

struct command {
    const char *name; /* NULL ends the table */
    void (*handler)(struct request *request, struct bson_out *out);
    uint64_t default_delay_ns;
};

extern const struct command COMMANDS[];

size_t command_count(void);
/* -1 when the table has no such command. */
int command_index(const char *name);

/* Runs the request and appends the whole answer document, counts it, and waits as long as its delay
 * says. */
void command_run(struct request *request, struct bson_out *out);

/* {cursor: {id, ns, firstBatch: [...]}}: opening leaves the batch's array open, closing wants the
 * id. */
struct batch_marks {
    size_t cursor;
    size_t id_offset;
    size_t batch;
};
struct batch_marks batch_begin(struct bson_out *out, const char *batch_name,
                               const char *name_space);
void batch_end(struct bson_out *out, struct batch_marks marks, int64_t cursor_id);

/* Handlers, by file. */
/* cmd_server.c */
void cmd_hello(struct request *request, struct bson_out *out);
void cmd_ok(struct request *request, struct bson_out *out);
void cmd_build_info(struct request *request, struct bson_out *out);
void cmd_stats(struct request *request, struct bson_out *out);
/* cmd_aggregate.c */
void cmd_aggregate(struct request *request, struct bson_out *out);
/* cmd_read.c */
void cmd_find(struct request *request, struct bson_out *out);
void cmd_get_more(struct request *request, struct bson_out *out);
void cmd_kill_cursors(struct request *request, struct bson_out *out);
void cmd_count(struct request *request, struct bson_out *out);
/* cmd_distinct.c */
void cmd_distinct(struct request *request, struct bson_out *out);
/* cmd_write.c */
void cmd_insert(struct request *request, struct bson_out *out);
void cmd_update(struct request *request, struct bson_out *out);
void cmd_delete(struct request *request, struct bson_out *out);
/* cmd_find_and_modify.c */
void cmd_find_and_modify(struct request *request, struct bson_out *out);
/* cmd_bulk_write.c */
void cmd_bulk_write(struct request *request, struct bson_out *out);
/* cmd_catalog.c */
void cmd_create(struct request *request, struct bson_out *out);
void cmd_drop(struct request *request, struct bson_out *out);
void cmd_drop_database(struct request *request, struct bson_out *out);
void cmd_rename_collection(struct request *request, struct bson_out *out);
void cmd_list_collections(struct request *request, struct bson_out *out);
void cmd_list_databases(struct request *request, struct bson_out *out);
/* cmd_index.c */
void cmd_create_indexes(struct request *request, struct bson_out *out);
void cmd_drop_indexes(struct request *request, struct bson_out *out);
void cmd_list_indexes(struct request *request, struct bson_out *out);
/* cmd_admin.c */
void cmd_coll_stats(struct request *request, struct bson_out *out);
void cmd_db_stats(struct request *request, struct bson_out *out);
void cmd_validate(struct request *request, struct bson_out *out);
void cmd_server_status(struct request *request, struct bson_out *out);
void cmd_users_info(struct request *request, struct bson_out *out);
void cmd_drop_all_users(struct request *request, struct bson_out *out);

#endif
