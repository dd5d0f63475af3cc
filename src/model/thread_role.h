/* SPDX-License-Identifier: Apache-2.0 */
/*
 * thread_role.h: what a thread of the run is there for, by what it did in driver calls. A thread
 * whose calls are for less than a tenth of another kind counts for the larger one alone.
 */
#ifndef PHASETAP_THREAD_ROLE_H
#define PHASETAP_THREAD_ROLE_H

#include "model/model.h"

enum pt_role {
    PT_ROLE_READS,
    PT_ROLE_WRITES,
    PT_ROLE_BOTH,
    PT_ROLE_OTHER, /* no documents: it connects, counts, builds indexes, or waits for others */
    PT_ROLE_COUNT
};

struct pt_role_use {
    int64_t threads;
    int64_t wall_ns, busy_ns; /* busy: in calls or computing; not waiting for other threads */
    int64_t computing_ns;
};

/* Of one or more threads. */
int64_t pt_parts_busy(const int64_t parts_ns[PT_PART_COUNT], int64_t wall_ns);
enum pt_role pt_thread_role(const struct pt_recorded_thread *thread);
/* All threads of one role, of all processes. */
struct pt_role_use pt_model_role(const struct pt_model *model, enum pt_role role);

#endif
