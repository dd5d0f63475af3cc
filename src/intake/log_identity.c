/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/log_identity.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <phasetap/log_format.h>

#include "base/saturate.h"
#include "log/bson_field.h"
#include "log/log_reader.h"

#define COMPARED_BYTES 65536
#define FNV_START      14695981039346656037u
#define FNV_FACTOR     1099511628211u

static uint64_t hash_of(const uint8_t *bytes, size_t count)
{
    uint64_t hash = FNV_START;
    for (size_t i = 0; i < count; i++) {
        hash = (hash ^ bytes[i]) * FNV_FACTOR;
    }
    return hash;
}

static struct pt_process_id process_id(const struct pt_record *manifest, const char *pid,
                                       const char *ticks)
{
    return (struct pt_process_id){pt_field_int(manifest, pid, 0), pt_field_int(manifest, ticks, 0)};
}

/* Ends the walk: the manifest is the first document. */
static int take_manifest(void *context, const struct pt_record *record)
{
    struct pt_log_identity *log = context;
    int64_t opened_ns = pt_field_int(record, "t", 0);
    int64_t age_ns = pt_sub(opened_ns, pt_field_int(record, "start", opened_ns));
    log->run = pt_field_text(record, "run");
    log->boot_id = pt_field_text(record, "boot_id");
    log->program = pt_field_text(record, "program");
    log->trace_id = pt_field_text(record, "trace_id");
    log->parent_span_id = pt_field_text(record, "parent_span_id");
    log->process = process_id(record, "pid", "start_ticks");
    log->parent = process_id(record, "ppid", "parent_ticks");
    log->grandparent = process_id(record, "grandparent", "grandparent_ticks");
    log->pid_namespace = pt_field_int(record, "pid_ns", 0);
    log->start_ns = pt_sub(pt_field_int(record, "realtime_ns", 0), age_ns);
    log->head_bytes = record->length_bytes;
    log->head_hash = hash_of(record->data, record->length_bytes);
    return 1;
}

static bool keep_place(struct pt_log_identity *identity, const char *path, const struct pt_log *log)
{
    struct stat status;
    if (fstat(log->fd, &status) == 0) {
        identity->device = (uint64_t)status.st_dev;
        identity->inode = (uint64_t)status.st_ino;
    }
    identity->bytes = log->facts.file_bytes;
    identity->version = log->version;
    identity->path = strdup(path);
    return identity->path != NULL;
}

int pt_log_identify(struct pt_log_identity *ret_log, const char *path)
{
    struct pt_log log;
    *ret_log = (struct pt_log_identity){.run_number = -1};
    int code = pt_log_open(&log, path);
    if (code != PT_LOG_OK) {
        return code;
    }
    if (keep_place(ret_log, path, &log)) {
        (void)pt_log_walk(&log, take_manifest, ret_log);
    } else {
        code = PT_LOG_MEMORY;
    }
    pt_log_release(&log);
    return code;
}

void pt_log_identity_release(struct pt_log_identity *log)
{
    free(log->path);
    free(log->run);
    free(log->boot_id);
    free(log->program);
    free(log->trace_id);
    free(log->parent_span_id);
    *log = (struct pt_log_identity){.run_number = -1};
}

static size_t read_behind(const struct pt_log_identity *log, uint8_t *bytes)
{
    int fd = open(log->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    ssize_t got = fd >= 0 ? pread(fd, bytes, COMPARED_BYTES, (off_t)log->head_bytes) : 0;
    if (fd >= 0) {
        close(fd);
    }
    return got > 0 ? (size_t)got : 0;
}

/* What follows the manifest is the same, as far as both go. In version 1 the status behind it
 * changes in place. */
static bool goes_on_alike(const struct pt_log_identity *a, const struct pt_log_identity *b)
{
    uint8_t *bytes = malloc((size_t)2 * COMPARED_BYTES);
    if (bytes == NULL || a->version == PT_FORMAT_CHUNKS) {
        free(bytes);
        return a->version == PT_FORMAT_CHUNKS;
    }
    size_t first = read_behind(a, bytes);
    size_t second = read_behind(b, bytes + COMPARED_BYTES);
    bool alike = memcmp(bytes, bytes + COMPARED_BYTES, first < second ? first : second) == 0;
    free(bytes);
    return alike;
}

bool pt_log_is_same(const struct pt_log_identity *a, const struct pt_log_identity *b)
{
    if (a->inode != 0 && a->inode == b->inode && a->device == b->device) {
        return true;
    }
    return a->head_bytes == b->head_bytes && a->head_hash == b->head_hash && goes_on_alike(a, b);
}

static bool same_text(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static bool same_process(const struct pt_process_id *a, const struct pt_process_id *b)
{
    return a->pid > 0 && a->start_ticks > 0 && a->pid == b->pid && a->start_ticks == b->start_ticks;
}

bool pt_log_is_same_run(const struct pt_log_identity *a, const struct pt_log_identity *b)
{
    if (same_text(a->run, b->run)) {
        return true;
    }
    if (!same_text(a->boot_id, b->boot_id) || a->pid_namespace != b->pid_namespace) {
        return false;
    }
    return same_process(&a->process, &b->process) || same_process(&a->process, &b->parent) ||
           same_process(&a->process, &b->grandparent) || same_process(&a->parent, &b->process) ||
           same_process(&a->grandparent, &b->process);
}
