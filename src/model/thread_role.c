/* SPDX-License-Identifier: Apache-2.0 */
#include "model/thread_role.h"

#define TENTH 10

enum pt_role pt_thread_role(const struct pt_recorded_thread *thread)
{
    const struct pt_thread_work *work = &thread->work;
    bool reads = work->read > 0 && work->reading_ns >= work->writing_ns / TENTH;
    bool writes = work->written > 0 && work->writing_ns >= work->reading_ns / TENTH;
    if (reads && writes) {
        return PT_ROLE_BOTH;
    }
    return reads ? PT_ROLE_READS : writes ? PT_ROLE_WRITES : PT_ROLE_OTHER;
}

int64_t pt_parts_busy(const int64_t parts_ns[PT_PART_COUNT], int64_t wall_ns)
{
    int64_t idle = pt_add(pt_add(parts_ns[PT_PART_WAITING], parts_ns[PT_PART_OUTSIDE]),
                          pt_add(parts_ns[PT_PART_POOL_WAIT], parts_ns[PT_PART_EVENTS]));
    return pt_max(0, pt_sub(wall_ns, idle));
}

struct pt_role_use pt_model_role(const struct pt_model *model, enum pt_role role)
{
    struct pt_role_use use = {0};
    for (size_t i = 0; i < model->process_count; i++) {
        const struct pt_process *process = model->processes[i];
        for (size_t at = 1; at < process->thread_slots; at++) {
            const struct pt_recorded_thread *thread = process->threads[at];
            if (thread != NULL && pt_thread_role(thread) == role) {
                use.threads++;
                use.wall_ns = pt_add(use.wall_ns, thread->wall_ns);
                use.busy_ns = pt_add(use.busy_ns, pt_parts_busy(thread->parts_ns, thread->wall_ns));
                use.computing_ns = pt_add(use.computing_ns, thread->parts_ns[PT_PART_COMPUTING]);
            }
        }
    }
    return use;
}
