/* SPDX-License-Identifier: Apache-2.0 */
/* Bulk writes: see writer.h. */
#include "writer.h"

#include "message.h"

#define CODE_DUPLICATE_KEY 11000

void writer_open(writer *result, connection *used, const char *collection, bool replacing,
                 bool skip_duplicates)
{
    char *namespace = db_namespace(used, collection);
    *result =
        (writer){.connection = used, .replacing = replacing, .skip_duplicates = skip_duplicates};
    result->namespace = truth_intern(used->database->truth, namespace);
    result->collection =
        mongoc_client_get_collection(used->client, used->database->options->db, collection);
    bson_free(namespace);
}

static void discard_bulk(writer *target)
{
    if (target->bulk != NULL) {
        mongoc_bulk_operation_destroy(target->bulk);
    }
    target->bulk = NULL;
    target->count = 0;
    target->bytes = 0;
}

void writer_close(writer *closed)
{
    discard_bulk(closed);
    mongoc_collection_destroy(closed->collection);
}

static void start_bulk(writer *target)
{
    bson_t bulk_options = BSON_INITIALIZER;
    BSON_APPEND_BOOL(&bulk_options, "ordered", false);
    target->bulk =
        mongoc_collection_create_bulk_operation_with_opts(target->collection, &bulk_options);
    bson_destroy(&bulk_options);
}

static bool append_replacement(writer *target, const bson_t *document, bson_error_t *error)
{
    bson_iter_t iter;
    bson_t selector = BSON_INITIALIZER;
    bool good = false;
    if (bson_iter_init_find(&iter, document, "_id") &&
        bson_append_iter(&selector, NULL, 0, &iter)) {
        good = mongoc_bulk_operation_replace_one_with_opts(target->bulk, &selector, document, NULL,
                                                           error);
    } else {
        bson_set_error(error, MONGOC_ERROR_BSON, MONGOC_ERROR_BSON_INVALID,
                       "a document without _id");
    }
    bson_destroy(&selector);
    return good;
}

bool writer_append(writer *target, const bson_t *document)
{
    bson_error_t error;
    if (target->bulk == NULL) {
        start_bulk(target);
    }
    const bool good =
        target->replacing
            ? append_replacement(target, document, &error)
            : mongoc_bulk_operation_insert_with_opts(target->bulk, document, NULL, &error);
    if (!good) {
        /* the driver's text may quote a field name, which some applications make of data */
        message_error("a document cannot be written: the driver refused it (domain %u, code %u)",
                      error.domain, error.code);
        return false;
    }
    target->count++;
    target->bytes += document->len;
    truth_appended(target->connection->log, document->len);
    return true;
}

/* True when the reply has write errors and all of them are duplicate keys. */
static bool only_duplicates(const bson_t *reply)
{
    bson_iter_t iter;
    bson_iter_t errors;
    bson_iter_t code;
    bool any = false;
    if (!bson_iter_init_find(&iter, reply, "writeErrors") || !bson_iter_recurse(&iter, &errors)) {
        return false;
    }
    while (bson_iter_next(&errors)) {
        if (!bson_iter_recurse(&errors, &code) || !bson_iter_find(&code, "code") ||
            bson_iter_as_int64(&code) != CODE_DUPLICATE_KEY) {
            return false;
        }
        any = true;
    }
    return any;
}

bool writer_flush(writer *target)
{
    if (target->bulk == NULL) {
        return true;
    }
    bson_t reply;
    bson_error_t error;
    truth_call_begin(target->connection->log);
    bool good = mongoc_bulk_operation_execute(target->bulk, &reply, &error) != 0;
    truth_call_end(target->connection->log, target->replacing ? TRUTH_REPLACE : TRUTH_INSERT,
                   target->namespace, target->count, target->bytes);
    good = good || (target->skip_duplicates && only_duplicates(&reply));
    if (!good) {
        db_report(target->replacing ? "a bulk of replacements" : "a bulk of inserts", &error);
    }
    bson_destroy(&reply);
    discard_bulk(target);
    return good;
}
