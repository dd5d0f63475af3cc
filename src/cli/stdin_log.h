/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stdin_log.h: a log on standard input, which a command is given as "-".
 *
 * A file that standard input was redirected from is read by its own path, with its ring and older
 * parts. What comes through a pipe is first kept in a file without a name in $TMPDIR or /tmp, since
 * a log is read twice; it is gone with this process. Main thread.
 */
#ifndef PHASETAP_STDIN_LOG_H
#define PHASETAP_STDIN_LOG_H

/* The path to open in place of `given`: `given` itself unless it is "-". NULL after an error
 * message. Valid to the end of the process; text/shown_path.h says how it is shown. */
const char *pt_input_path(const char *given);

#endif
