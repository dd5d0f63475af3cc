/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands that give documents: find, getMore, killCursors, count, aggregate.
 * Sort and projection are accepted and not done: documents come whole, in the order in which they were stored.
 */
#include <string.h>

#include "commands.h"
#include "match.h"

/* A server's first batch when the driver names no size. */
enum { DEFAULT_FIRST_BATCH = 101 };

static const uint8_t EMPTY_DOCUMENT[5] = { 5, 0, 0, 0, 0 };

static uint64_t positive_or(int64_t value, uint64_t fallback)
{
    return value > 0 ? (uint64_t) value : fallback;
}

/* A scan of the request's collection from its start; false, with the error set, for a filter that is not understood. */
static bool scan_open(struct request *request, const char *filter_name, struct scan *scan)
{
    if (!request_name_space(request, NULL)) {
        return false;
    }
    *scan = (struct scan) { .remaining = UINT64_MAX };
    scan->collection = store_find(&request->peer->store, request->name_space);
    if (!bson_find_document(request->body, filter_name, &scan->filter)) {
        scan->filter = (struct bson_view) { EMPTY_DOCUMENT, sizeof EMPTY_DOCUMENT };
    }
    const char *unsupported = match_unsupported(scan->filter);
    return unsupported == NULL || request_fail(request, 2, "this peer does not know the operator %s", unsupported);
}

static void count_batch(struct request *request, uint32_t documents, uint64_t bytes)
{
    request->documents = documents;
    request->bytes = bytes;
}

/* The first batch of a scan, and a cursor for the rest when there is one and it is wanted. */
static void answer_first_batch(struct request *request, struct bson_out *out, struct scan *scan, uint64_t batch_limit,
                               bool single_batch)
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
    scan.skip = positive_or(bson_find_i64(request->body, "skip", 0), 0);
    scan.remaining = positive_or(bson_find_i64(request->body, "limit", 0), UINT64_MAX);
    int64_t batch = bson_find_i64(request->body, "batchSize", DEFAULT_FIRST_BATCH);
    answer_first_batch(request, out, &scan, batch < 0 ? 0 : (uint64_t) batch,
                       bson_find_bool(request->body, "singleBatch", false));
}

