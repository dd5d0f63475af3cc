/* SPDX-License-Identifier: Apache-2.0 */
/*
 * close_log.h: completes the log of a process that was killed: what its ring still holds is
 * appended to the log, and the ring is removed (log/log_fold.h).
 *
 * Nothing is touched while the process lives. Where that cannot be told (another boot, machine or
 * container), `force` says that it is gone. Prints nothing. One thread per log.
 */
#ifndef PHASETAP_CLOSE_LOG_H
#define PHASETAP_CLOSE_LOG_H

#include <stdbool.h>
#include <stdint.h>

enum pt_close_state {
    PT_CLOSE_DONE,       /* the ring was folded into the log */
    PT_CLOSE_NOTHING,    /* the log has no ring */
    PT_CLOSE_REMOVED,    /* the ring had no log, or was closed; it was removed */
    PT_CLOSE_LIVES,      /* the process still records */
    PT_CLOSE_UNKNOWN,    /* it may still record; not forced */
    PT_CLOSE_NO_LOG,     /* the ring's log is gone; not forced */
    PT_CLOSE_NO_RING,    /* the file is no ring */
    PT_CLOSE_UNREADABLE, /* `code` says why the log cannot be read */
    PT_CLOSE_FAILED,     /* `error` says why the log could not be written or the ring removed */
};

struct pt_close {
    enum pt_close_state state;
    int code;            /* of PT_LOG_CODES; errno is the one of it */
    int error;           /* an errno */
    int64_t pid;         /* of the process, where there is a ring */
    char log_path[4096]; /* of the log */
};

/* The log at `path`. */
void pt_close_log(struct pt_close *close, const char *path, bool force);
/* The log of the ring at `path`, whose header names it. `force` removes a ring without a log, and
 * nothing else: it never touches one whose process may live. */
void pt_close_ring(struct pt_close *close, const char *path, bool force);

#endif
