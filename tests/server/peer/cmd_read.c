/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands that give documents: find, getMore, killCursors, count.
 * A sort is accepted and not done: documents come in the order in which they were stored.
 */
#include <string.h>

#include "clock.h"
#include "commands.h"
#include "match.h"
#include "project.h"
#include "read.h"

/* How long a getMore waits for a document on a tailable cursor when the driver does not say. */
enum { DEFAULT_AWAIT_MS = 50 };

static const uint8_t EMPTY_DOCUMENT[5] = {5, 0, 0, 0, 0};

uint64_t positive_or(int64_t value, uint64_t fallback)
{
    return value > 0 ? (uint64_t)value : fallback;
}

bool scan_open(struct request *request, const char *filter_name, struct scan *scan)
{
    if (!request_name_space(request, NULL)) {
        return false;
    }
    *scan = (struct scan){.remaining = UINT64_MAX};
    scan->collection = store_find(&request->peer->store, request->name_space);
    if (!bson_find_document(request->body, filter_name, &scan->filter)) {
        scan->filter = (struct bson_view){EMPTY_DOCUMENT, sizeof EMPTY_DOCUMENT};
    }
    const char *unsupported = match_unsupported(scan->filter);
    return unsupported == NULL ||
           request_fail(request, 2, "this peer does not know the operator %s", unsupported);
}

void count_batch(struct request *request, uint32_t documents, uint64_t bytes)
{
    request->documents = documents;
    request->bytes = bytes;
}

void answer_first_batch(struct request *request, struct bson_out *out, struct scan *scan,
                        uint64_t batch_limit, bool single_batch)
{
    uint64_t bytes;
    int64_t id = 0;
    struct batch_marks marks = batch_begin(out, "firstBatch", request->name_space);
    uint32_t documents = scan_fill(scan, out, batch_limit, &bytes);
    count_batch(request, documents, bytes);
    if (!scan->done && !single_batch) {
        struct cursor *cursor = cursors_new(&request->peer->cursors, scan, request->name_space);
        if (cursor == NULL) {
            request_fail(request, 1, "out of memory for a cursor");
            return;
        }
        id = cursor->id;
        cursors_put_back(&request->peer->cursors, cursor);
    }
    batch_end(out, marks, id);
}

void cmd_find(struct request *request, struct bson_out *out)
{
    struct scan scan;
    if (!scan_open(request, "filter", &scan)) {
        return;
    }
    scan.skip = request->skipped = positive_or(bson_find_i64(request->body, "skip", 0), 0);
    scan.remaining = positive_or(bson_find_i64(request->body, "limit", 0), UINT64_MAX);
    if (bson_find_document(request->body, "projection", &scan.projection) &&
        !project_applies(scan.projection)) {
        scan.projection = (struct bson_view){NULL, 0};
    }
    scan.tailable = scan.collection != NULL && bson_find_bool(request->body, "tailable", false);
    scan.awaits = scan.tailable && bson_find_bool(request->body, "awaitData", false);
    int64_t batch = bson_find_i64(request->body, "batchSize", DEFAULT_FIRST_BATCH);
    answer_first_batch(request, out, &scan, batch < 0 ? 0 : (uint64_t)batch,
                       bson_find_bool(request->body, "singleBatch", false));
}

/* Until there is something to look at, or the time is over that the request gives. */
static void await_documents(const struct request *request, const struct scan *scan)
{
    int64_t await_ms = bson_find_i64(request->body, "maxTimeMS", DEFAULT_AWAIT_MS);
    uint64_t deadline_ns = request->received_ns + positive_or(await_ms, 0) * 1000000;
    while (!scan_has_more(scan) && clock_now_ns() < deadline_ns) {
        clock_wait_until(clock_now_ns() + 500000);
    }
}

void cmd_get_more(struct request *request, struct bson_out *out)
{
    struct cursors *cursors = &request->peer->cursors;
    int64_t id = bson_element_i64(&request->command, 0);
    struct cursor *cursor = cursors_take(cursors, id);
    if (cursor == NULL) {
        request_fail(request, 43, "cursor id %lld not found", (long long)id);
        return;
    }
    uint64_t bytes;
    if (cursor->scan.awaits) {
        await_documents(request, &cursor->scan);
    }
    struct batch_marks marks = batch_begin(out, "nextBatch", cursor->name_space);
    uint64_t limit = positive_or(bson_find_i64(request->body, "batchSize", 0), UINT64_MAX);
    uint32_t documents = scan_fill(&cursor->scan, out, limit, &bytes);
    count_batch(request, documents, bytes);
    batch_end(out, marks, cursor->scan.done ? 0 : id);
    request->more_to_come = !cursor->scan.done && !cursor->scan.tailable;
    if (cursor->scan.done) {
        cursors_release(cursors, cursor);
    } else {
        cursors_put_back(cursors, cursor);
    }
}

void cmd_kill_cursors(struct request *request, struct bson_out *out)
{
    struct bson_view ids;
    struct bson_walk walk;
    struct bson_element id;
    if (!bson_find_document(request->body, "cursors", &ids)) {
        request_fail(request, 9, "killCursors has no `cursors`");
        return;
    }
    size_t killed = bson_out_array_begin(out, "cursorsKilled");
    uint32_t count = 0;
    bson_walk_begin(&walk, ids);
    while (bson_walk_next(&walk, &id)) {
        struct cursor *cursor = cursors_take(&request->peer->cursors, bson_element_i64(&id, 0));
        if (cursor != NULL) {
            cursors_release(&request->peer->cursors, cursor);
            bson_out_member_element(out, count++, &id);
        }
    }
    bson_out_end(out, killed);
}

void append_number(struct bson_out *out, const char *key, uint64_t value)
{
    if (value <= INT32_MAX) {
        bson_out_i32(out, key, (int32_t)value);
    } else {
        bson_out_i64(out, key, (int64_t)value);
    }
}

void cmd_count(struct request *request, struct bson_out *out)
{
    struct scan scan;
    if (!scan_open(request, "query", &scan)) {
        return;
    }
    scan.skip = positive_or(bson_find_i64(request->body, "skip", 0), 0);
    scan.remaining = positive_or(bson_find_i64(request->body, "limit", 0), UINT64_MAX);
    append_number(out, "n", scan_count(&scan));
}
