/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inputs.h: the LOG arguments of a command: files, or folders that stand for all `.bson` files in
 * them.
 *
 * A named file that cannot be read is an error. In a folder, a file that is not a phasetap log (or
 * is still being created) is skipped with a warning, unless the folder holds no log at all.
 */
#ifndef PHASETAP_INPUTS_H
#define PHASETAP_INPUTS_H

#include "model/model.h"

/* The options that a process passes when it asks for its own report (phasetap/phasetap.h), as rows
 * of a flag table, and their values as text; NULL: not given. */
struct pt_range {
    const char *since, *asked_by;
};
#define PT_RANGE_FLAGS(range)                                                                      \
    {.name = "since",                                                                              \
     .argument = "T",                                                                              \
     .value = &(range).since,                                                                      \
     .help = "leave out what began before T, ns of the log's clock"},                              \
        {.name = "asked-by",                                                                       \
         .argument = "PID",                                                                        \
         .value = &(range).asked_by,                                                               \
         .help = "process PID asks for this itself: it has not ended"}

/* Sets them in the model. False after an error message. */
bool pt_take_range(struct pt_model *model, const struct pt_range *range);

/* Reads all logs into the model and finishes it. Returns 0 or PT_EXIT_USAGE after an error message.
 * Damage, and why a log tells of no call at all, are told as warnings. */
int pt_read_inputs(struct pt_model *model, int count, char **paths);

/* "cannot read 'x': why; what to do" on standard error; returns PT_EXIT_USAGE. Uses errno for
 * PT_LOG_OPEN and PT_LOG_READ. */
int pt_fail_log(int code, const char *path);

#endif
