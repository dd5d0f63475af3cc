/* SPDX-License-Identifier: Apache-2.0 */
/* The commands insert, update and delete: their statements, one by one. */
#include <string.h>

#include "apply.h"
#include "commands.h"
#include "write_answer.h"

/* One write command under way. */
struct writing {
    struct request *request;
    struct target target;
    struct write_answer answer;
    struct applied applied; /* of the statement */
    uint32_t index;         /* of the statement */
};

/* Carries out one statement; false when applied says why not. The write lock is held with --store.
 */
typedef bool statement_handler(struct writing *writing, struct bson_view statement);

static bool run_statement(struct writing *writing, struct bson_view statement,
                          statement_handler *handler)
{
    struct write_answer *answer = &writing->answer;
    struct applied *applied = &writing->applied;
    if (write_answer_fault(answer, writing->request, writing->index, statement)) {
        return false;
    }
    if (!handler(writing, statement)) {
        write_answer_error(answer, writing->index, applied->code, applied->text);
        return false;
    }
    answer->n += applied->matched;
    answer->modified += applied->modified;
    if (applied->upserted) {
        write_answer_upserted(answer, writing->index, &applied->upserted_id);
    }
    return true;
}

static void run_statements(struct writing *writing, struct statements *statements,
                           statement_handler *handler)
{
    struct request *request = writing->request;
    bool ordered = bson_find_bool(request->body, "ordered", true);
    struct bson_view statement;
    for (; statements_next(statements, &statement); writing->index++) {
        request->documents++;
        request->bytes += statement.len_bytes;
        if (!run_statement(writing, statement, handler) && ordered) {
            break;
        }
    }
}

static void run_write(struct request *request, struct bson_out *out, const char *list,
                      statement_handler *handler)
{
    struct writing writing = {.request = request,
                              .target.store = request->peer->settings.store_writes};
    struct statements statements;
    if (!request_name_space(request, NULL) || !request_statements(request, list, &statements)) {
        return;
    }
    struct collection *collection = writing.target.collection =
        store_open(&request->peer->store, request->name_space);
    if (collection == NULL) {
        request_fail(request, 1, "out of memory for a collection");
        return;
    }
    write_answer_begin(&writing.answer, out, strcmp(list, "updates") == 0);
    if (writing.target.store) {
        pthread_rwlock_wrlock(&collection->lock);
    }
    run_statements(&writing, &statements, handler);
    if (writing.target.store) {
        pthread_rwlock_unlock(&collection->lock);
    }
    write_answer_end(&writing.answer);
    bson_out_free(&writing.target.scratch);
}

static bool insert_one(struct writing *writing, struct bson_view document)
{
    return apply_insert(&writing->target, document, &writing->applied);
}

void cmd_insert(struct request *request, struct bson_out *out)
{
    run_write(request, out, "documents", insert_one);
}

static bool update_one(struct writing *writing, struct bson_view statement)
{
    struct change change = {
        .many = bson_find_bool(statement, "multi", false),
        .upsert = bson_find_bool(statement, "upsert", false),
    };
    if (!bson_find_document(statement, "q", &change.filter) ||
        !bson_find(statement, "u", &change.update)) {
        writing->applied.code = 9;
        strcpy(writing->applied.text, "the statement has no `q` or no `u`");
        return false;
    }
    return apply_update(&writing->target, &change, &writing->applied);
}

void cmd_update(struct request *request, struct bson_out *out)
{
    run_write(request, out, "updates", update_one);
}

static bool delete_one(struct writing *writing, struct bson_view statement)
{
    struct bson_view filter;
    if (!bson_find_document(statement, "q", &filter)) {
        writing->applied.code = 9;
        strcpy(writing->applied.text, "the statement has no `q`");
        return false;
    }
    bool many = bson_find_i64(statement, "limit", 0) == 0;
    return apply_delete(&writing->target, filter, many, &writing->applied);
}

void cmd_delete(struct request *request, struct bson_out *out)
{
    run_write(request, out, "deletes", delete_one);
}
