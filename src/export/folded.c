/* SPDX-License-Identifier: Apache-2.0 */
/*
 * folded.c: collapsed stacks, the input of flame graphs: a line for each stack, its names joined by
 * semicolons, and its own time in microseconds.
 *     program;thread 2;Document Insertion;clinic.patients;insert 51042
 * A stack below 1 us is left out. https://github.com/brendangregg/FlameGraph
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "export/format_functions.h"
#include "export/slices.h"
#include "text/safe_text.h"

#define STACK_HIGHEST 513 /* what slices.c nests, and the thread */
#define PATH_BYTES    1024
#define NS_PER_US     1000

struct folded {
    struct pt_slices slices;
    struct pt_frames paths;
    int64_t *self_ns; /* by path */
    size_t self_room;
    struct {
        int32_t path;
        int64_t start_ns, inner_ns;
    } stack[STACK_HIGHEST];
    size_t depth;
    char program[PATH_BYTES]; /* of the log */
    bool failed;              /* memory ran out */
};

bool pt_folded_begin(struct pt_export *export)
{
    export->state = calloc(1, sizeof(struct folded));
    return export->state != NULL;
}

bool pt_folded_event(struct pt_export *export, const struct pt_trace *trace,
                     const struct pt_trace_event *event)
{
    struct folded *state = export->state;
    (void)trace;
    return pt_slices_add(&state->slices, event);
}

/* A semicolon and a line end would begin another frame or line. */
static void append_name(char *path, const char *name)
{
    char safe[PATH_BYTES / 2];
    size_t at = strlen(path);
    pt_safe_text(safe, sizeof safe, name);
    for (char *semicolon = safe; (semicolon = strchr(semicolon, ';')) != NULL;) {
        *semicolon = ',';
    }
    snprintf(path + at, PATH_BYTES - at, "%s%s", at > 0 ? ";" : "", safe);
}

static int32_t path_of(struct folded *state, const struct pt_slice *slice)
{
    char path[PATH_BYTES] = "";
    if (state->depth > 0) {
        snprintf(path, sizeof path, "%s", state->paths.texts[state->stack[state->depth - 1].path]);
    } else {
        char thread[32];
        snprintf(thread, sizeof thread, "thread %" PRId32, slice->thread);
        append_name(path, state->program);
        append_name(path, thread);
    }
    append_name(path, state->slices.frames.texts[slice->name]);
    if (slice->name_space >= 0) {
        append_name(path, state->slices.frames.texts[slice->name_space]);
    }
    return pt_frame(&state->paths, path);
}

static void open_slice(void *context, const struct pt_slice *slice, int64_t at_ns)
{
    struct folded *state = context;
    int32_t path = state->failed ? -1 : path_of(state, slice);
    state->failed = path < 0;
    if (!state->failed) {
        state->stack[state->depth].path = path;
        state->stack[state->depth].start_ns = at_ns;
        state->stack[state->depth++].inner_ns = 0;
    }
}

static void close_slice(void *context, const struct pt_slice *slice, int64_t at_ns)
{
    struct folded *state = context;
    (void)slice;
    if (state->failed) {
        return;
    }
    state->depth--;
    int64_t took_ns = pt_sub(at_ns, state->stack[state->depth].start_ns);
    int32_t path = state->stack[state->depth].path;
    int64_t *self_ns =
        pt_array_reach(state->self_ns, &state->self_room, (size_t)path, 64, sizeof *state->self_ns);
    if (self_ns == NULL) {
        state->failed = true;
        return;
    }
    state->self_ns = self_ns;
    self_ns[path] = pt_add(self_ns[path], pt_sub(took_ns, state->stack[state->depth].inner_ns));
    if (state->depth > 0) {
        int64_t *inner_ns = &state->stack[state->depth - 1].inner_ns;
        *inner_ns = pt_add(*inner_ns, took_ns);
    }
}

bool pt_folded_log_end(struct pt_export *export, const struct pt_trace *trace)
{
    struct folded *state = export->state;
    struct pt_slice_visitor visitor = {open_slice, close_slice, state};
    const char *program = trace->process->program;
    state->program[0] = '\0';
    append_name(state->program, program != NULL ? program : "process");
    state->depth = 0;
    pt_slices_visit(&state->slices, &visitor);
    pt_slices_tell(&state->slices, trace->process->log_path);
    pt_slices_clear(&state->slices);
    return !state->failed;
}

bool pt_folded_end(struct pt_export *export)
{
    struct folded *state = export->state;
    for (size_t i = 0; i < state->paths.count && i < state->self_room; i++) {
        if (state->self_ns[i] >= NS_PER_US) {
            fprintf(export->out, "%s %" PRId64 "\n", state->paths.texts[i],
                    state->self_ns[i] / NS_PER_US);
        }
    }
    pt_slices_release(&state->slices);
    pt_frames_release(&state->paths);
    free(state->self_ns);
    free(state);
    return true;
}
