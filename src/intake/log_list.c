/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/log_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "log/log_parts.h"
#include "log/log_reader.h"

static struct pt_log_identity *find(struct pt_log_list *list, const struct pt_log_identity *log)
{
    for (size_t i = 0; i < list->count; i++) {
        if (pt_log_is_same(&list->logs[i], log)) {
            return &list->logs[i];
        }
    }
    return NULL;
}

/* A copy that was made while the process ran is shorter. Takes `log`. */
static void keep_longer(struct pt_log_identity *kept, struct pt_log_identity *log)
{
    if (log->bytes > kept->bytes) {
        struct pt_log_identity shorter = *kept;
        *kept = *log;
        *log = shorter;
    }
    pt_log_identity_release(log);
}

int pt_log_list_add(struct pt_log_list *list, const char *path)
{
    struct pt_log_identity log;
    int code = pt_log_identify(&log, path);
    if (code != PT_LOG_OK) {
        pt_log_identity_release(&log);
        return code;
    }
    struct pt_log_identity *known = find(list, &log);
    if (known != NULL) {
        keep_longer(known, &log);
        list->repeated++;
        return PT_LOG_OK;
    }
    struct pt_log_identity *logs =
        pt_array_reach(list->logs, &list->room, list->count, 16, sizeof *logs);
    if (logs == NULL) {
        pt_log_identity_release(&log);
        return PT_LOG_MEMORY;
    }
    list->logs = logs;
    logs[list->count++] = log;
    return PT_LOG_OK;
}

static int earlier_first(const void *a, const void *b)
{
    const struct pt_log_identity *first = a;
    const struct pt_log_identity *second = b;
    if (first->start_ns != second->start_ns) {
        return first->start_ns < second->start_ns ? -1 : 1;
    }
    return strcmp(first->path, second->path);
}

/* What belongs to a log of the run belongs to the run, in whatever order they come. */
static void spread(struct pt_log_list *list, int run)
{
    bool again = true;
    while (again) {
        again = false;
        for (size_t i = 0; i < list->count; i++) {
            for (size_t j = 0; list->logs[i].run_number == run && j < list->count; j++) {
                if (list->logs[j].run_number < 0 &&
                    pt_log_is_same_run(&list->logs[i], &list->logs[j])) {
                    list->logs[j].run_number = run;
                    again = true;
                }
            }
        }
    }
}

/* A log of several parts is read once, with its newest one. */
static void drop_older(struct pt_log_list *list, const bool *older)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (older[i]) {
            pt_log_identity_release(&list->logs[i]);
            list->repeated++;
        } else {
            list->logs[kept++] = list->logs[i];
        }
    }
    list->count = kept;
}

static void drop_older_parts(struct pt_log_list *list)
{
    char **paths = calloc(list->count + 1, sizeof *paths);
    bool *older = calloc(list->count + 1, sizeof *older);
    for (size_t i = 0; paths != NULL && i < list->count; i++) {
        paths[i] = list->logs[i].path;
    }
    if (paths != NULL && older != NULL) {
        pt_log_mark_older_parts(paths, list->count, older);
        drop_older(list, older);
    }
    free(paths);
    free(older);
}

void pt_log_list_divide(struct pt_log_list *list)
{
    drop_older_parts(list);
    list->runs = 0;
    if (list->count > 1) {
        qsort(list->logs, list->count, sizeof *list->logs, earlier_first);
    }
    for (size_t i = 0; i < list->count; i++) {
        list->logs[i].run_number = -1;
    }
    for (size_t i = 0; i < list->count; i++) {
        if (list->logs[i].run_number < 0) {
            list->logs[i].run_number = list->runs;
            spread(list, list->runs++);
        }
    }
}

void pt_log_list_release(struct pt_log_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        pt_log_identity_release(&list->logs[i]);
    }
    free(list->logs);
    *list = (struct pt_log_list){0};
}
