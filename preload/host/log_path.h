/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log_path.h: chooses the path of a process's log from the options, and creates the file.
 *
 * Called by the thread that starts the recording (host/recording.c), or ends the process.
 */
#ifndef PT_LOG_PATH_H
#define PT_LOG_PATH_H

#include <stdbool.h>

#include "log/log_file.h"

/* OUTPUT as a file: that file for the first process; `NAME-PID.bson` beside it for children, and
 * where the file exists already (no log is ever overwritten). OUTPUT as a folder, or the default
 * folder `phasetap` in the state folder: `PROGRAM-TIME-PID.bson` in it. Where such a name is taken,
 * a number follows it, and after some numbers the time: containers give every process the same pid.
 * An OUTPUT that is neither file nor folder (/dev/null, a FIFO) is refused. Unless names are plain,
 * a token stands for PROGRAM; with aliases the key file is made too (log/name_file.h). `path`
 * (PT_PATH_BYTES) gets the absolute path. */
enum pt_reason pt_log_path_open(char *path, bool first_process);

/* From here on, where pt_log_path_open would take a name of its own, it takes `PROGRAM-unseen.bson`
 * (or `NAME-unseen.bson`): for a log that says only that calls could not be seen.
 * PT_REASON_DISABLED where that is there already: one for each program says it. */
void pt_log_path_without_calls(void);

#endif
