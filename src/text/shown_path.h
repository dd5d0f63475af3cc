/* SPDX-License-Identifier: Apache-2.0 */
/* shown_path.h: what a file is called in front of the user. A log that came through a pipe is kept
 * in a file without a name and read as PT_UNNAMED_FOLDER plus a number. No state; any thread. */
#ifndef PHASETAP_SHOWN_PATH_H
#define PHASETAP_SHOWN_PATH_H

#define PT_UNNAMED_FOLDER "/proc/self/fd/"

/* "standard input" for a file without a name, any other path as it is. */
const char *pt_shown_path(const char *path);

#endif
