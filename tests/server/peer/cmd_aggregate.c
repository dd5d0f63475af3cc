/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aggregate: $match, $skip, $limit, $count, the counting $group, $documents and $changeStream; $out
 * and $merge give nothing, other stages are passed over.
 */
#include <string.h>

#include "change_events.h"
#include "commands.h"
#include "match.h"
#include "read.h"

static const uint8_t EMPTY_DOCUMENT[5] = {5, 0, 0, 0, 0};

/* What the stages of a pipeline come down to here. */
struct pipeline {
    struct scan *scan;
    const char *count_name; /* a $group or $count: one document with the number under this name */
    bool writes;            /* $out or $merge: nothing comes back */
    bool watches;           /* $changeStream, with these options */
    struct bson_view watch_options;
    bool gives; /* $documents: these come back */
    struct bson_view given;
};

static bool read_match(struct request *request, struct pipeline *pipeline,
                       const struct bson_element *stage)
{
    if (!bson_element_document(stage, &pipeline->scan->filter)) {
        return request_fail(request, 9, "$match wants a document");
    }
    const char *unsupported = match_unsupported(pipeline->scan->filter);
    return unsupported == NULL ||
           request_fail(request, 2, "this peer does not know the operator %s", unsupported);
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

static bool read_stage(struct request *request, struct pipeline *pipeline,
                       const struct bson_element *stage)
{
    const char *name = stage->key;
    if (strcmp(name, "$match") == 0 && !pipeline->watches) {
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
        pipeline->watches = bson_element_document(stage, &pipeline->watch_options);
        return request->peer->settings.replica_set != NULL ||
               request_fail(request, 40573,
                            "The $changeStream stage is only supported on replica sets");
    }
    if (strcmp(name, "$documents") == 0) {
        pipeline->gives = bson_element_document(stage, &pipeline->given);
        return pipeline->gives || request_fail(request, 9, "$documents wants an array");
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
static void answer_count(struct request *request, struct bson_out *out,
                         const struct pipeline *pipeline)
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

/* What a $documents stage lists, in one batch. */
static void answer_given(struct request *request, struct bson_out *out, struct bson_view given)
{
    struct bson_walk walk;
    struct bson_element member;
    uint32_t count = 0;
    uint64_t bytes = 0;
    struct batch_marks marks = batch_begin(out, "firstBatch", request->name_space);
    bson_walk_begin(&walk, given);
    while (bson_walk_next(&walk, &member)) {
        bytes += member.value_bytes;
        bson_out_member_element(out, count++, &member);
    }
    count_batch(request, count, bytes);
    batch_end(out, marks, 0);
}

/* An aggregation of a whole database, {aggregate: 1}, has no collection to walk. */
static bool open_source(struct request *request, struct scan *scan)
{
    if (!bson_element_is_number(&request->command)) {
        return scan_open(request, "", scan);
    }
    *scan =
        (struct scan){.filter = {EMPTY_DOCUMENT, sizeof EMPTY_DOCUMENT}, .remaining = UINT64_MAX};
    return request_name_space(request, "$cmd.aggregate");
}

void cmd_aggregate(struct request *request, struct bson_out *out)
{
    struct scan scan;
    struct pipeline pipeline = {.scan = &scan};
    struct bson_view options;
    if (!open_source(request, &scan) || !read_pipeline(request, &pipeline)) {
        return;
    }
    if (pipeline.gives) {
        answer_given(request, out, pipeline.given);
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
    if (pipeline.watches && !change_scan_begin(request, pipeline.watch_options, &scan)) {
        return;
    }
    scan.remaining = pipeline.writes ? 0 : scan.remaining;
    answer_first_batch(request, out, &scan, batch < 0 || pipeline.watches ? 0 : (uint64_t)batch,
                       false);
    if (pipeline.watches && request->error_code == 0) {
        change_append_time(out);
    }
}
