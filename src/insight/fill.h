/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fill.h: how much of a run an activity fills: in each bucket of the run's course the time of all
 * threads in it, divided by the number of threads there were for it. Three readers that work one
 * after another, each busy all its life, fill what they take together; three that work side by side
 * fill it once. An activity that is filled limits the run; one that is not waits for another.
 */
#ifndef PHASETAP_FILL_H
#define PHASETAP_FILL_H

#include "model/model.h"

enum pt_fill_of { PT_FILL_READING, PT_FILL_WRITING, PT_FILL_COMPUTING, PT_FILL_COUNT };

struct pt_fill {
    int64_t filled_ns[PT_FILL_COUNT]; /* time of the run */
    int64_t total_ns[PT_FILL_COUNT];  /* time of threads */
    int64_t idle_ns; /* time of the run in which certainly no thread was in a call or computing */
    bool pipelined;  /* threads that read and others that write */
    enum pt_fill_of limiting; /* the one that fills most */
};

struct pt_fill pt_fill_make(const struct pt_model *model);

/* Time of the run that is saved when `saved_ns` of threads' time in an activity is: 0 when another
 * activity limits the run. */
int64_t pt_fill_gain(const struct pt_fill *fill, enum pt_fill_of of, int64_t saved_ns);

#endif
