/* SPDX-License-Identifier: Apache-2.0 */
/* Documents as text that is equal in two runs. */
#include "events.h"

#include <string.h>

/* Documents are built in the way that all versions of the driver have. */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

/* A server's or the driver's own time, count or key: the type stays, the value does not. */
static bool is_volatile(const char *key)
{
    static const char *const keys[] = {
        "localTime",       "operationTime",      "$clusterTime",       "clusterTime", "lastWrite",
        "lastWriteDate",   "connectionId",       "topologyVersion",    "electionId",  "durationMS",
        "remainingTimeMS", "serverConnectionId", "driverConnectionId", "processId",   "serverPort"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (strcmp(keys[i], key) == 0) {
            return true;
        }
    }
    return false;
}

/* The name under which a number is told apart from others; NULL: the value itself is to be shown.
 */
static const char *label_of(const char *key, const char *parent)
{
    static const char *const named[][2] = {{"getMore", "cursor"},
                                           {"requestId", "request"},
                                           {"operationId", "operation"},
                                           {"topologyId", "topology"},
                                           {"txnNumber", "transaction"}};
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
        if (strcmp(named[i][0], key) == 0) {
            return named[i][1];
        }
    }
    bool in_cursor = strcmp(parent, "cursor") == 0 && strcmp(key, "id") == 0;
    return in_cursor || strncmp(parent, "cursors", 7) == 0 ? "cursor" : NULL;
}

/* Names of sessions are the only binary data here that is called `id`. */
static bool is_session(const bson_iter_t *iter)
{
    return BSON_ITER_HOLDS_BINARY(iter) && strcmp(bson_iter_key(iter), "id") == 0;
}

static void append_session(bool background, bson_t *text, const char *key, const bson_iter_t *iter)
{
    const uint8_t *data;
    uint32_t bytes;
    bson_subtype_t subtype;
    bson_iter_binary(iter, &subtype, &bytes, &data);
    BSON_APPEND_UTF8(text, key, events_label(background, "session", data, bytes));
}

static void append_number(bool background, bson_t *text, const char *key, const char *name,
                          const bson_iter_t *iter)
{
    if (BSON_ITER_HOLDS_OID(iter)) {
        BSON_APPEND_UTF8(text, key,
                         events_label(background, name, bson_iter_oid(iter), sizeof(bson_oid_t)));
        return;
    }
    int64_t value = bson_iter_as_int64(iter);
    BSON_APPEND_UTF8(text, key, value == 0 ? "0" : events_number(background, name, value));
}

static void normalise(bool background, bson_t *text, bson_iter_t *iter, const char *parent);

static void append_nested(bool background, bson_t *text, const char *key, const bson_iter_t *iter)
{
    bson_t child;
    bson_iter_t inner;
    bool is_array = BSON_ITER_HOLDS_ARRAY(iter);
    (void)(is_array ? BSON_APPEND_ARRAY_BEGIN(text, key, &child)
                    : BSON_APPEND_DOCUMENT_BEGIN(text, key, &child));
    if (bson_iter_recurse(iter, &inner)) {
        normalise(background, &child, &inner, key);
    }
    (void)(is_array ? bson_append_array_end(text, &child) : bson_append_document_end(text, &child));
}

/* Commands and replies that structured log messages hold as text. */
static bool append_text_of_document(bool background, bson_t *text, const char *key,
                                    const bson_iter_t *iter)
{
    bson_t *inner = NULL;
    if (BSON_ITER_HOLDS_UTF8(iter) && bson_iter_utf8(iter, NULL)[0] == '{') {
        inner = bson_new_from_json((const uint8_t *)bson_iter_utf8(iter, NULL), -1, NULL);
    }
    if (inner) {
        char *json = events_json(background, inner);
        BSON_APPEND_UTF8(text, key, json);
        bson_free(json);
        bson_destroy(inner);
    }
    return inner != NULL;
}

static void append_one(bool background, bson_t *text, const bson_iter_t *iter, const char *parent)
{
    const char *key = bson_iter_key(iter), *name = label_of(key, parent);
    if (is_session(iter)) {
        append_session(background, text, key, iter);
    } else if (is_volatile(key)) {
        char type[16];
        snprintf(type, sizeof type, "type %d", (int)bson_iter_type(iter));
        BSON_APPEND_UTF8(text, key, type);
    } else if (name && (BSON_ITER_HOLDS_NUMBER(iter) || BSON_ITER_HOLDS_OID(iter))) {
        append_number(background, text, key, name, iter);
    } else if (BSON_ITER_HOLDS_DOCUMENT(iter) || BSON_ITER_HOLDS_ARRAY(iter)) {
        append_nested(background, text, key, iter);
    } else if (!append_text_of_document(background, text, key, iter)) {
        bson_append_iter(text, key, -1, iter);
    }
}

static void normalise(bool background, bson_t *text, bson_iter_t *iter, const char *parent)
{
    while (bson_iter_next(iter)) {
        append_one(background, text, iter, parent);
    }
}

char *events_json(bool background, const bson_t *document)
{
    bson_t text = BSON_INITIALIZER;
    bson_iter_t iter;
    if (document && bson_iter_init(&iter, document)) {
        normalise(background, &text, &iter, "");
    }
    char *json = bson_as_canonical_extended_json(&text, NULL);
    bson_destroy(&text);
    return json;
}
