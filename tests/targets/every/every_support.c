/* SPDX-License-Identifier: Apache-2.0 */
/* What the cases share; every.h is the manual. */
#include "every.h"

#include <stdio.h>
#include <stdlib.h>

bson_t *every_opts(struct every *every, const char *json)
{
    bson_error_t error;
    bson_t *document = bson_new_from_json((const uint8_t *)json, -1, &error);
    if (document == NULL || every->document_count == EVERY_DOCUMENTS) {
        fprintf(stderr, "every: a case has too many documents or bad JSON: %s\n", json);
        abort();
    }
    return every->documents[every->document_count++] = document;
}

const bson_t *every_doc(struct every *every, const char *json)
{
    return every_opts(every, json);
}

bool every_check(struct every *every, bool good, const char *what)
{
    if (!good && every->reason[0] == '\0') {
        const char *message = every->error.message;
        snprintf(every->reason, sizeof every->reason, "%s%s%s", what,
                 message[0] != '\0' ? ": " : "", message);
    }
    return good;
}

bool every_cannot(struct every *every, const char *why)
{
    snprintf(every->reason, sizeof every->reason, "%s", why);
    every->impossible = true;
    return false;
}

bool every_number(struct every *every, const bson_t *reply, const char *path, int64_t wanted)
{
    char what[128];
    bson_iter_t iter, found;
    const bool there =
        bson_iter_init(&iter, reply) && bson_iter_find_descendant(&iter, path, &found);
    const int64_t value = there ? bson_iter_as_int64(&found) : -1;
    snprintf(what, sizeof what, "the reply's %s is %lld, not %lld", path, (long long)value,
             (long long)wanted);
    return every_check(every, there && value == wanted, what);
}

bool every_reply(struct every *every, bool good, bson_t *reply, const char *path, int64_t wanted)
{
    const bool right =
        every_check(every, good, "the call failed") && every_number(every, reply, path, wanted);
    bson_destroy(reply);
    return right;
}

bool every_drain(struct every *every, mongoc_cursor_t *cursor, int64_t wanted)
{
    char what[64];
    const bson_t *document;
    int64_t count = 0;
    if (cursor == NULL) {
        return every_check(every, false, "there is no cursor");
    }
    while (mongoc_cursor_next(cursor, &document)) {
        count++;
    }
    const bool failed = mongoc_cursor_error(cursor, &every->error);
    mongoc_cursor_destroy(cursor);
    snprintf(what, sizeof what, "the cursor gave %lld documents", (long long)count);
    return every_check(every, !failed && (wanted < 0 || count == wanted), what);
}

mongoc_collection_t *every_fresh(struct every *every, const char *name, int count)
{
    mongoc_collection_t *collection = mongoc_database_get_collection(every->database, name);
    for (int i = 0; i < count; i++) {
        bson_t *document = BCON_NEW("_id", BCON_INT32(i), "number", BCON_INT32(i));
        mongoc_collection_insert_one(collection, document, NULL, NULL, &every->error);
        bson_destroy(document);
    }
    return collection;
}

const bson_t *every_w0(struct every *every)
{
    return every_doc(every, "{\"writeConcern\": {\"w\": 0}}");
}
