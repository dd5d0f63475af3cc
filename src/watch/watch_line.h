/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch_line.h: a watched process as one line of `key=value` words, for logs and grep.
 * docs/WATCH.md lists the keys. Keys and their order never depend on the process; what cannot be
 * told is "-". Texts of a log (program, phases) pass the filter of safe_text.h, and blanks and the
 * characters that have a meaning in the line become "_", so that no name can forge a word.
 */
#ifndef PHASETAP_WATCH_LINE_H
#define PHASETAP_WATCH_LINE_H

#include <stdio.h>

#include "watch/watch_figures.h"

/* `epoch_ns` is the clock of day. Writes the line and its end. */
void pt_watch_line(FILE *out, const struct pt_watch_process *watched, int64_t total,
                   int64_t epoch_ns);

#endif
