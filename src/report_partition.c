/* SPDX-License-Identifier: Apache-2.0 */
/* "partition" of the JSON report: where the time of each thread went, without a hole. */
#include <stdio.h>

#include "report.h"
#include "saturate.h"

#define READING_RULE                                                                                                  \
    "The parts of a thread add up to its wall_seconds; threads run side by side, so a part shortens the run only on " \
    "a "                                                                                                              \
    "thread that the others wait for."

const char *pt_part_name(enum pt_part part)
{
    static const char *const names[PT_PART_COUNT] = {
#define PART_NAME(constant, name) #name,
        PT_PARTS(PART_NAME)};
    return names[part];
}

static void put_parts(struct pt_json *json, int64_t wall_ns, const int64_t parts_ns[PT_PART_COUNT])
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
        pt_json_percent(json, pt_part_name((enum pt_part)part), (double)parts_ns[part], (double)wall_ns);
    }
    pt_json_close_object(json);
}

static void put_thread(struct pt_json *json, const struct pt_process *process, const struct pt_thread *thread)
{
    pt_json_open_object(json, NULL);
    pt_json_int(json, "thread", thread->number);
    pt_json_int(json, "tid", thread->tid);
    pt_json_int(json, "pid", process->pid);
    put_parts(json, thread->wall_ns, thread->parts_ns);
    pt_json_close_object(json);
}

void pt_report_partition(struct pt_json *json, const struct pt_model *model)
{
    int64_t parts_ns[PT_PART_COUNT];
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
    int64_t wall_ns = pt_model_parts(model, parts_ns);
    put_parts(json, wall_ns, parts_ns);
    pt_json_close_object(json);
    pt_json_string(json, "reading_rule", READING_RULE);
    pt_json_close_object(json);
}
