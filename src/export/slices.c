/* SPDX-License-Identifier: Apache-2.0 */
#include "export/slices.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/array.h"
#include "text/usage.h"

#define NESTED_HIGHEST 512 /* slices open at once; what is deeper is closed where it opens */

/* The outer one first. -1: no slice. */
static int depth_of(const struct pt_trace_event *event)
{
    switch (event->kind) {
    case PT_TRACE_ANNOTATION:
        return 0;
    case PT_TRACE_GAP:
        return event->phase != NULL ? 1 : -1;
    case PT_TRACE_CALL:
        return 1;
    case PT_TRACE_CONNECTION:
        return 2;
    case PT_TRACE_COMMAND:
        return 3;
    default:
        return -1;
    }
}

static bool fill(struct pt_slices *slices, struct pt_slice *slice,
                 const struct pt_trace_event *event, int depth)
{
    const char *name = event->kind == PT_TRACE_COMMAND ? event->command : event->phase;
    *slice = (struct pt_slice){
        .start_ns = event->start_ns,
        .end_ns = pt_add(event->start_ns, event->duration_ns),
        .documents = event->documents,
        .bytes = event->bytes,
        .thread = event->thread,
        .name = pt_frame(&slices->frames, name != NULL ? name : "Driver Call"),
        .name_space = event->name_space ? pt_frame(&slices->frames, event->name_space) : -1,
        .detail = event->function ? pt_frame(&slices->frames, event->function) : -1,
        .depth = (uint8_t)depth,
        .failed = event->failed,
    };
    return slice->name >= 0;
}

bool pt_slices_add(struct pt_slices *slices, const struct pt_trace_event *event)
{
    int depth = depth_of(event);
    if (depth < 0) {
        return true;
    }
    if (slices->count == PT_SLICES_HIGHEST) {
        slices->left_out++;
        return true;
    }
    struct pt_slice *items =
        pt_array_reach(slices->items, &slices->room, slices->count, 1024, sizeof *items);
    if (items == NULL) {
        return false;
    }
    slices->items = items;
    return fill(slices, &items[slices->count++], event, depth);
}

static int compare(const void *one, const void *other)
{
    const struct pt_slice *a = one, *b = other;
    if (a->thread != b->thread) {
        return a->thread < b->thread ? -1 : 1;
    }
    if (a->start_ns != b->start_ns) {
        return a->start_ns < b->start_ns ? -1 : 1;
    }
    if (a->end_ns != b->end_ns) {
        return a->end_ns > b->end_ns ? -1 : 1;
    }
    return (int)a->depth - (int)b->depth;
}

struct stack {
    const struct pt_slice *slices[NESTED_HIGHEST];
    int64_t ends_ns[NESTED_HIGHEST]; /* cut at the end of the slice around it */
    size_t count;
};

static void close_until(struct stack *stack, const struct pt_slice_visitor *visitor, int64_t ns)
{
    while (stack->count > 0 && stack->ends_ns[stack->count - 1] <= ns) {
        stack->count--;
        visitor->close(visitor->context, stack->slices[stack->count], stack->ends_ns[stack->count]);
    }
}

static void open_slice(struct stack *stack, const struct pt_slice_visitor *visitor,
                       const struct pt_slice *slice)
{
    int64_t end_ns =
        stack->count > 0 ? pt_min(slice->end_ns, stack->ends_ns[stack->count - 1]) : slice->end_ns;
    visitor->open(visitor->context, slice, slice->start_ns);
    if (stack->count == NESTED_HIGHEST) {
        visitor->close(visitor->context, slice, slice->start_ns);
        return;
    }
    stack->slices[stack->count] = slice;
    stack->ends_ns[stack->count++] = end_ns;
}

void pt_slices_visit(struct pt_slices *slices, const struct pt_slice_visitor *visitor)
{
    struct stack stack = {.count = 0};
    if (slices->count > 0) {
        qsort(slices->items, slices->count, sizeof *slices->items, compare);
    }
    for (size_t i = 0; i < slices->count; i++) {
        const struct pt_slice *slice = &slices->items[i];
        bool next_thread = i > 0 && slice->thread != slices->items[i - 1].thread;
        close_until(&stack, visitor, next_thread ? INT64_MAX : slice->start_ns);
        open_slice(&stack, visitor, slice);
    }
    close_until(&stack, visitor, INT64_MAX);
}

void pt_slices_tell(const struct pt_slices *slices, const char *log_path)
{
    if (slices->left_out > 0) {
        pt_warn("'%s': the first %d events were exported; %" PRId64
                " more are left out, since the viewers of this format take no more",
                log_path, PT_SLICES_HIGHEST, slices->left_out);
    }
}

void pt_slices_clear(struct pt_slices *slices)
{
    slices->count = 0;
    slices->left_out = 0;
}

void pt_slices_release(struct pt_slices *slices)
{
    free(slices->items);
    pt_frames_release(&slices->frames);
    *slices = (struct pt_slices){0};
}
