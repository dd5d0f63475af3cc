/* SPDX-License-Identifier: Apache-2.0 */
/* read_log.h: reads one log into a model; the way into this folder. */
#ifndef PHASETAP_READ_LOG_H
#define PHASETAP_READ_LOG_H

#include "model/model.h"

/*
 * Reads the log `path` and adds its process to the model. Returns 0, or a code of PT_LOG_CODES
 * (log_reader.h): then nothing of that log is in the model. A log that turns unreadable halfway
 * counts as far as it was read, with a note. Call it before pt_model_finish().
 */
int pt_model_read(struct pt_model *model, const char *path);

/* How the process ended, from what is known of its log and what the kernel says of it now
 * (docs/FORMAT.md, "How the run ended"). A replacement by exec shows only in other logs. */
enum pt_ending pt_ending_of(const struct pt_process *process);

#endif
