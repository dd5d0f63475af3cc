/* SPDX-License-Identifier: Apache-2.0 */
#include "log/log_follow.h"

#include "log/log_stream.h"

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

bool pt_log_goes_on(const struct pt_log *log, const struct pt_log_place *place)
{
    int64_t wanted = place->part > 0 ? place->part : 1;
    if (log->parts.count == 0) {
        return log->part == wanted;
    }
    for (size_t i = 0; i < log->parts.count; i++) {
        wanted += log->parts.list[i].number == wanted;
    }
    return wanted == log->part + 1;
}

/* A part that is gone: the next one that is there begins. */
static uint64_t offset_of(const struct pt_log *log, const struct pt_log_place *place)
{
    if (log->parts.count == 0) {
        return log->part == place->part ? least(place->offset_bytes, log->end_bytes) : 0;
    }
    for (size_t i = 0; i < log->parts.count; i++) {
        const struct pt_log_part *part = &log->parts.list[i];
        if (part->number == place->part) {
            return part->begin_bytes + least(place->offset_bytes, part->bytes);
        }
        if (part->number > place->part) {
            return part->begin_bytes;
        }
    }
    return log->end_bytes;
}

static struct pt_log_place place_of(const struct pt_log *log, uint64_t offset)
{
    struct pt_log_place place = {.part = log->part, .offset_bytes = offset};
    for (size_t i = 0; i < log->parts.count && log->parts.list[i].begin_bytes <= offset; i++) {
        place.part = log->parts.list[i].number;
        place.offset_bytes = offset - log->parts.list[i].begin_bytes;
    }
    return place;
}

int pt_log_walk_new(struct pt_log *log, struct pt_log_place *place, pt_record_handler handler,
                    void *context)
{
    uint64_t next;
    int status = pt_log_walk_file(log, offset_of(log, place), &next, handler, context);
    if (status == 0) {
        *place = place_of(log, next);
    }
    return status;
}
