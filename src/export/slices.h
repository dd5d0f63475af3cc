/* SPDX-License-Identifier: Apache-2.0 */
/*
 * slices.h: the events of one log as nested slices of its threads, for formats that want begin and
 * end in order of time: annotated phases around calls and application time, connections and
 * commands inside calls.
 *
 * Keeps 56 bytes for each event, up to PT_SLICES_HIGHEST; the viewers of these formats take no
 * more. What lies beyond is counted.
 *
 * Zero bytes are an empty list. One thread.
 */
#ifndef PHASETAP_SLICES_H
#define PHASETAP_SLICES_H

#include "export/frames.h"
#include "trace/trace.h"

#define PT_SLICES_HIGHEST 2000000

struct pt_slice {
    int64_t start_ns, end_ns;
    int64_t documents, bytes;
    int32_t thread;
    int32_t name;       /* frame: phase or command */
    int32_t name_space; /* frame; -1: none */
    int32_t detail;     /* frame: function of a call; -1: none */
    uint8_t depth;      /* what contains what, where two begin at once */
    bool failed;
};

struct pt_slices {
    struct pt_slice *items;
    size_t count, room;
    int64_t left_out;
    struct pt_frames frames;
};

/* Adds an event that is a slice; others are passed over. False when memory ran out. */
bool pt_slices_add(struct pt_slices *slices, const struct pt_trace_event *event);

/* Whom to tell; the thread of a slice stands in it. `at_ns` never goes back within a thread, and
 * each slice is closed before the one around it. */
struct pt_slice_visitor {
    void (*open)(void *context, const struct pt_slice *slice, int64_t at_ns);
    void (*close)(void *context, const struct pt_slice *slice, int64_t at_ns);
    void *context;
};

/* Visits all slices, thread by thread in order of their numbers. A slice that reaches beyond the
 * one around it is cut there. */
void pt_slices_visit(struct pt_slices *slices, const struct pt_slice_visitor *visitor);

/* Warns about what was left out. */
void pt_slices_tell(const struct pt_slices *slices, const char *log_path);

/* Forgets the slices and keeps the frames. */
void pt_slices_clear(struct pt_slices *slices);
void pt_slices_release(struct pt_slices *slices);

#endif
