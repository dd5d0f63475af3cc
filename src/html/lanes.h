/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lanes.h: the lanes of the timeline: one for each thread of the run, in order of processes and
 * numbers. Of more than PT_LANES threads the busiest have a lane each, and the others one
 * together.
 *
 * In a run of many events a lane is divided into PT_LANE_BUCKETS of equal width, and holds for each
 * how much of it went to what (enum pt_view_kind), so that what the page holds does not grow with
 * the log. Threads and processes belong to the model, which must outlive the lanes. One thread.
 */
#ifndef PHASETAP_LANES_H
#define PHASETAP_LANES_H

#include "html/kept.h"
#include "model/model.h"

#define PT_LANES        64
#define PT_LANE_BUCKETS 2048
#define PT_LANE_NONE    (-1)

struct pt_lane {
    const struct pt_process *process;        /* NULL: of several threads */
    const struct pt_recorded_thread *thread; /* the same */
    int64_t threads;
    double (*ns)[PT_VIEW_PARTS]; /* by bucket; NULL: single events are enough */
    uint32_t *calls;             /* that began in the bucket; with `ns` */
    struct {
        int32_t thread, call;    /* number of the call that is going on */
        int32_t server, command; /* words (words.h) */
    } going;
};

struct pt_lanes {
    struct pt_lane items[PT_LANES + 1];
    size_t count;
    const struct pt_model *model;
    int32_t **by_thread; /* by process of the model, and number */
    int64_t span_ns;     /* of the run, at least 1 */
};

/* False: out of memory. Release in either case. */
bool pt_lanes_make(struct pt_lanes *lanes, const struct pt_model *model, bool buckets);
/* PT_LANE_NONE: the model knows no such thread. */
int32_t pt_lane_of(const struct pt_lanes *lanes, size_t process, int32_t thread);
/* Adds the parts of a call, or of the time between two, to the buckets of its lane, evenly over its
 * course. Nothing where there are no buckets. */
void pt_lane_spread(struct pt_lanes *lanes, const struct pt_kept_event *event,
                    const int64_t parts_ns[PT_VIEW_PARTS]);
void pt_lanes_release(struct pt_lanes *lanes);

#endif
