/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log_fold.h: makes log and ring of a process that is gone one plain file: appends to the log what
 * the ring still holds, and removes the ring.
 *
 * It may be stopped at any moment and done again: until the ring is removed, the log counts only as
 * far as the ring says. The caller makes sure that the process is gone. Whoever folds holds the
 * lock of the ring file (flock) meanwhile; the next recording of this user does it, too.
 */
#ifndef PHASETAP_LOG_FOLD_H
#define PHASETAP_LOG_FOLD_H

#include "log/log_state.h"

/* `log` is the opened log at `path`. 0, also when there is no ring; or an errno: the log can be
 * read as it is. */
int pt_log_fold(const struct pt_log *log, const char *path);

#endif
