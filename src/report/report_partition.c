/* SPDX-License-Identifier: Apache-2.0 */
/* "partition" of the JSON report: where the time of each thread went, without a hole. */
#include <stdio.h>

#include "base/saturate.h"
#include "model/cannot_tell.h"
#include "model/helper_use.h"
#include "model/model_sums.h"
#include "report/report.h"

#define READING_RULE                                                                               \
    "The parts of a thread add up to its wall_seconds; threads run side by side, so a part "       \
    "shortens the run only on "                                                                    \
    "a "                                                                                           \
    "thread that the others wait for."

#define HELPERS_KEPT 64

const char *pt_part_name(enum pt_part part)
{
    static const char *const names[PT_PART_COUNT] = {
#define PART_NAME(constant, name) #name,
        PT_PARTS(PART_NAME)};
    return names[part];
}

/* Some of the time in the parts is told apart: each belongs to one part and is contained in it. */
static void put_withins(struct pt_json *json, const int64_t within_ns[PT_WITHIN_COUNT])
{
    static const char *const keys[PT_WITHIN_COUNT] = {
#define WITHIN_KEY(constant, name) #name "_seconds",
        PT_WITHINS(WITHIN_KEY)};
    pt_json_open_object(json, "of_which");
    for (int within = 0; within < PT_WITHIN_COUNT; within++) {
        pt_json_seconds(json, keys[within], within_ns[within]);
    }
    pt_json_close_object(json);
}

static void put_parts(struct pt_json *json, int64_t wall_ns, const int64_t parts_ns[PT_PART_COUNT],
                      const int64_t within_ns[PT_WITHIN_COUNT])
{
    char key[64];
    int64_t sum_ns = 0;
    pt_json_seconds(json, "wall_seconds", wall_ns);
    for (int part = 0; part < PT_PART_COUNT; part++) {
        snprintf(key, sizeof key, "%s_seconds", pt_part_name((enum pt_part)part));
        pt_json_seconds(json, key, parts_ns[part]);
        sum_ns = pt_add(sum_ns, parts_ns[part]);
    }
    pt_json_seconds(json, "sum_seconds", sum_ns);
    pt_json_open_object(json, "percent");
    for (int part = 0; part < PT_PART_COUNT; part++) {
        pt_json_percent(json, pt_part_name((enum pt_part)part), (double)parts_ns[part],
                        (double)wall_ns);
    }
    pt_json_close_object(json);
    put_withins(json, within_ns);
}

static void put_thread(struct pt_json *json, const struct pt_process *process,
                       const struct pt_recorded_thread *thread)
{
    pt_json_open_object(json, NULL);
    pt_json_int(json, "thread", thread->number);
    pt_json_int(json, "tid", thread->tid);
    pt_json_int(json, "pid", process->pid);
    put_parts(json, thread->wall_ns, thread->parts_ns, thread->within_ns);
    pt_json_close_object(json);
}

/* Threads that never called the driver have no partition, but may have used the CPU. */
static void put_helpers(struct pt_json *json, const struct pt_model *model)
{
    struct pt_helper_use rows[HELPERS_KEPT];
    size_t count = pt_model_helpers(model, rows, HELPERS_KEPT);
    pt_json_open_array(json, "other_threads");
    for (size_t i = 0; i < count; i++) {
        pt_json_open_object(json, NULL);
        pt_json_string(json, "name", rows[i].name);
        pt_json_int(json, "threads", rows[i].threads);
        pt_json_seconds(json, "cpu_seconds", rows[i].cpu_ns);
        pt_json_seconds(json, "ready_without_cpu_seconds", rows[i].ready_ns);
        pt_json_close_object(json);
    }
    pt_json_close_array(json);
}

static void put_cannot_tell(struct pt_json *json, const struct pt_model *model)
{
    pt_json_open_array(json, "cannot_tell");
    for (int i = 0; i < PT_CANNOT_TELL_COUNT; i++) {
        enum pt_cannot_tell why = (enum pt_cannot_tell)i;
        int64_t threads = pt_model_cannot_tell(model, why);
        if (threads > 0) {
            pt_json_open_object(json, NULL);
            pt_json_string(json, "part", pt_part_name(pt_cannot_tell_part(why)));
            pt_json_int(json, "threads", threads);
            pt_json_string(json, "reason", pt_cannot_tell_text(why));
            pt_json_close_object(json);
        }
    }
    pt_json_close_array(json);
}

void pt_report_partition(struct pt_json *json, const struct pt_model *model)
{
    pt_json_open_object(json, "partition");
    pt_json_open_array(json, "threads");
    for (size_t i = 0; i < model->process_count; i++) {
        const struct pt_process *process = model->processes[i];
        for (size_t at = 0; at < process->thread_slots; at++) {
            if (process->threads[at] != NULL) {
                put_thread(json, process, process->threads[at]);
            }
        }
    }
    pt_json_close_array(json);
    pt_json_open_object(json, "total");
    struct pt_time_use use = pt_model_time(model);
    put_parts(json, use.wall_ns, use.parts_ns, use.within_ns);
    pt_json_close_object(json);
    put_helpers(json, model);
    put_cannot_tell(json, model);
    pt_json_string(json, "reading_rule", READING_RULE);
    pt_json_close_object(json);
}
