/* SPDX-License-Identifier: Apache-2.0 */
#include "log/log_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/bson_field.h"

/* Small enough to stay in the second-level cache, where copying costs half of what it does beyond.
 */
#define BUFFER_BYTES        (128u * 1024u)
#define CHUNK_BYTES_LOWEST  4096u
#define CHUNK_BYTES_HIGHEST (16u * 1024u * 1024u)
/* The smallest document with a kind: length, type, "k", int32, end. */
#define EVENT_BYTES_LOWEST 12u
#define KIND_AT            7

/* One walk: the log, whom to tell, and where in the file the buffer begins. */
struct walk {
    struct pt_log *log;
    pt_record_handler handler;
    void *context;
};

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

static uint32_t length_at(const uint8_t *data)
{
    uint32_t length;
    memcpy(&length, data, sizeof length);
    return length;
}

/* The first element is int32 "k" in an event, and has the key "_" in a filler. */
static bool has_kind(const uint8_t *data)
{
    return data[4] == 0x10 && data[5] == 'k' && data[6] == 0;
}

static bool is_filler(const uint8_t *data)
{
    return data[5] == '_' && data[6] == 0;
}

static void count_damage(struct pt_log *log, uint64_t bytes)
{
    log->facts.damaged_places++;
    log->facts.damaged_bytes += bytes;
}

/* A document whose length fits. What is in it is checked here; the caller goes on behind it
 * whatever comes out. */
static int hand_out(const struct walk *walk, const uint8_t *data, uint32_t length, uint64_t offset)
{
    if (length < EVENT_BYTES_LOWEST || !has_kind(data)) {
        count_damage(walk->log, length);
        return 0;
    }
    struct pt_record record = {.data = data, .length_bytes = length, .offset_bytes = offset};
    memcpy(&record.kind, data + KIND_AT, sizeof record.kind);
    if (pt_layout_check(record.kind, data, length) == PT_LAYOUT_BROKEN) {
        count_damage(walk->log, length);
        return 0;
    }
    walk->log->facts.events++;
    return walk->handler(walk->context, &record);
}

/* A word of length equal to the room left is the filler, or an event whose length was not stored
 * yet. */
static void count_last(struct pt_log *log, const uint8_t *data)
{
    if (is_filler(data)) {
        log->facts.fillers++;
    } else {
        log->facts.torn++;
    }
}

/* FORMAT.md, "Reading at a position". `bytes` is at most a chunk,
 * less at the end of the file. */
static int walk_chunk(const struct walk *walk, const uint8_t *chunk, uint64_t bytes,
                      uint64_t offset)
{
    uint64_t at = 0;
    while (bytes - at >= PT_ALIGN_BYTES) {
        uint64_t left = bytes - at;
        uint32_t length = length_at(chunk + at);
        if (length == 0 && at == 0) { /* not begun */
            return 0;
        }
        if (length == left) {
            count_last(walk->log, chunk + at);
            return 0;
        }
        bool fits = length >= PT_ALIGN_BYTES && length <= left - PT_ALIGN_BYTES &&
                    length % PT_ALIGN_BYTES == 0;
        if (!fits || chunk[at + length - 1] != 0) {
            break;
        }
        int status = hand_out(walk, chunk + at, length, offset + at);
        if (status != 0) {
            return status;
        }
        at += length;
    }
    if (bytes > at) {
        count_damage(walk->log, bytes - at);
    }
    return 0;
}

static bool is_hole(const uint8_t *chunk, uint64_t bytes)
{
    return bytes >= sizeof(uint32_t) && length_at(chunk) == 0;
}

/* The chunks of a filled buffer. `*ret_hole` says that the last one was a hole. */
static int walk_buffer(const struct walk *walk, uint64_t bytes, uint64_t offset, bool *ret_hole)
{
    struct pt_log *log = walk->log;
    for (uint64_t at = 0; at < bytes; at += log->chunk_bytes) {
        uint64_t room = bytes - at < log->chunk_bytes ? bytes - at : log->chunk_bytes;
        *ret_hole = is_hole(log->buffer + at, room);
        if (*ret_hole) {
            continue;
        }
        log->facts.used_bytes = offset + at + room;
        int status = walk_chunk(walk, log->buffer + at, room, offset + at);
        if (status != 0) {
            return status;
        }
    }
    return 0;
}

