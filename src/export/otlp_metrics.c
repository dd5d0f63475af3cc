/* SPDX-License-Identifier: Apache-2.0 */
/*
 * otlp_metrics.c: the commands of each process as the histogram db.client.operation.duration of
 * OpenTelemetry's conventions, in requests of the OpenTelemetry Protocol (otlp_batch.h): a data
 * point for each operation, namespace, server and error, cumulative since the process started.
 * https://opentelemetry.io/docs/specs/semconv/database/database-metrics/
 *
 * Keeps 2.5 KiB for each data point, at most POINTS_HIGHEST of a process. Beyond, commands count in
 * one with the attribute otel.metric.overflow, as the specification of the SDK has it.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/index_map.h"
#include "export/bounds.h"
#include "export/format_functions.h"
#include "export/otlp_batch.h"
#include "export/otlp_calls.h"
#include "export/semconv.h"
#include "text/usage.h"

#define POINTS_HIGHEST 2000
#define ERROR_BYTES    64

struct point {
    struct pt_semconv semconv;
    char error[ERROR_BYTES];
    bool overflow;
    int64_t count, sum_ns, min_ns, max_ns;
    int64_t buckets[PT_BOUNDS_HIGHEST + 1];
};

struct otlp_metrics {
    struct pt_otlp_batch batch;
    struct pt_otlp_calls calls;
    struct point *points;
    size_t count, room;
    struct pt_index_map map;
};

/* ---- collecting ---- */

static bool is_same_text(const char *a, const char *b)
{
    return a != NULL && b != NULL ? strcmp(a, b) == 0 : a == b;
}

static bool is_same(const void *context, size_t index, const void *key)
{
    const struct point *wanted = key, *point = &((const struct point *)context)[index];
    const struct pt_semconv *a = &point->semconv, *b = &wanted->semconv;
    return point->overflow == wanted->overflow && is_same_text(a->operation, b->operation) &&
           strcmp(a->database, b->database) == 0 && strcmp(a->collection, b->collection) == 0 &&
           strcmp(a->address, b->address) == 0 && a->port == b->port &&
           strcmp(point->error, wanted->error) == 0;
}

static uint64_t hash_of(const struct point *point)
{
    uint64_t hash = pt_hash_text(pt_hash_number((uint64_t)point->semconv.port), point->error);
    hash = pt_hash_text(hash, point->semconv.operation);
    hash = pt_hash_text(hash, point->semconv.database);
    hash = pt_hash_text(hash, point->semconv.collection);
    return pt_hash_text(hash, point->semconv.address);
}

static struct point *add_point(struct otlp_metrics *state, const struct point *wanted)
{
    struct point *points =
        pt_array_reach(state->points, &state->room, state->count, 16, sizeof *points);
    if (points == NULL) {
        return NULL;
    }
    state->points = points;
    if (!pt_index_map_add(&state->map, hash_of(wanted), state->count)) {
        return NULL;
    }
    points[state->count] = *wanted;
    return &points[state->count++];
}

static struct point *find_point(struct otlp_metrics *state, const struct point *wanted)
{
    size_t index = pt_index_map_find(&state->map, hash_of(wanted), is_same, state->points, wanted);
    if (index != PT_INDEX_NONE) {
        return &state->points[index];
    }
    if (state->count >= POINTS_HIGHEST && !wanted->overflow) {
        struct point rest = {.overflow = true};
        return find_point(state, &rest);
    }
    return add_point(state, wanted);
}

static bool count_command(void *context, const struct pt_trace_event *event,
                          const struct pt_trace_event *call, const char *error)
{
    struct otlp_metrics *state = context;
    struct point wanted = {.overflow = false};
    if (event->kind != PT_TRACE_COMMAND) {
        return true;
    }
    pt_semconv_of(&wanted.semconv, event, call);
    snprintf(wanted.error, sizeof wanted.error, "%s", error != NULL ? error : "");
    struct point *point = find_point(state, &wanted);
    if (point == NULL) {
        return false;
    }
    int64_t ns = event->duration_ns;
    point->min_ns = point->count == 0 ? ns : pt_min(point->min_ns, ns);
    point->max_ns = pt_max(point->max_ns, ns);
    point->sum_ns = pt_add(point->sum_ns, ns);
    point->buckets[pt_bounds_of(&pt_bounds_opentelemetry, ns)]++;
    point->count++;
    return true;
}

