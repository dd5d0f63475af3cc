/* SPDX-License-Identifier: Apache-2.0 */
/* Change streams; change_events.h is the manual. */
#include "change_events.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const uint8_t EMPTY_DOCUMENT[5] = {5, 0, 0, 0, 0};

/* Where a stream begins: behind the event whose token is given, else at the first document. */
static size_t start_position(struct bson_view options)
{
    struct bson_view token;
    if (!bson_find_document(options, "resumeAfter", &token) &&
        !bson_find_document(options, "startAfter", &token)) {
        return 0;
    }
    const char *text = bson_find_string(token, "_data");
    return text != NULL ? (size_t)strtoull(text, NULL, 16) + 1 : 0;
}

struct choice {
    const char *database; /* NULL: any */
    struct collection *first;
};

static void choose(struct collection *collection, void *context)
{
    struct choice *choice = context;
    size_t len = choice->database != NULL ? strlen(choice->database) : 0;
    bool inside =
        choice->database == NULL || (strncmp(collection->name_space, choice->database, len) == 0 &&
                                     collection->name_space[len] == '.');
    if (inside &&
        (choice->first == NULL || strcmp(collection->name_space, choice->first->name_space) < 0)) {
        choice->first = collection;
    }
}

bool change_scan_begin(struct request *request, struct bson_view options, struct scan *scan)
{
    struct store *store = &request->peer->store;
    *scan = (struct scan){
        .filter = {EMPTY_DOCUMENT, sizeof EMPTY_DOCUMENT},
        .remaining = UINT64_MAX,
        .position = start_position(options),
        .tailable = true,
        .awaits = true,
        .as_changes = true,
    };
    if (bson_element_is_number(&request->command)) {
        bool cluster = bson_find_bool(options, "allChangesForCluster", false);
        struct choice choice = {cluster ? NULL : request->database, NULL};
        store_each(store, choose, &choice);
        scan->collection = choice.first;
        return true;
    }
    scan->collection = store_open(store, request->name_space);
    return scan->collection != NULL || request_fail(request, 1, "out of memory for a collection");
}

void change_append_time(struct bson_out *out)
{
    uint32_t parts[2] = {1, (uint32_t)time(NULL)}; /* increment, seconds */
    struct bson_element now = {"operationTime", 0x11, (const uint8_t *)parts, sizeof parts};
    bson_out_element(out, "operationTime", &now);
}

static void append_name_space(struct bson_out *out, const char *name_space)
{
    char database[NAMESPACE_BYTES];
    const char *dot = strchr(name_space, '.');
    snprintf(database, sizeof database, "%.*s", (int)(dot - name_space), name_space);
    size_t mark = bson_out_document_begin(out, "ns");
    bson_out_string(out, "db", database);
    bson_out_string(out, "coll", dot + 1);
    bson_out_end(out, mark);
}

size_t change_event_append(struct bson_out *out, uint32_t index, const char *name_space,
                           size_t position, struct bson_view document)
{
    char token[32];
    struct bson_element id;
    size_t event = bson_out_member_begin(out, index);
    size_t mark = bson_out_document_begin(out, "_id");
    snprintf(token, sizeof token, "%016" PRIxMAX, (uintmax_t)position);
    bson_out_string(out, "_data", token);
    bson_out_end(out, mark);
    bson_out_string(out, "operationType", "insert");
    bson_out_document(out, "fullDocument", document);
    append_name_space(out, name_space);
    size_t key = bson_out_document_begin(out, "documentKey");
    if (bson_find(document, "_id", &id)) {
        bson_out_element(out, "_id", &id);
    }
    bson_out_end(out, key);
    bson_out_end(out, event);
    return out->len_bytes - event;
}
