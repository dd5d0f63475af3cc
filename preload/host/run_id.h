/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run_id.h: which run a process belongs to, for the manifest.
 *
 * A run is a first process and what it started. Its id is 32 hexadecimal digits: that of
 * PHASETAP_RUN, which `phasetap run` sets, otherwise random. It is made when the object is loaded,
 * so that forked children have it in their memory, also those of a parent that never records. The
 * environment of the host is not changed: setenv() would race with its threads, and a shell or cron
 * with the object in it would make one run of all that it ever starts. Instead a program started
 * by exec names its parent and grandparent, and the reader joins it to the run of one that
 * recorded.
 */
#ifndef PT_RUN_ID_H
#define PT_RUN_ID_H

#include "bson/bson_writer.h"

/* In the constructor, behind pt_options_read(). Reads nothing of the file system. */
void pt_run_id_begin(void);
/* Writes `run`, `run_given` and the ancestors. Two reads of /proc; on the thread that starts the
 * recording. */
void pt_run_id_write(struct pt_bson *b);

#endif
