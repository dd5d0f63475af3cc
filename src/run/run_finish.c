/* SPDX-License-Identifier: Apache-2.0 */
/* What `phasetap run` does when the program has ended: it finishes the logs. docs/FORMAT.md,
 * document 41. */
#include <bson/bson.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/bson_field.h"
#include "log/log_fold.h"
#include "log/log_reader.h"
#include "intake/liveness.h"
#include "run/run.h"
#include "text/time_text.h"
#include "text/usage.h"

#define PADDING "________"
/* Bytes that a null element takes beside its key. */
#define NULL_ELEMENT_BYTES 2
#define FILLER_BYTES       8

/* What has to be known of a log before it is touched. */
struct log_end {
    int64_t pid;
    bool lives;
    bool has_end, has_run_end;
    int64_t time_namespace; /* 0: not known */
    int64_t calls;
};

static int look(void *context, const struct pt_record *record)
{
    struct log_end *end = context;
    if (record->kind == PT_KIND_MANIFEST && end->pid == 0) {
        char *boot_id = pt_field_text(record, "boot_id");
        end->pid = pt_field_int(record, "pid", 0);
        end->lives = pt_process_lives_in(pt_field_int(record, "pid_ns", 0), end->pid,
                                         pt_field_int(record, "start_ticks", 0), boot_id);
        free(boot_id);
        end->time_namespace = pt_field_int(record, "time_ns", 0);
    }
    end->calls += record->kind == PT_KIND_SPAN || record->kind == PT_KIND_CONNECTION;
    end->has_end |= record->kind == PT_KIND_END;
    end->has_run_end |= record->kind == PT_KIND_RUN_END;
    return 0;
}

static void pad(bson_t *document)
{
    size_t over = document->len % PT_ALIGN_BYTES;
    size_t missing = over == 0 ? 0 : PT_ALIGN_BYTES - over;
    if (missing == 0) {
        return;
    }
    if (missing <= NULL_ELEMENT_BYTES) {
        missing += PT_ALIGN_BYTES;
    }
    bson_append_null(document, PADDING, (int)(missing - NULL_ELEMENT_BYTES));
}

/* CLOCK_MONOTONIC of another time namespace has another zero. */
static bool same_clock(const struct log_end *end)
{
    struct stat status;
    bool known = stat("/proc/self/ns/time", &status) == 0;
    return end->time_namespace == (known ? (int64_t)status.st_ino : 0);
}

/* The document and the filler behind it in one write: a log never holds a part of it unless the
 * disk is full, and then as a torn event. */
static bool append_end(int fd, const struct pt_log *log, const struct log_end *end,
                       const struct pt_run_result *result)
{
    static const uint8_t filler[FILLER_BYTES] = {8, 0, 0, 0, 0x0A, '_', 0, 0};
    uint8_t bytes[256];
    bson_t document = BSON_INITIALIZER;
    BSON_APPEND_INT32(&document, "k", PT_KIND_RUN_END);
    BSON_APPEND_DATE_TIME(&document, "date", pt_now_ns() / 1000000);
    BSON_APPEND_INT64(&document, "status", result->status);
    BSON_APPEND_INT64(&document, "signal", result->signal);
    if (same_clock(end)) {
        BSON_APPEND_INT64(&document, "t", result->ended_ns);
    }
    pad(&document);
    size_t length = document.len;
    memcpy(bytes, bson_get_data(&document), length);
    bson_destroy(&document);
    if (log->version == PT_FORMAT_CHUNKS) {
        memcpy(bytes + length, filler, sizeof filler);
        length += sizeof filler;
    }
    return write(fd, bytes, length) == (ssize_t)length;
}

/* A new chunk can only begin where one may end. */
static bool at_border(int fd, const struct pt_log *log)
{
    struct stat status;
    uint32_t border = log->version == PT_FORMAT_CHUNKS ? log->chunk_bytes : PT_ALIGN_BYTES;
    return fstat(fd, &status) == 0 && status.st_size % border == 0;
}

static void finish_log(const char *path, const struct pt_log *log, const struct log_end *end,
                       const struct pt_run_result *result)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        pt_warn("cannot finalise the log '%s': %s; it is readable as it is", path, strerror(errno));
        return;
    }
    bool good = true;
    if (log->version != PT_FORMAT_CHUNKS) {
        errno = pt_log_fold(log, path);
        good = errno == 0;
    } else if (!end->has_end && log->facts.used_bytes < log->facts.file_bytes) {
        good = ftruncate(fd, (off_t)log->facts.used_bytes) == 0;
    }
    if (good && result != NULL && !end->has_run_end && at_border(fd, log)) {
        good = append_end(fd, log, end, result);
    }
    if (!good) {
        pt_warn("cannot finalise the log '%s': %s; it is readable as it is", path, strerror(errno));
    }
    close(fd);
}

/* A process that has only begun has written no manifest yet. */
static enum pt_run_log_state state_of(int code)
{
    if (code == PT_LOG_OK) {
        return PT_RUN_LOG_GOOD;
    }
    return code == PT_LOG_OPEN && (errno == ENOENT || errno == ENOTDIR) ? PT_RUN_LOG_MISSING
                                                                        : PT_RUN_LOG_UNREADABLE;
}

/* Fills state and reason of the log, and opens it. True when it could be read. */
static bool look_into(struct pt_run_log *entry, struct pt_log *log, struct log_end *end)
{
    *end = (struct log_end){0};
    errno = 0;
    int code = pt_log_open(log, entry->path);
    entry->state = state_of(code);
    if (code != PT_LOG_OK) {
        entry->why = code == PT_LOG_OPEN ? strerror(errno) : pt_log_text(code);
        return false;
    }
    pt_log_walk(log, look, end);
    if (end->lives) {
        entry->state = PT_RUN_LOG_LIVES;
    }
    return end->pid != 0;
}

/* The copy of the ring must be the last: the process may have written until it was found to be
 * gone. True if the log can still be read. */
static bool open_again(struct pt_log *log, const char *path)
{
    if (log->version == PT_FORMAT_CHUNKS) {
        return true;
    }
    pt_log_release(log);
    return pt_log_open(log, path) == PT_LOG_OK;
}

/* From the last to the first: when a process replaced itself by exec, how it ended belongs to the
 * last of its logs. */
static void finish_each(struct pt_run_news *news, const struct pt_run_result *result)
{
    bool child_told = false;
    for (size_t i = news->log_count; i > 0; i--) {
        struct pt_run_log *entry = &news->logs[i - 1];
        struct pt_log log;
        struct log_end end;
        bool readable = look_into(entry, &log, &end);
        news->calls += end.calls;
        if (readable && !end.lives && open_again(&log, entry->path)) {
            bool of_child = end.pid == result->pid && !child_told;
            child_told |= of_child;
            finish_log(entry->path, &log, &end, of_child ? result : NULL);
        }
        pt_log_release(&log);
    }
}

void pt_run_finish(struct pt_run_news *news, const struct pt_run_result *result, const char *output)
{
    struct stat status;
    /* Where the socket could not be reached (another network namespace), the file tells of itself:
     * it was not there before the program started. */
    if (stat(output, &status) == 0 && S_ISREG(status.st_mode)) {
        pt_run_news_add_log(news, output, (struct pt_run_sender){.uid = -1});
    }
    finish_each(news, result);
}
