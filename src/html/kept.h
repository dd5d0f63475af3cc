/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kept.h: the events that the page shows one by one. A list keeps the longest of those offered, up
 * to its limit, whatever the length of the log; of equal ones the first. How many it could not keep
 * is part of what the page says.
 *
 * Set `limit`, zero the rest. Release with free(items). One thread.
 */
#ifndef PHASETAP_KEPT_H
#define PHASETAP_KEPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an event is drawn as. Those before PT_KIND_OF_PARTS are also the parts that the time of a
 * lane is divided into (lanes.h). */
enum pt_view_kind {
    PT_VIEW_READING,
    PT_VIEW_WRITING,
    PT_VIEW_INDEX,
    PT_VIEW_OTHER_CALL,
    PT_VIEW_CONNECTING,
    PT_VIEW_SERVER_WAIT,
    PT_VIEW_POOL_WAIT,
    PT_VIEW_COMPUTING,
    PT_VIEW_WAITING, /* an event of this kind is the application's time between two calls */
    PT_VIEW_PARTS,
    PT_VIEW_ANNOTATION = PT_VIEW_PARTS,
    PT_VIEW_ERROR
};

struct pt_kept_event {
    int64_t start_ns, duration_ns; /* start: since the run's */
    int64_t documents, bytes;
    int64_t commands;
    int64_t cpu_ns;     /* -1: not read */
    int64_t network_ns; /* of a call */
    int32_t lane, kind; /* lane: PT_LANE_NONE for a thread that is none */
    int32_t thread;     /* as the log says */
    int64_t pid;
    int32_t name;               /* word: phase of a call or annotation, origin of an error */
    int32_t command;            /* word: first command of the call */
    int32_t name_space, server; /* words */
    int32_t client;             /* 0: not known */
    int32_t code;               /* of an error */
    bool failed;
};

struct pt_kept {
    struct pt_kept_event *items; /* a heap, the shortest first, until pt_kept_sort() */
    size_t count, room, limit;
    int64_t offered;
};

/* Counts an event of that duration. False: it is not to be kept, and need not be filled in. */
bool pt_kept_offer(struct pt_kept *kept, int64_t duration_ns);
/* Adds one for which pt_kept_offer() was true. */
void pt_kept_add(struct pt_kept *kept, const struct pt_kept_event *event);
/* By start; nothing may be added afterwards. */
void pt_kept_sort(struct pt_kept *kept);

#endif
