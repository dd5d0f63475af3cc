/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands that write: insert, update, delete, findAndModify.
 *
 * Without --store they only count: an insert is discarded, a single-document update or delete is taken to hit one
 * document, and one of many hits as many as its filter matches, but nothing changes.
 */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "match.h"
#include "modify.h"
#include "write_answer.h"

static const uint8_t EMPTY_DOCUMENT[5] = { 5, 0, 0, 0, 0 };

/* One write command under way. */
struct writing {
    struct request *request;
    struct collection *collection;
    struct write_answer answer;
    struct bson_out scratch;        /* the document that an update makes; only with --store */
    uint32_t index;                 /* of the statement */
};

/* Carries out one statement; false when it ended in a writeErrors entry. The write lock is held with --store. */
typedef bool statement_handler(struct writing *writing, struct bson_view statement);

static bool statement_fails(struct writing *writing, const char *text, const char *what)
{
    char message[160];
    snprintf(message, sizeof message, text, what);
    write_answer_error(&writing->answer, writing->index, 9, message);
    return false;
}

static void run_statements(struct writing *writing, struct statements *statements, statement_handler *handler)
{
    struct request *request = writing->request;
    bool ordered = bson_find_bool(request->body, "ordered", true);
    struct bson_view statement;
    for (; statements_next(statements, &statement); writing->index++) {
        request->documents++;
        request->bytes += statement.len_bytes;
        bool failed = write_answer_fault(&writing->answer, request, writing->index, statement) ||
                      !handler(writing, statement);
        if (failed && ordered) {
            break;
        }
    }
}

static void run_write(struct request *request, struct bson_out *out, const char *list, statement_handler *handler)
{
    struct writing writing = { .request = request };
    struct statements statements;
    bool store = request->peer->settings.store_writes;
    if (!request_name_space(request, NULL) || !request_statements(request, list, &statements)) {
        return;
    }
    writing.collection = store_open(&request->peer->store, request->name_space);
    if (writing.collection == NULL) {
        request_fail(request, 1, "out of memory for a collection");
        return;
    }
    write_answer_begin(&writing.answer, out, strcmp(list, "updates") == 0);
    if (store) {
        pthread_rwlock_wrlock(&writing.collection->lock);
    }
    run_statements(&writing, &statements, handler);
    if (store) {
        pthread_rwlock_unlock(&writing.collection->lock);
    }
    write_answer_end(&writing.answer);
    bson_out_free(&writing.scratch);
}

static bool insert_one(struct writing *writing, struct bson_view document)
{
    if (writing->request->peer->settings.store_writes && !collection_append(writing->collection, document)) {
        return statement_fails(writing, "%s", "out of memory for the document");
    }
    writing->answer.n++;
    return true;
}

void cmd_insert(struct request *request, struct bson_out *out)
{
    run_write(request, out, "documents", insert_one);
}

/* The statement's filter as a scan; false after a writeErrors entry. */
static bool statement_scan(struct writing *writing, struct bson_view statement, bool many, struct scan *scan)
{
    *scan = (struct scan) { .collection = writing->collection, .remaining = many ? UINT64_MAX : 1 };
    if (!bson_find_document(statement, "q", &scan->filter)) {
        return statement_fails(writing, "the statement has no `%s`", "q");
    }
    const char *unsupported = match_unsupported(scan->filter);
    return unsupported == NULL || statement_fails(writing, "this peer does not know the operator %s", unsupported);
}

/* Documents that a statement would hit, for when nothing is stored. */
static uint64_t presumed_hits(struct scan *scan, bool many)
{
    return many ? scan_count(scan) : 1;
}

static bool upsert(struct writing *writing, struct bson_view filter, struct bson_view change)
{
    static const uint8_t nothing[1] = { 0 };
    struct bson_out base = { 0 };
    struct bson_element id = { "_id", BSON_NULL, nothing, 0 };
    modify_upsert_base(filter, &base);
    modify_document((struct bson_view) { base.data, base.len_bytes }, change, &writing->scratch);
    struct bson_view made = { writing->scratch.data, writing->scratch.len_bytes };
    bool stored = collection_append(writing->collection, made);
    bson_out_free(&base);
    if (!stored) {
        return statement_fails(writing, "%s", "out of memory for the document");
    }
    bson_find(made, "_id", &id);
    write_answer_upserted(&writing->answer, writing->index, &id);
    writing->answer.n++;
    return true;
}

static bool apply_update(struct writing *writing, struct scan *scan, struct bson_view change, bool may_upsert)
{
    struct bson_view document;
    uint64_t before = writing->answer.n;
    while (scan_next(scan, &document)) {
        modify_document(document, change, &writing->scratch);
        struct bson_view made = { writing->scratch.data, writing->scratch.len_bytes };
        bool same = made.len_bytes == document.len_bytes && memcmp(made.data, document.data, made.len_bytes) == 0;
        if (!same && !collection_replace(writing->collection, scan->found, made)) {
            return statement_fails(writing, "%s", "out of memory for the document");
        }
        writing->answer.n++;
        writing->answer.modified += !same;
    }
    return writing->answer.n != before || !may_upsert || upsert(writing, scan->filter, change);
}

