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
#include "log/log_reader.h"
#include "intake/liveness.h"
#include "run/run.h"
#include "text/time_text.h"
#include "text/usage.h"

#define NEWS_BYTES_HIGHEST (1024 * 1024)
#define PADDING            "________"
/* Bytes that a null element takes beside its key. */
#define NULL_ELEMENT_BYTES 2
#define FILLER_BYTES       8

/* What has to be known of a log before it is touched. */
struct log_end {
    int64_t pid;
    bool lives;
    bool has_end, has_run_end;
    int64_t calls;
};

/* "WHY OBJECT". Several processes may tell of the same. */
static void take_unseen(struct pt_run_news *news, const char *text)
{
    char *object = NULL;
    int32_t why = (int32_t)strtol(text, &object, 10);
    object += *object == ' ';
    for (size_t i = 0; i < news->unseen_count; i++) {
        if (news->unseen[i].why == why && strcmp(news->unseen[i].object, object) == 0) {
            return;
        }
    }
    char *copy = news->unseen_count < PT_RUN_UNSEEN_HIGHEST ? strdup(object) : NULL;
    if (copy != NULL) {
        news->unseen[news->unseen_count++] = (struct pt_unseen_driver){.why = why, .object = copy};
    }
}

static void take_line(struct pt_run_news *news, char *line)
{
    if (strcmp(line, "loaded") == 0) {
        news->loaded = true;
    } else if (strncmp(line, "log /", 5) == 0 && news->log_count < PT_RUN_LOGS_HIGHEST) {
        news->logs[news->log_count++] = strdup(line + 4);
    } else if (strncmp(line, "off ", 4) == 0 && news->off_reason == 0) {
        char *end = NULL;
        news->off_reason = (int32_t)strtol(line + 4, &end, 10);
        news->off_pid = strtoll(end, NULL, 10);
    } else if (strncmp(line, "unseen ", 7) == 0) {
        take_unseen(news, line + 7);
    }
}

void pt_run_news_read(struct pt_run_news *news, int handshake)
{
    memset(news, 0, sizeof *news);
    char *text = malloc(NEWS_BYTES_HIGHEST);
    ssize_t length = text != NULL ? pread(handshake, text, NEWS_BYTES_HIGHEST - 1, 0) : 0;
    if (length > 0) {
        text[length] = '\0';
        char *rest = NULL;
        for (char *line = strtok_r(text, "\n", &rest); line != NULL;
             line = strtok_r(NULL, "\n", &rest)) {
            take_line(news, line);
        }
    }
    free(text);
}

void pt_run_news_release(struct pt_run_news *news)
{
    for (size_t i = 0; i < news->log_count; i++) {
        free(news->logs[i]);
    }
    for (size_t i = 0; i < news->unseen_count; i++) {
        free(news->unseen[i].object);
    }
    news->log_count = 0;
    news->unseen_count = 0;
}

static int look(void *context, const struct pt_record *record)
{
    struct log_end *end = context;
    if (record->kind == PT_KIND_MANIFEST && end->pid == 0) {
        char *boot_id = pt_field_text(record, "boot_id");
        end->pid = pt_field_int(record, "pid", 0);
        end->lives = pt_process_lives(end->pid, pt_field_int(record, "start_ticks", 0), boot_id);
        free(boot_id);
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

/* The document and the filler behind it in one write: a log never holds a part of it unless the
 * disk is full, and then as a torn event. */
static bool append_end(int fd, const struct pt_run_result *result)
{
    static const uint8_t filler[FILLER_BYTES] = {8, 0, 0, 0, 0x0A, '_', 0, 0};
    uint8_t bytes[256];
    bson_t document = BSON_INITIALIZER;
    BSON_APPEND_INT32(&document, "k", PT_KIND_RUN_END);
    BSON_APPEND_DATE_TIME(&document, "date", pt_now_ns() / 1000000);
    BSON_APPEND_INT64(&document, "status", result->status);
    BSON_APPEND_INT64(&document, "signal", result->signal);
    pad(&document);
    size_t length = document.len;
    memcpy(bytes, bson_get_data(&document), length);
    memcpy(bytes + length, filler, sizeof filler);
    bson_destroy(&document);
    return write(fd, bytes, length + sizeof filler) == (ssize_t)(length + sizeof filler);
}

/* A new chunk can only begin where one may end. */
static bool at_chunk_border(int fd, uint32_t chunk_bytes)
{
    struct stat status;
    return fstat(fd, &status) == 0 && status.st_size % chunk_bytes == 0;
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
    if (!end->has_end && log->facts.used_bytes < log->facts.file_bytes) {
        good = ftruncate(fd, (off_t)log->facts.used_bytes) == 0;
    }
    if (good && result != NULL && !end->has_run_end && at_chunk_border(fd, log->chunk_bytes)) {
        good = append_end(fd, result);
    }
    if (!good) {
        pt_warn("cannot finalise the log '%s': %s; it is readable as it is", path, strerror(errno));
    }
    close(fd);
}

/* Returns the pid of the log's process, 0 when it could not be read. */
static int64_t look_into(const char *path, struct pt_log *log, struct log_end *end)
{
    *end = (struct log_end){0};
    if (pt_log_open(log, path) != PT_LOG_OK) {
        return 0;
    }
    pt_log_walk(log, look, end);
    pt_log_release(log);
    return end->pid;
}

void pt_run_finish(struct pt_run_news *news, const struct pt_run_result *result)
{
    bool child_told = false;
    /* From the last to the first: when a process replaced itself by exec, how it ended belongs to
     * the last of its logs. */
    for (size_t i = news->log_count; i > 0; i--) {
        struct pt_log log;
        struct log_end end;
        int64_t pid = look_into(news->logs[i - 1], &log, &end);
        news->calls += end.calls;
        if (pid == 0 || end.lives) {
            continue;
        }
        bool of_child = pid == result->pid && !child_told;
        child_told |= of_child;
        finish_log(news->logs[i - 1], &log, &end, of_child ? result : NULL);
    }
}
