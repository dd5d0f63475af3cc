/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/close_log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "intake/liveness.h"
#include "log/log_fold.h"
#include "log/log_reader.h"

static void begin(struct pt_close *close, const char *log_path)
{
    *close = (struct pt_close){.state = PT_CLOSE_NOTHING};
    snprintf(close->log_path, sizeof close->log_path, "%s", log_path);
}

static bool is_gone(struct pt_close *close, const struct pt_ring_owner *owner, bool force)
{
    enum pt_owner_state state = pt_owner_state(owner);
    close->pid = owner->pid;
    if (state == PT_OWNER_GONE || (state == PT_OWNER_UNKNOWN && force)) {
        return true;
    }
    close->state = state == PT_OWNER_LIVES ? PT_CLOSE_LIVES : PT_CLOSE_UNKNOWN;
    return false;
}

/* `log` is open and has a ring. It is opened once more: the process may have written until it was
 * found to be gone, and the copy of its ring must be the last. */
static void fold(struct pt_close *close, struct pt_log *log, bool force)
{
    if (!is_gone(close, &log->ring.owner, force)) {
        return;
    }
    pt_log_release(log);
    close->code = pt_log_open(log, close->log_path);
    if (close->code != PT_LOG_OK) {
        close->state = PT_CLOSE_UNREADABLE;
        return;
    }
    close->error = pt_log_fold(log, close->log_path);
    close->state = close->error == 0 ? PT_CLOSE_DONE : PT_CLOSE_FAILED;
}

void pt_close_log(struct pt_close *close, const char *path, bool force)
{
    struct pt_log log;
    begin(close, path);
    close->code = pt_log_open(&log, path);
    if (close->code != PT_LOG_OK) {
        close->state = PT_CLOSE_UNREADABLE;
        return;
    }
    if (log.ring.path != NULL) {
        fold(close, &log, force);
    }
    pt_log_release(&log);
}

static void remove_ring(struct pt_close *close, const char *path)
{
    close->state = PT_CLOSE_REMOVED;
    if (unlink(path) != 0 && errno != ENOENT) {
        close->error = errno;
        close->state = PT_CLOSE_FAILED;
    }
}

/* The log at log_path has this very ring: folds it. Else the ring has no log. */
static void fold_named(struct pt_close *close, const char *ring_path)
{
    struct pt_log log;
    close->code = pt_log_open(&log, close->log_path);
    if (close->code == PT_LOG_OPEN && errno != ENOENT && errno != ENOTDIR) {
        close->error = errno;
        close->state = PT_CLOSE_FAILED;
        return;
    }
    bool opened = close->code == PT_LOG_OK;
    if (opened && log.ring.path != NULL && strcmp(log.ring.path, ring_path) == 0) {
        fold(close, &log, false);
    } else if (access(ring_path, F_OK) == 0) { /* else another process has just folded it */
        close->state = PT_CLOSE_NO_LOG;
    }
    if (opened) {
        pt_log_release(&log);
    }
}

void pt_close_ring(struct pt_close *close, const char *path, bool force)
{
    struct pt_ring_header header;
    begin(close, "");
    if (!pt_ring_header_read(&header, path)) {
        close->state = PT_CLOSE_NO_RING;
        return;
    }
    begin(close, header.owner.log_path);
    if (!is_gone(close, &header.owner, false)) {
        return;
    }
    if (header.status.state != PT_STATE_CLOSED) {
        fold_named(close, path);
    }
    if (header.status.state == PT_STATE_CLOSED || (close->state == PT_CLOSE_NO_LOG && force)) {
        remove_ring(close, path);
    }
}