static bool update_one(struct writing *writing, struct bson_view statement)
{
    struct scan scan;
    struct bson_element change;
    struct bson_view change_document;
    bool many = bson_find_bool(statement, "multi", false);
    if (!statement_scan(writing, statement, many, &scan)) {
        return false;
    }
    if (!writing->request->peer->settings.store_writes) {
        uint64_t hits = presumed_hits(&scan, many);
        writing->answer.n += hits;
        writing->answer.modified += hits;
        return true;
    }
    if (!bson_find(statement, "u", &change)) {
        return statement_fails(writing, "the statement has no `%s`", "u");
    }
    if (modify_unsupported(&change) != NULL || !bson_element_document(&change, &change_document)) {
        return statement_fails(writing, "this peer does not know the update %s", modify_unsupported(&change));
    }
    return apply_update(writing, &scan, change_document, bson_find_bool(statement, "upsert", false));
}

void cmd_update(struct request *request, struct bson_out *out)
{
    run_write(request, out, "updates", update_one);
}

/* Removes what the scan matches, keeping the others' order; their memory stays until the collection is cleared. */
static uint64_t remove_matching(struct collection *collection, struct scan *scan)
{
    struct bson_view document;
    uint64_t removed = 0;
    while (scan_next(scan, &document)) {
        collection->documents[scan->found] = NULL;
        removed++;
    }
    size_t kept = 0;
    for (size_t i = 0; removed > 0 && i < collection->count; i++) {
        if (collection->documents[i] != NULL) {
            collection->documents[kept++] = collection->documents[i];
        }
    }
    collection->count = removed > 0 ? kept : collection->count;
    return removed;
}

static bool delete_one(struct writing *writing, struct bson_view statement)
{
    struct scan scan;
    bool many = bson_find_i64(statement, "limit", 0) == 0;
    if (!statement_scan(writing, statement, many, &scan)) {
        return false;
    }
    bool store = writing->request->peer->settings.store_writes;
    writing->answer.n += store ? remove_matching(writing->collection, &scan) : presumed_hits(&scan, many);
    return true;
}

void cmd_delete(struct request *request, struct bson_out *out)
{
    run_write(request, out, "deletes", delete_one);
}

/* The first match as it was, or as it becomes with `new`. True when there is one. Write lock held. */
static bool modify_first(struct request *request, struct bson_out *out, struct scan *scan)
{
    struct bson_view document, change;
    struct bson_element update;
    struct bson_out scratch = { 0 };
    bool store = request->peer->settings.store_writes;
    if (!scan_next(scan, &document)) {
        bson_out_null(out, "value");
        return false;
    }
    struct bson_view shown = document;
    if (bson_find(request->body, "update", &update) && modify_unsupported(&update) == NULL &&
        bson_element_document(&update, &change)) {
        modify_document(document, change, &scratch);
        struct bson_view made = { scratch.data, scratch.len_bytes };
        shown = bson_find_bool(request->body, "new", false) ? made : document;
        if (store && !collection_replace(scan->collection, scan->found, made)) {
            request_fail(request, 1, "out of memory for the document");
        }
    }
    bson_out_document(out, "value", shown);
    bson_out_free(&scratch);
    if (store && bson_find_bool(request->body, "remove", false)) {
        struct scan again = { .collection = scan->collection, .filter = scan->filter, .remaining = 1 };
        remove_matching(scan->collection, &again);
    }
    return true;
}

void cmd_find_and_modify(struct request *request, struct bson_out *out)
{
    struct scan scan = { .filter = { EMPTY_DOCUMENT, sizeof EMPTY_DOCUMENT }, .remaining = 1 };
    if (!request_name_space(request, NULL)) {
        return;
    }
    bson_find_document(request->body, "query", &scan.filter);
    if (match_unsupported(scan.filter) != NULL) {
        request_fail(request, 2, "this peer does not know the operator %s", match_unsupported(scan.filter));
        return;
    }
    scan.collection = store_open(&request->peer->store, request->name_space);
    if (scan.collection == NULL) {
        request_fail(request, 1, "out of memory for a collection");
        return;
    }
    pthread_rwlock_wrlock(&scan.collection->lock);
    bool found = modify_first(request, out, &scan);
    pthread_rwlock_unlock(&scan.collection->lock);
    size_t last = bson_out_document_begin(out, "lastErrorObject");
    bson_out_i32(out, "n", found);
    if (!bson_find_bool(request->body, "remove", false)) {
        bson_out_bool(out, "updatedExisting", found);
    }
    bson_out_end(out, last);
    request->documents = found;
}
