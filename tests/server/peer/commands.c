/* SPDX-License-Identifier: Apache-2.0 */
/* The command table and its dispatcher; commands.h is the manual. */
#include "commands.h"

#include <string.h>

#include "clock.h"
#include "labels.h"

const struct command COMMANDS[] = {
    {"hello", cmd_hello, 0},
    {"isMaster", cmd_hello, 0},
    {"ismaster", cmd_hello, 0},
    {"ping", cmd_ok, 0},
    {"buildInfo", cmd_build_info, 0},
    {"buildinfo", cmd_build_info, 0},
    {"find", cmd_find, 0},
    {"getMore", cmd_get_more, 0},
    {"insert", cmd_insert, 0},
    {"update", cmd_update, 0},
    {"delete", cmd_delete, 0},
    {"bulkWrite", cmd_bulk_write, 0},
    {"findAndModify", cmd_find_and_modify, 0},
    {"findandmodify", cmd_find_and_modify, 0},
    {"aggregate", cmd_aggregate, 0},
    {"count", cmd_count, 0},
    {"distinct", cmd_distinct, 0},
    {"createIndexes", cmd_create_indexes, 0},
    {"dropIndexes", cmd_drop_indexes, 0},
    {"listIndexes", cmd_list_indexes, 0},
    {"listCollections", cmd_list_collections, 0},
    {"listDatabases", cmd_list_databases, 0},
    {"create", cmd_create, 0},
    {"drop", cmd_drop, 0},
    {"dropDatabase", cmd_drop_database, 0},
    {"renameCollection", cmd_rename_collection, 0},
    {"collMod", cmd_ok, 0},
    {"collStats", cmd_coll_stats, 0},
    {"collstats", cmd_coll_stats, 0},
    {"dbStats", cmd_db_stats, 0},
    {"validate", cmd_validate, 0},
    {"serverStatus", cmd_server_status, 0},
    {"usersInfo", cmd_users_info, 0},
    {"createUser", cmd_ok, 0},
    {"updateUser", cmd_ok, 0},
    {"dropUser", cmd_ok, 0},
    {"dropAllUsersFromDatabase", cmd_drop_all_users, 0},
    {"killCursors", cmd_kill_cursors, 0},
    {"endSessions", cmd_ok, 0},
    {"commitTransaction", cmd_ok, 0},
    {"abortTransaction", cmd_ok, 0},
    {"phasetapStats", cmd_stats, 0},
    {NULL, NULL, 0},
};

_Static_assert(sizeof COMMANDS / sizeof COMMANDS[0] <= COMMAND_LIMIT, "raise COMMAND_LIMIT");

size_t command_count(void)
{
    return sizeof COMMANDS / sizeof COMMANDS[0] - 1;
}

int command_index(const char *name)
{
    for (int i = 0; COMMANDS[i].name != NULL; i++) {
        if (strcmp(COMMANDS[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}

static void run_handler(struct request *request, int index, struct bson_out *out)
{
    if (index < 0) {
        request_fail(request, 59, "no such command: '%s'", request->command.key);
        return;
    }
    struct command_settings *settings = &request->peer->settings.commands[index];
    request->settings = settings;
    if (fault_strikes(&settings->drop)) {
        request->dropped = true;
        request_fail(request, 6, "%s is not answered, as ordered by --drop", request->command.key);
        return;
    }
    if (fault_strikes(&settings->fail)) {
        request_fail(request, settings->fail.code, "%s fails as ordered by --fail",
                     request->command.key);
        return;
    }
    COMMANDS[index].handler(request, out);
}

static void append_error(const struct request *request, struct bson_out *out)
{
    bson_out_double(out, "ok", 0);
    bson_out_string(out, "errmsg", request->error_text);
    bson_out_i32(out, "code", request->error_code);
    bson_out_string(out, "codeName", error_code_name(request->error_code));
    labels_append(request, request->error_code, out);
}

static void append_success(const struct request *request, struct bson_out *out)
{
    struct fault *fault = request->settings != NULL ? &request->settings->write_concern : NULL;
    if (fault != NULL && fault_strikes(fault)) {
        size_t error = bson_out_document_begin(out, "writeConcernError");
        bson_out_i32(out, "code", fault->code);
        bson_out_string(out, "codeName", error_code_name(fault->code));
        bson_out_string(out, "errmsg",
                        "the write concern fails as ordered by --write-concern-error");
        bson_out_end(out, error);
        labels_append(request, fault->code, out);
    }
    bson_out_double(out, "ok", 1);
}

static void count_request(const struct request *request, int index)
{
    struct stats *stats = &request->peer->stats;
    struct command_counts *counts = index < 0 ? &stats->unknown : &stats->commands[index];
    stats_add(&counts->commands, 1);
    stats_add(&counts->failed, request->error_code != 0);
    stats_add(&counts->documents, request->documents);
    stats_add(&counts->bytes, request->bytes);
    stats_add(&counts->service_ns, clock_now_ns() - request->received_ns);
}

static void wait_as_ordered(const struct request *request)
{
    struct command_settings *settings = request->settings;
    if (settings == NULL) {
        return;
    }
    uint64_t delay_ns = settings->delay_ns + settings->document_delay_ns * request->documents +
                        settings->skipped_delay_ns * request->skipped;
    if (fault_strikes(&settings->stall)) {
        delay_ns += settings->stall_ns;
    }
    if (delay_ns != 0) {
        clock_wait_until(request->received_ns + delay_ns);
    }
}

void command_run(struct request *request, struct bson_out *out)
{
    int index = command_index(request->command.key);
    size_t mark = bson_out_begin(out);
    size_t fields_start = out->len_bytes;
    run_handler(request, index, out);
    if (request->error_code == 0) {
        append_success(request, out);
    } else {
        out->len_bytes = fields_start;
        append_error(request, out);
    }
    bson_out_end(out, mark);
    wait_as_ordered(request);
    count_request(request, index);
}

struct batch_marks batch_begin(struct bson_out *out, const char *batch_name, const char *name_space)
{
    struct batch_marks marks;
    marks.cursor = bson_out_document_begin(out, "cursor");
    bson_out_i64(out, "id", 0);
    marks.id_offset = out->len_bytes - sizeof(int64_t);
    bson_out_string(out, "ns", name_space);
    marks.batch = bson_out_array_begin(out, batch_name);
    return marks;
}

void batch_end(struct bson_out *out, struct batch_marks marks, int64_t cursor_id)
{
    bson_out_end(out, marks.batch);
    bson_out_end(out, marks.cursor);
    memcpy(out->data + marks.id_offset, &cursor_id, sizeof cursor_id);
}
