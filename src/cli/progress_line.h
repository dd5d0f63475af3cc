/* SPDX-License-Identifier: Apache-2.0 */
/*
 * progress_line.h: "reading 62 %, 1.20 GiB" on standard error while logs are read, if that is a
 * terminal and reading takes longer than a second. The line is erased at the end. A thread of its
 * own prints it; where none can be started there is no line.
 *
 * pt_progress_start() and pt_progress_stop() in pairs, by the main thread; nothing else may print
 * on standard error between them.
 */
#ifndef PHASETAP_PROGRESS_LINE_H
#define PHASETAP_PROGRESS_LINE_H

#include <stdint.h>

/* `total_bytes` is what there is to read. */
void pt_progress_start(int64_t total_bytes);
void pt_progress_stop(void);

#endif
