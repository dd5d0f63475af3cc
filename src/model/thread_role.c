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

static int64_t busy(const struct pt_recorded_thread *thread)
{
    const int64_t *parts = thread->parts_ns;
    int64_t idle = pt_add(pt_add(parts[PT_PART_WAITING], parts[PT_PART_OUTSIDE]),
                          pt_add(parts[PT_PART_POOL_WAIT], parts[PT_PART_EVENTS]));
    return pt_max(0, pt_sub(thread->wall_ns, idle));
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
                use.busy_ns = pt_add(use.busy_ns, busy(thread));
                use.computing_ns = pt_add(use.computing_ns, thread->parts_ns[PT_PART_COMPUTING]);
            }
        }
    }
    return use;
}
