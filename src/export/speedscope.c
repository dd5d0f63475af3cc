/* SPDX-License-Identifier: Apache-2.0 */
/*
 * speedscope.c: the file format of speedscope.app, an `evented` profile for each thread, in ns
 * since its log's first event.
 * https://github.com/jlfwong/speedscope/blob/main/src/lib/file-format-spec.ts
 *
 * The profiles of a log are written when the log has been read. Frames are common to all profiles
 * and stand at the end of the file, which JSON allows.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "export/format_functions.h"
#include "export/slices.h"
#include "text/json_out.h"

struct speedscope {
    struct pt_json json;
    struct pt_slices slices;
    int64_t base_ns, end_ns; /* of the log; end_ns also of the thread that is being written */
    int32_t thread;          /* whose profile is open; -1: none */
    const struct pt_trace *trace;
};

bool pt_speedscope_begin(struct pt_export *export)
{
    struct speedscope *state = calloc(1, sizeof *state);
    export->state = state;
    if (state == NULL) {
        return false;
    }
    pt_json_init(&state->json, export->out, false);
    pt_json_open_object(&state->json, NULL);
    pt_json_string(&state->json, "$schema", "https://www.speedscope.app/file-format-schema.json");
    pt_json_string(&state->json, "exporter", "phasetap");
    pt_json_open_array(&state->json, "profiles");
    return true;
}

bool pt_speedscope_event(struct pt_export *export, const struct pt_trace *trace,
                         const struct pt_trace_event *event)
{
    struct speedscope *state = export->state;
    (void)trace;
    return pt_slices_add(&state->slices, event);
}

static void end_profile(struct speedscope *state)
{
    if (state->thread >= 0) {
        pt_json_close_array(&state->json);
        pt_json_int(&state->json, "endValue", pt_sub(state->end_ns, state->base_ns));
        pt_json_close_object(&state->json);
    }
    state->thread = -1;
}

static void begin_profile(struct speedscope *state, int32_t thread)
{
    const struct pt_process *process = state->trace->process;
    char name[160];
    snprintf(name, sizeof name, "%s %" PRId64 ", thread %" PRId32,
             process->program ? process->program : "process", process->pid, thread);
    pt_json_open_object(&state->json, NULL);
    pt_json_string(&state->json, "type", "evented");
    pt_json_string(&state->json, "name", name);
    pt_json_string(&state->json, "unit", "nanoseconds");
    pt_json_int(&state->json, "startValue", 0);
    pt_json_open_array(&state->json, "events");
    state->thread = thread;
    state->end_ns = state->base_ns;
}

static void put(struct speedscope *state, const char *type, const struct pt_slice *slice,
                int64_t at_ns)
{
    pt_json_open_object(&state->json, NULL);
    pt_json_string(&state->json, "type", type);
    pt_json_int(&state->json, "frame", slice->name);
    pt_json_int(&state->json, "at", pt_sub(at_ns, state->base_ns));
    pt_json_close_object(&state->json);
    state->end_ns = pt_max(state->end_ns, at_ns);
}

static void open_frame(void *context, const struct pt_slice *slice, int64_t at_ns)
{
    struct speedscope *state = context;
    if (slice->thread != state->thread) {
        end_profile(state);
        begin_profile(state, slice->thread);
    }
    put(state, "O", slice, at_ns);
}

static void close_frame(void *context, const struct pt_slice *slice, int64_t at_ns)
{
    put(context, "C", slice, at_ns);
}

static int64_t first_ns(const struct pt_slices *slices)
{
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < slices->count; i++) {
        first = pt_min(first, slices->items[i].start_ns);
    }
    return slices->count > 0 ? first : 0;
}

bool pt_speedscope_log_end(struct pt_export *export, const struct pt_trace *trace)
{
    struct speedscope *state = export->state;
    struct pt_slice_visitor visitor = {open_frame, close_frame, state};
    state->trace = trace;
    state->thread = -1;
    state->base_ns = first_ns(&state->slices);
    pt_slices_visit(&state->slices, &visitor);
    end_profile(state);
    pt_slices_tell(&state->slices, trace->process->log_path);
    pt_slices_clear(&state->slices);
    return true;
}

bool pt_speedscope_end(struct pt_export *export)
{
    struct speedscope *state = export->state;
    const struct pt_frames *frames = &state->slices.frames;
    pt_json_close_array(&state->json);
    pt_json_open_object(&state->json, "shared");
    pt_json_open_array(&state->json, "frames");
    for (size_t i = 0; i < frames->count; i++) {
        pt_json_open_object(&state->json, NULL);
        pt_json_string(&state->json, "name", frames->texts[i]);
        pt_json_close_object(&state->json);
    }
    pt_json_close_array(&state->json);
    pt_json_close_object(&state->json);
    pt_json_close_object(&state->json);
    pt_slices_release(&state->slices);
    free(state);
    return true;
}