/* Reads up to `bytes`; fewer come back at the end of the file, also when it was cut meanwhile.
 * Negative: an error. */
static int64_t fill_buffer(const struct pt_log *log, uint64_t offset, uint64_t bytes)
{
    uint64_t done = 0;
    while (done < bytes) {
        ssize_t got = pread(log->fd, log->buffer + done, bytes - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return PT_LOG_READ;
        }
        if (got == 0) {
            break;
        }
        done += (uint64_t)got;
    }
    return (int64_t)done;
}

/* The hole of a killed process may be gigabytes: the file system knows where the next data is.
 * Falls back to reading on. */
static uint64_t skip_hole(const struct pt_log *log, uint64_t offset)
{
    off_t data = lseek(log->fd, (off_t)offset, SEEK_DATA);
    if (data < 0) {
        return errno == ENXIO ? log->facts.file_bytes : offset;
    }
    uint64_t chunk_start = (uint64_t)data - (uint64_t)data % log->chunk_bytes;
    return chunk_start > offset ? chunk_start : offset;
}

int pt_log_walk(struct pt_log *log, pt_record_handler handler, void *context)
{
    struct walk walk = {.log = log, .handler = handler, .context = context};
    uint64_t size = log->facts.file_bytes;
    log->facts = (struct pt_log_facts){.file_bytes = size};
    bool hole = false;
    for (uint64_t offset = 0; offset < size;) {
        uint64_t wanted = size - offset < log->buffer_bytes ? size - offset : log->buffer_bytes;
        int64_t got = fill_buffer(log, offset, wanted);
        if (got <= 0) {
            return (int)got;
        }
        int status = walk_buffer(&walk, (uint64_t)got, offset, &hole);
        if (status != 0) {
            return status;
        }
        offset += (uint64_t)got;
        if (hole && offset < size) {
            offset = skip_hole(log, offset);
        }
    }
    return 0;
}

static bool chunk_bytes_ok(int64_t bytes)
{
    return bytes >= CHUNK_BYTES_LOWEST && bytes <= CHUNK_BYTES_HIGHEST &&
           bytes % PT_ALIGN_BYTES == 0;
}

/* The manifest is the first document; it says how long chunks are. */
static int read_manifest(struct pt_log *log, uint64_t bytes)
{
    uint32_t length = bytes >= EVENT_BYTES_LOWEST ? length_at(log->buffer) : 0;
    if (length < EVENT_BYTES_LOWEST || length > bytes || !has_kind(log->buffer)) {
        return PT_LOG_NOT_LOG;
    }
    struct pt_record record = {.data = log->buffer, .length_bytes = length};
    char *format = pt_field_text(&record, "format");
    bool known = format != NULL && strcmp(format, PT_LOG_MAGIC) == 0;
    free(format);
    if (!known || pt_field_int(&record, "k", 0) != PT_KIND_MANIFEST) {
        return PT_LOG_NOT_LOG;
    }
    if (pt_field_int(&record, "version", 0) != PT_FORMAT_VERSION) {
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
    uint64_t chunks = BUFFER_BYTES / log->chunk_bytes;
    log->buffer_bytes = (chunks > 0 ? chunks : 1) * log->chunk_bytes;
    uint8_t *larger = realloc(log->buffer, log->buffer_bytes);
    if (larger == NULL) {
        return PT_LOG_MEMORY;
    }
    log->buffer = larger;
    return PT_LOG_OK;
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
    log->buffer = malloc(BUFFER_BYTES);
    if (log->buffer == NULL) {
        return PT_LOG_MEMORY;
    }
    uint64_t wanted = log->facts.file_bytes < BUFFER_BYTES ? log->facts.file_bytes : BUFFER_BYTES;
    int64_t got = fill_buffer(log, 0, wanted);
    if (got < 0) {
        return (int)got;
    }
    int code = read_manifest(log, (uint64_t)got);
    return code != PT_LOG_OK ? code : fit_buffer(log);
}

int pt_log_open(struct pt_log *log, const char *path)
{
    *log = (struct pt_log){.fd = -1};
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
    log->buffer = NULL;
    if (log->fd >= 0) {
        close(log->fd);
        log->fd = -1;
    }
}
