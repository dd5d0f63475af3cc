/* SPDX-License-Identifier: Apache-2.0 */
#include "log/log_walk.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/progress.h"

#define KIND_AT 7

void pt_log_count_damage(struct pt_log *log, uint64_t bytes)
{
    log->facts.damaged_places++;
    log->facts.damaged_bytes += bytes;
}

int pt_log_hand_out(const struct pt_log_walker *walk, const uint8_t *data, uint32_t length,
                    uint64_t offset)
{
    if (length < PT_EVENT_BYTES_LOWEST || !pt_log_has_kind(data)) {
        pt_log_count_damage(walk->log, length);
        return 0;
    }
    struct pt_record record = {.data = data, .length_bytes = length, .offset_bytes = offset};
    memcpy(&record.kind, data + KIND_AT, sizeof record.kind);
    if (pt_layout_check(record.kind, data, length) == PT_LAYOUT_BROKEN) {
        pt_log_count_damage(walk->log, length);
        return 0;
    }
    walk->log->facts.events++;
    return walk->handler(walk->context, &record);
}

/* Of the file, or of the parts of the log. */
static ssize_t read_some(const struct pt_log *log, uint8_t *out, uint64_t bytes, uint64_t offset)
{
    if (log->parts.count == 0) {
        return pread(log->fd, out, bytes, (off_t)offset);
    }
    const struct pt_log_part *part = pt_log_parts_at(&log->parts, offset);
    if (part == NULL) {
        return 0;
    }
    uint64_t from = offset - part->begin_bytes;
    return pread(part->fd, out, bytes < part->bytes - from ? bytes : part->bytes - from,
                 (off_t)from);
}

int64_t pt_log_fill(const struct pt_log *log, uint64_t offset, uint64_t bytes, uint64_t to)
{
    uint64_t done = 0;
    while (done < bytes) {
        ssize_t got = read_some(log, log->buffer + to + done, bytes - done, offset + done);
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
    pt_progress_add((int64_t)done);
    return (int64_t)done;
}
