/* SPDX-License-Identifier: Apache-2.0 */
#include "trace/trace_open.h"

#include "base/array.h"
#include "log/bson_field.h"

static struct pt_recorded_thread *thread_of(struct pt_process *process,
                                            const struct pt_record *record)
{
    return pt_process_thread(process, (int32_t)pt_field_int(record, "th", 0));
}

void pt_trace_open_begin(struct pt_process *process, const struct pt_record *record)
{
    struct pt_recorded_thread *thread = thread_of(process, record);
    if (thread == NULL || thread->open_count == PT_OPEN_PHASES) {
        return;
    }
    void *open = pt_array_reach(thread->open, &thread->open_room, thread->open_count, 8,
                                sizeof *thread->open);
    if (open == NULL) {
        return;
    }
    thread->open = open;
    size_t at = thread->open_count++;
    thread->open[at].q = (int32_t)pt_field_int(record, "q", 0);
    thread->open[at].phase = (int32_t)pt_field_int(record, "ph", 0);
    thread->open[at].entry =
        (struct pt_entry){.start_ns = pt_field_int(record, "t", -1), .thread = thread->number};
}

void pt_trace_open_finish(struct pt_process *process, const struct pt_record *record)
{
    struct pt_recorded_thread *thread = thread_of(process, record);
    int32_t q = (int32_t)pt_field_int(record, "q", 0);
    size_t at = thread != NULL ? thread->open_count : 0;
    while (at > 0 && thread->open[at - 1].q != q) {
        at--;
    }
    if (at > 0) {
        thread->open_count = at - 1; /* what is open inside it ends with it */
    }
}

int32_t pt_trace_open_inside(const struct pt_process *process, int32_t thread, int64_t start_ns)
{
    bool known = thread >= 0 && (size_t)thread < process->thread_slots;
    const struct pt_recorded_thread *found = known ? process->threads[thread] : NULL;
    for (size_t at = found != NULL ? found->open_count : 0; at > 0; at--) {
        int64_t began_ns = found->open[at - 1].entry.start_ns;
        if (pt_add(began_ns, process->wall_offset_ns) <= start_ns) {
            return found->open[at - 1].q;
        }
    }
    return 0;
}