/* ---- writing ---- */

static void put_attributes(struct pt_json *json, const struct point *point)
{
    pt_json_open_array(json, "attributes");
    if (point->overflow) {
        pt_otlp_bool(json, "otel.metric.overflow", true);
    } else {
        pt_semconv_put(json, &point->semconv, point->error);
    }
    pt_json_close_array(json);
}

static void put_buckets(struct pt_json *json, const struct point *point)
{
    const struct pt_bounds *bounds = &pt_bounds_opentelemetry;
    pt_json_open_array(json, "bucketCounts");
    for (size_t i = 0; i <= bounds->count; i++) {
        pt_otlp_number(json, NULL, point->buckets[i]);
    }
    pt_json_close_array(json);
    pt_json_open_array(json, "explicitBounds");
    for (size_t i = 0; i < bounds->count; i++) {
        pt_json_seconds(json, NULL, bounds->ns[i]);
    }
    pt_json_close_array(json);
}

static bool put_point(struct otlp_metrics *state, const struct pt_trace *trace,
                      const struct point *point)
{
    const struct pt_process *process = trace->process;
    struct pt_json *json = pt_otlp_batch_item(&state->batch, trace);
    if (json == NULL) {
        return false;
    }
    put_attributes(json, point);
    pt_otlp_number(json, "startTimeUnixNano",
                   pt_max(0, pt_add(process->start_ns, process->wall_offset_ns)));
    pt_otlp_number(json, "timeUnixNano", pt_max(0, trace->last_ns));
    pt_otlp_number(json, "count", point->count);
    pt_json_seconds(json, "sum", point->sum_ns);
    put_buckets(json, point);
    pt_json_seconds(json, "min", point->min_ns);
    pt_json_seconds(json, "max", point->max_ns);
    return pt_otlp_batch_done(&state->batch);
}

static void clear(struct otlp_metrics *state)
{
    free(state->points);
    state->points = NULL;
    state->count = state->room = 0;
    pt_index_map_release(&state->map);
}

/* ---- the format ---- */

bool pt_otlp_metrics_begin(struct pt_export *export)
{
    struct otlp_metrics *state = calloc(1, sizeof *state);
    export->state = state;
    if (state == NULL) {
        return false;
    }
    state->batch.export = export;
    state->batch.signal = PT_OTLP_METRICS;
    state->calls.joined = count_command;
    state->calls.context = state;
    return true;
}

bool pt_otlp_metrics_event(struct pt_export *export, const struct pt_trace *trace,
                           const struct pt_trace_event *event)
{
    struct otlp_metrics *state = export->state;
    (void)trace;
    bool wanted = event->kind == PT_TRACE_CALL || event->kind == PT_TRACE_COMMAND ||
                  event->kind == PT_TRACE_ERROR;
    return !wanted || pt_otlp_calls_take(&state->calls, event);
}

bool pt_otlp_metrics_log_end(struct pt_export *export, const struct pt_trace *trace)
{
    struct otlp_metrics *state = export->state;
    bool done = pt_otlp_calls_flush(&state->calls);
    for (size_t i = 0; i < state->count && done; i++) {
        done = put_point(state, trace, &state->points[i]);
    }
    done = done && pt_otlp_batch_flush(&state->batch);
    if (done && trace->process->left_out > 0) {
        pt_warn("'%s': %" PRId64 " events are in the log's totals only; the histogram lacks those "
                "of them that are commands",
                trace->process->log_path, trace->process->left_out);
    }
    clear(state);
    return done;
}

bool pt_otlp_metrics_end(struct pt_export *export)
{
    struct otlp_metrics *state = export->state;
    pt_otlp_batch_drop(&state->batch);
    pt_otlp_calls_release(&state->calls);
    clear(state);
    free(state);
    return true;
}
