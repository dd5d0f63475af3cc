/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inputs.h: the LOG arguments of a command: files, folders that stand for all `.bson` files in
 * them, or "-" for standard input (stdin_log.h).
 *
 * A named file that cannot be read is an error. In a folder, a file that is not a phasetap log (or
 * is still being created) is skipped with a warning, unless the folder holds no log at all. A log
 * that is given twice counts once.
 */
#ifndef PHASETAP_INPUTS_H
#define PHASETAP_INPUTS_H

#include "cli/range.h"
#include "intake/log_list.h"
#include "model/model.h"

/* Finds the logs, each once, and divides them into runs. Returns 0 or PT_EXIT_USAGE after an error
 * message. The caller releases the list in either case. */
int pt_inputs_find(struct pt_log_list *list, int count, char **paths);

/* Each log that was found, also those in a folder: none may be replaced by an output. The caller
 * frees the array; NULL: out of memory. */
const char **pt_inputs_paths(const struct pt_log_list *list);

/* Reads the logs of a run, or PT_ALL_RUNS, into the model and finishes it. Returns 0 or
 * PT_EXIT_USAGE after an error message. Damage, and why a log tells of no call at all, are told as
 * warnings. */
int pt_inputs_read(struct pt_model *model, const struct pt_log_list *list, int run);

/* True, after a warning, if there are several runs and they are not to be merged: then there is no
 * report of them but a list. */
bool pt_inputs_are_apart(const struct pt_log_list *list, bool merge);
/* Hands out the finished model of each run, one after the other, without entries. */
typedef void (*pt_run_handler)(void *context, const struct pt_model *model);
int pt_inputs_each_run(const struct pt_log_list *list, const struct pt_range *range,
                       pt_run_handler handler, void *context);
#define PT_MERGE_FLAG(text)                                                                        \
    {.name = "merge", .value = &(text), .help = "add up runs that have nothing to do with another"}

/* "cannot read 'x': why; what to do" on standard error; returns PT_EXIT_USAGE. Uses errno for
 * PT_LOG_OPEN and PT_LOG_READ. */
int pt_fail_log(int code, const char *path);

#endif