void cmd_get_more(struct request *request, struct bson_out *out)
{
    struct cursors *cursors = &request->peer->cursors;
    int64_t id = bson_element_i64(&request->command, 0);
    struct cursor *cursor = cursors_take(cursors, id);
    if (cursor == NULL) {
        request_fail(request, 43, "cursor id %lld not found", (long long) id);
        return;
    }
    uint64_t bytes;
    struct batch_marks marks = batch_begin(out, "nextBatch", cursor->name_space);
    uint64_t limit = positive_or(bson_find_i64(request->body, "batchSize", 0), UINT64_MAX);
    uint32_t documents = scan_fill(&cursor->scan, out, limit, &bytes);
    count_batch(request, documents, bytes);
    batch_end(out, marks, cursor->scan.done ? 0 : id);
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

static void append_number(struct bson_out *out, const char *key, uint64_t value)
{
    if (value <= INT32_MAX) {
        bson_out_i32(out, key, (int32_t) value);
    } else {
        bson_out_i64(out, key, (int64_t) value);
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

/* What the stages of a pipeline come down to here. */
struct pipeline {
    struct scan *scan;
    const char *count_name;     /* a $group or $count: one document with the number under this name */
    bool writes;                /* $out or $merge: nothing comes back */
};

static bool read_match(struct request *request, struct pipeline *pipeline, const struct bson_element *stage)
{
    if (!bson_element_document(stage, &pipeline->scan->filter)) {
        return request_fail(request, 9, "$match wants a document");
    }
    const char *unsupported = match_unsupported(pipeline->scan->filter);
    return unsupported == NULL || request_fail(request, 2, "this peer does not know the operator %s", unsupported);
}

/* Only the counting $group: its last field that is not _id names the number. */
static bool read_group(struct pipeline *pipeline, const struct bson_element *stage)
{
    struct bson_view fields;
    struct bson_walk walk;
    struct bson_element field;
    pipeline->count_name = "n";
    if (bson_element_document(stage, &fields)) {
        bson_walk_begin(&walk, fields);
        while (bson_walk_next(&walk, &field)) {
            pipeline->count_name = strcmp(field.key, "_id") != 0 ? field.key : pipeline->count_name;
        }
    }
    return true;
}

static bool read_stage(struct request *request, struct pipeline *pipeline, const struct bson_element *stage)
{
    const char *name = stage->key;
    if (strcmp(name, "$match") == 0) {
        return read_match(request, pipeline, stage);
    }
    if (strcmp(name, "$group") == 0) {
        return read_group(pipeline, stage);
    }
    if (strcmp(name, "$count") == 0) {
        pipeline->count_name = bson_element_string(stage);
        return pipeline->count_name != NULL || request_fail(request, 9, "$count wants a name");
    }
    if (strcmp(name, "$changeStream") == 0) {
        return request_fail(request, 40573, "The $changeStream stage is only supported on replica sets");
    }
    if (strcmp(name, "$skip") == 0) {
        pipeline->scan->skip = positive_or(bson_element_i64(stage, 0), 0);
    } else if (strcmp(name, "$limit") == 0) {
        pipeline->scan->remaining = positive_or(bson_element_i64(stage, 0), UINT64_MAX);
    } else if (strcmp(name, "$out") == 0 || strcmp(name, "$merge") == 0) {
        pipeline->writes = true;
    }
    return true;
}

static bool read_pipeline(struct request *request, struct pipeline *pipeline)
{
    struct bson_view stages, stage;
    struct bson_walk walk, stage_walk;
    struct bson_element member, operator;
    if (!bson_find_document(request->body, "pipeline", &stages)) {
        return request_fail(request, 9, "aggregate has no `pipeline`");
    }
    bson_walk_begin(&walk, stages);
    while (bson_walk_next(&walk, &member)) {
        if (!bson_element_document(&member, &stage)) {
            return request_fail(request, 9, "a pipeline stage must be a document");
        }
        bson_walk_begin(&stage_walk, stage);
        if (bson_walk_next(&stage_walk, &operator) && !read_stage(request, pipeline, &operator)) {
            return false;
        }
    }
    return true;
}

/* {_id: 1, <name>: count}, or nothing when nothing matched, as a $group answers. */
static void answer_count(struct request *request, struct bson_out *out, const struct pipeline *pipeline)
{
    uint64_t count = scan_count(pipeline->scan);
    struct batch_marks marks = batch_begin(out, "firstBatch", request->name_space);
    if (count > 0) {
        size_t member = bson_out_member_begin(out, 0);
        bson_out_i32(out, "_id", 1);
        append_number(out, pipeline->count_name, count);
        bson_out_end(out, member);
        count_batch(request, 1, out->len_bytes - member);
    }
    batch_end(out, marks, 0);
}

void cmd_aggregate(struct request *request, struct bson_out *out)
{
    struct scan scan;
    struct pipeline pipeline = { .scan = &scan };
    struct bson_view options;
    if (!scan_open(request, "", &scan) || !read_pipeline(request, &pipeline)) {
        return;
    }
    if (pipeline.count_name != NULL) {
        answer_count(request, out, &pipeline);
        return;
    }
    int64_t batch = DEFAULT_FIRST_BATCH;
    if (bson_find_document(request->body, "cursor", &options)) {
        batch = bson_find_i64(options, "batchSize", DEFAULT_FIRST_BATCH);
    }
    scan.remaining = pipeline.writes ? 0 : scan.remaining;
    answer_first_batch(request, out, &scan, batch < 0 ? 0 : (uint64_t) batch, false);
}
