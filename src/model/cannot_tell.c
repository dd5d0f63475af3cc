/* SPDX-License-Identifier: Apache-2.0 */
#include "model/cannot_tell.h"

static bool process_has_readings(const struct pt_process *process)
{
    for (size_t at = 0; at < process->thread_slots; at++) {
        if (process->threads[at] != NULL && process->threads[at]->sched.readings > 0) {
            return true;
        }
    }
    return false;
}

/* Why a thread of a process that has readings was not read twice. */
static enum pt_cannot_tell not_twice(const struct pt_process *process)
{
    return process->interval_ns == 0 ? PT_CANNOT_TELL_UNSAMPLED
           : !process->has_end       ? PT_CANNOT_TELL_LOG_ENDS
                                     : PT_CANNOT_TELL_ONE_READING;
}

static bool applies(const struct pt_process *process, bool has_readings,
                    const struct pt_recorded_thread *thread, enum pt_cannot_tell why)
{
    switch (why) {
    case PT_CANNOT_TELL_NO_SCHED:
        return !has_readings;
    case PT_CANNOT_TELL_NO_CPU_CLOCK:
        return thread->has_no_cpu;
    default:
        return has_readings && thread->sched.readings < 2 && why == not_twice(process);
    }
}

/* Once for the process, not for each thread: a log may hold 65,535 of them. */
static int64_t threads_of(const struct pt_process *process, enum pt_cannot_tell why)
{
    int64_t threads = 0;
    bool has_readings = process_has_readings(process);
    for (size_t at = 0; at < process->thread_slots; at++) {
        const struct pt_recorded_thread *thread = process->threads[at];
        threads += thread != NULL && applies(process, has_readings, thread, why);
    }
    return threads;
}

int64_t pt_model_cannot_tell(const struct pt_model *model, enum pt_cannot_tell why)
{
    int64_t threads = 0;
    for (size_t i = 0; i < model->process_count; i++) {
        threads += threads_of(model->processes[i], why);
    }
    return threads;
}

const char *pt_cannot_tell_text(enum pt_cannot_tell why)
{
    static const char *const texts[PT_CANNOT_TELL_COUNT] = {
#define TEXT(constant, part, text) text,
        PT_CANNOT_TELL(TEXT)};
    return texts[why];
}

enum pt_part pt_cannot_tell_part(enum pt_cannot_tell why)
{
    static const enum pt_part parts[PT_CANNOT_TELL_COUNT] = {
#define PART(constant, part, text) PT_PART_##part,
        PT_CANNOT_TELL(PART)};
    return parts[why];
}
