/* SPDX-License-Identifier: Apache-2.0 */
#include "model/helper_use.h"

#include <stdlib.h>
#include <string.h>

/* One that called the driver after all has its own partition. */
static bool is_recorded(const struct pt_process *process, int64_t tid)
{
    for (size_t at = 0; at < process->thread_slots; at++) {
        if (process->threads[at] != NULL && process->threads[at]->tid == tid) {
            return true;
        }
    }
    return false;
}

static struct pt_helper_use *row_of(struct pt_helper_use *rows, size_t *used, size_t room,
                                    const char *name)
{
    for (size_t i = 0; i < *used; i++) {
        if (rows[i].name != NULL && strcmp(rows[i].name, name) == 0) {
            return &rows[i];
        }
    }
    if (*used < room) {
        rows[*used] = (struct pt_helper_use){.name = name};
        return &rows[(*used)++];
    }
    rows[room - 1].name = NULL;
    return &rows[room - 1];
}

static int busier_first(const void *a, const void *b)
{
    const struct pt_helper_use *first = a;
    const struct pt_helper_use *second = b;
    return first->cpu_ns < second->cpu_ns ? 1 : -(first->cpu_ns > second->cpu_ns);
}

static size_t add_process(struct pt_helper_use *rows, size_t used, size_t room,
                          const struct pt_process *process)
{
    for (size_t i = 0; i < process->helper_count; i++) {
        const struct pt_helper_thread *helper = &process->helpers[i];
        if (!is_recorded(process, helper->tid)) {
            struct pt_helper_use *row = row_of(rows, &used, room, helper->name);
            row->threads++;
            row->cpu_ns = pt_add(row->cpu_ns, helper->cpu_ns);
            row->ready_ns = pt_add(row->ready_ns, helper->ready_ns);
        }
    }
    return used;
}

size_t pt_model_helpers(const struct pt_model *model, struct pt_helper_use *rows, size_t room)
{
    size_t used = 0;
    for (size_t i = 0; i < model->process_count; i++) {
        used = add_process(rows, used, room, model->processes[i]);
    }
    qsort(rows, used, sizeof *rows, busier_first);
    return used;
}
