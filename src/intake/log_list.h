/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log_list.h: the logs that a command was given, each once, divided into runs (log_identity.h).
 * Runs are numbered by the start of their first process; so are the logs of a run. One thread.
 */
#ifndef PHASETAP_LOG_LIST_H
#define PHASETAP_LOG_LIST_H

#include <stddef.h>

#include "intake/log_identity.h"

#define PT_ALL_RUNS (-1) /* instead of the number of one */

struct pt_log_list {
    struct pt_log_identity *logs;
    size_t count, room;
    size_t repeated; /* logs that were given more than once */
    int runs;        /* set by pt_log_list_divide() */
};

/* Adds a log; of one that is there already the longer file stays. 0, or a code of log_reader.h. */
int pt_log_list_add(struct pt_log_list *list, const char *path);
/* Sorts the logs by start and numbers their runs. */
void pt_log_list_divide(struct pt_log_list *list);
void pt_log_list_release(struct pt_log_list *list);

#endif
