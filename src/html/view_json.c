/* SPDX-License-Identifier: Apache-2.0 */
#include "html/view_json.h"

#include <math.h>

#include "base/saturate.h"
#include "html/base64.h"
#include "html/plots_json.h"
#include "model/model_sums.h"
#include "model/thread_role.h"

/* ---- lanes ---- */

/* Of a bucket, in 255ths of the time that its threads have in it. */
static uint8_t share_of(const struct pt_lane *lane, const struct pt_lanes *lanes, size_t bucket,
                        int part)
{
    double room = (double)lanes->span_ns / PT_LANE_BUCKETS * (double)lane->threads;
    double share = lane->ns[bucket][part] / room;
    return share <= 0.0 ? 0 : share >= 1.0 ? 255 : (uint8_t)lround(share * 255.0);
}

static void put_buckets(struct pt_json *json, const struct pt_lane *lane,
                        const struct pt_lanes *lanes)
{
    uint8_t shares[PT_LANE_BUCKETS * PT_VIEW_PARTS], calls[PT_LANE_BUCKETS * 4];
    for (size_t bucket = 0; bucket < PT_LANE_BUCKETS; bucket++) {
        for (int part = 0; part < PT_VIEW_PARTS; part++) {
            shares[bucket * PT_VIEW_PARTS + (size_t)part] = share_of(lane, lanes, bucket, part);
        }
        for (size_t byte = 0; byte < 4; byte++) {
            calls[bucket * 4 + byte] = (uint8_t)(lane->calls[bucket] >> (8 * byte));
        }
    }
    pt_json_base64(json, "shares", shares, sizeof shares);
    pt_json_base64(json, "calls", calls, sizeof calls);
}

static const char *role_text(const struct pt_recorded_thread *thread)
{
    static const char *const words[PT_ROLE_COUNT] = {[PT_ROLE_READS] = "reading",
                                                     [PT_ROLE_WRITES] = "writing",
                                                     [PT_ROLE_BOTH] = "reading and writing",
                                                     [PT_ROLE_OTHER] = "other"};
    return words[pt_thread_role(thread)];
}

static void put_thread(struct pt_json *json, const struct pt_lane *lane)
{
    const struct pt_recorded_thread *thread = lane->thread;
    const struct pt_process *process = lane->process;
    int64_t parts_ns = pt_parts_busy(thread->parts_ns, thread->wall_ns);
    pt_json_int(json, "pid", process->pid);
    pt_json_string(json, "program", process->program);
    pt_json_int(json, "thread", thread->number);
    pt_json_bool(json, "main", thread->tid != 0 && thread->tid == process->pid);
    pt_json_string(json, "role", role_text(thread));
    pt_json_seconds(json, "seconds", thread->wall_ns);
    pt_json_percent(json, "busy_percent", (double)parts_ns, (double)thread->wall_ns);
    pt_json_int(json, "documents_read", thread->work.read);
    pt_json_int(json, "documents_written", thread->work.written);
}

static void put_lanes(struct pt_json *json, const struct pt_view *view)
{
    pt_json_open_array(json, "lanes");
    for (size_t i = 0; i < view->lanes.count; i++) {
        const struct pt_lane *lane = &view->lanes.items[i];
        pt_json_open_object(json, NULL);
        pt_json_int(json, "threads", lane->threads);
        if (lane->thread != NULL) {
            put_thread(json, lane);
        }
        if (lane->ns != NULL) {
            put_buckets(json, lane, &view->lanes);
        }
        pt_json_close_object(json);
    }
    pt_json_close_array(json);
}

/* ---- events, one column for each of their fields ---- */

#define PT_COLUMNS(C)                                                                              \
    C("start", start_ns)                                                                           \
    C("duration", duration_ns)                                                                     \
    C("lane", lane)                                                                                \
    C("pid", pid)                                                                                  \
    C("thread", thread)                                                                            \
    C("kind", kind)                                                                                \
    C("name", name)                                                                                \
    C("command", command)                                                                          \
    C("namespace", name_space)                                                                     \
    C("server", server)                                                                            \
    C("client", client)                                                                            \
    C("documents", documents)                                                                      \
    C("bytes", bytes)                                                                              \
    C("commands", commands)                                                                        \
    C("cpu", cpu_ns)                                                                               \
    C("network", network_ns)                                                                       \
    C("code", code)                                                                                \
    C("failed", failed)

static void put_events(struct pt_json *json, const char *key, const struct pt_kept *kept)
{
    pt_json_open_object(json, key);
    pt_json_int(json, "all", kept->offered);
#define PUT_COLUMN(name, field)                                                                    \
    pt_json_open_array(json, name);                                                                \
    for (size_t i = 0; i < kept->count; i++) {                                                     \
        pt_json_int(json, NULL, kept->items[i].field);                                             \
    }                                                                                              \
    pt_json_close_array(json);
    PT_COLUMNS(PUT_COLUMN)
#undef PUT_COLUMN
    pt_json_close_object(json);
}

static void put_words(struct pt_json *json, const struct pt_words *words)
{
    pt_json_open_array(json, "words");
    for (size_t i = 0; i < words->texts.count; i++) {
        pt_json_string(json, NULL, words->texts.items[i]);
    }
    pt_json_close_array(json);
}

void pt_view_json(struct pt_json *json, const struct pt_view *view)
{
    struct pt_profiler_cost cost = pt_model_cost(view->model);
    pt_json_open_object(json, "timeline");
    pt_json_epoch(json, "start_time", view->model->runtime_start_ns);
    pt_json_int(json, "span", view->lanes.span_ns);
    pt_json_int(json, "events", view->events);
    pt_json_int(json, "only_in_totals", cost.left_out);
    pt_json_bool(json, "single", view->single);
    pt_json_int(json, "buckets", PT_LANE_BUCKETS);
    pt_json_int(json, "parts", PT_VIEW_PARTS);
    put_lanes(json, view);
    put_words(json, &view->words);
    put_events(json, "calls", &view->calls);
    put_events(json, "connections", &view->connections);
    put_events(json, "annotations", &view->annotations);
    put_events(json, "errors", &view->errors);
    pt_json_close_object(json);
    pt_plots_json(json, &view->plots);
}
