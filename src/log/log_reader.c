/* SPDX-License-Identifier: Apache-2.0 */
#include "log/log_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/bson_field.h"
#include "log/log_stream.h"
#include "log/log_walk.h"

/* Small enough to stay in the second-level cache, where copying costs half of what it does beyond.
 */
#define BUFFER_BYTES        (128u * 1024u)
#define CHUNK_BYTES_LOWEST  4096u
#define CHUNK_BYTES_HIGHEST (16u * 1024u * 1024u)

const char *pt_log_text(int code)
{
    switch (code) {
#define TEXT_CASE(name, number, text)                                                              \
    case PT_LOG_##name:                                                                            \
        return text;
        PT_LOG_CODES(TEXT_CASE)
    default:
        return "no error";
    }
}

static bool chunk_bytes_ok(int64_t bytes)
{
    return bytes >= CHUNK_BYTES_LOWEST && bytes <= CHUNK_BYTES_HIGHEST &&
           bytes % PT_ALIGN_BYTES == 0;
}

/* The manifest is the first document; it says how the rest is to be read. */
static int read_manifest(struct pt_log *log, uint64_t bytes)
{
    uint32_t length = bytes >= PT_EVENT_BYTES_LOWEST ? pt_log_length_at(log->buffer) : 0;
    if (length < PT_EVENT_BYTES_LOWEST || length > bytes || !pt_log_has_kind(log->buffer)) {
        return PT_LOG_NOT_LOG;
    }
    struct pt_record record = {.data = log->buffer, .length_bytes = length};
    char *format = pt_field_text(&record, "format");
    bool known = format != NULL && strcmp(format, PT_LOG_MAGIC) == 0;
    free(format);
    if (!known || pt_field_int(&record, "k", 0) != PT_KIND_MANIFEST) {
        return PT_LOG_NOT_LOG;
    }
    log->version = pt_field_int(&record, "version", 0);
    if (log->version == PT_FORMAT_VERSION) {
        log->ring_id = pt_field_text(&record, "ring");
        log->part = pt_field_int(&record, "part", 1);
        return PT_LOG_OK;
    }
    if (log->version != PT_FORMAT_CHUNKS) {
        return PT_LOG_VERSION;
    }
    int64_t chunk_bytes = pt_field_int(&record, "chunk_bytes", 0);
    if (!chunk_bytes_ok(chunk_bytes)) {
        return PT_LOG_NOT_LOG;
    }
    log->chunk_bytes = (uint32_t)chunk_bytes;
    return PT_LOG_OK;
}

/* A buffer of whole chunks; the first one was only for the manifest. */
static int fit_buffer(struct pt_log *log)
{
    if (log->version != PT_FORMAT_CHUNKS) {
        return PT_LOG_OK;
    }
    uint64_t chunks = BUFFER_BYTES / log->chunk_bytes;
    log->buffer_bytes = (chunks > 0 ? chunks : 1) * log->chunk_bytes;
    uint8_t *larger = realloc(log->buffer, log->buffer_bytes);
    if (larger == NULL) {
        return PT_LOG_MEMORY;
    }
    log->buffer = larger;
    return PT_LOG_OK;
}

/* What counts of the log: all of it, or what its ring says. The ring is read first: what leaves it
 * later is in the log by the time that the log's size is asked for. */
static void find_ring(struct pt_log *log, const char *path)
{
    struct stat status;
    bool found = log->ring_id != NULL && pt_ring_copy_read(&log->ring, path, log->ring_id);
    if (fstat(log->fd, &status) == 0) {
        log->facts.file_bytes = (uint64_t)status.st_size;
    }
    log->end_bytes = log->facts.file_bytes;
    if (found && log->ring.part > log->part) { /* its events follow a newer part */
        pt_ring_copy_release(&log->ring);
        found = false;
    }
    if (found && log->ring.part == log->part && log->ring.committed_bytes < log->end_bytes) {
        log->end_bytes = log->ring.committed_bytes;
    }
}

/* Another file may have the log's name by now. */
static void take_own_file(const struct pt_log *log, struct pt_log_part *own)
{
    if (own->fd >= 0) {
        close(own->fd);
    }
    own->fd = fcntl(log->fd, F_DUPFD_CLOEXEC, 0);
    own->bytes = log->end_bytes;
}

/* The log's bytes are those of all its parts. A process that was killed while it began a part has
 * events for the one before. */
static void find_parts(struct pt_log *log, const char *path)
{
    bool of_older = log->ring.path != NULL && log->ring.part < log->part;
    if (log->part <= log->from_part && !of_older) {
        return;
    }
    pt_log_parts_find(&log->parts, path, log->ring_id != NULL ? log->ring_id : "", log->part);
    if (log->parts.count == 0) {
        return;
    }
    take_own_file(log, &log->parts.list[log->parts.count - 1]);
    struct pt_log_part *appended = pt_log_parts_numbered(&log->parts, log->ring.part);
    if (log->ring.path != NULL && appended != NULL && log->ring.committed_bytes < appended->bytes) {
        appended->bytes = log->ring.committed_bytes;
    }
    log->end_bytes = log->facts.file_bytes = pt_log_parts_lay_out(&log->parts);
}

static int open_checked(struct pt_log *log, const char *path)
{
    struct stat status;
    /* Not to hang on a fifo, the type is looked at before anything is read. */
    log->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (log->fd < 0 || fstat(log->fd, &status) != 0) {
        return PT_LOG_OPEN;
    }
    if (!S_ISREG(status.st_mode)) {
        return PT_LOG_NOT_FILE;
    }
    if (status.st_size == 0) {
        return PT_LOG_EMPTY;
    }
    log->facts.file_bytes = (uint64_t)status.st_size;
    log->buffer_bytes = BUFFER_BYTES;
    log->buffer = malloc(BUFFER_BYTES);
    if (log->buffer == NULL) {
        return PT_LOG_MEMORY;
    }
    uint64_t wanted = log->facts.file_bytes < BUFFER_BYTES ? log->facts.file_bytes : BUFFER_BYTES;
    int64_t got = pt_log_fill(log, 0, wanted, 0);
    if (got < 0) {
        return (int)got;
    }
    int code = read_manifest(log, (uint64_t)got);
    if (code == PT_LOG_OK) {
        find_ring(log, path);
        find_parts(log, path);
        code = fit_buffer(log);
    }
    return code;
}

int pt_log_walk(struct pt_log *log, pt_record_handler handler, void *context)
{
    log->facts = (struct pt_log_facts){
        .file_bytes = log->facts.file_bytes,
        .missing_parts = log->parts.missing > 0 ? (uint64_t)log->parts.missing : 0};
    return log->version == PT_FORMAT_CHUNKS ? pt_log_walk_chunks(log, handler, context)
                                            : pt_log_walk_stream(log, handler, context);
}

int pt_log_open(struct pt_log *log, const char *path)
{
    return pt_log_open_from(log, path, 0);
}

int pt_log_open_from(struct pt_log *log, const char *path, int64_t part)
{
    *log = (struct pt_log){.fd = -1, .from_part = part};
    int code = open_checked(log, path);
    if (code != PT_LOG_OK) {
        int saved = errno;
        pt_log_release(log);
        errno = saved;
    }
    return code;
}

void pt_log_release(struct pt_log *log)
{
    free(log->buffer);
    free(log->ring_id);
    pt_ring_copy_release(&log->ring);
    pt_log_parts_release(&log->parts);
    log->buffer = NULL;
    log->ring_id = NULL;
    if (log->fd >= 0) {
        close(log->fd);
        log->fd = -1;
    }
}
