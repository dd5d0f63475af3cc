/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log_walk.h: how the walkers of the two format versions read and hand out documents. For
 * log_reader.c, log_chunks.c, log_stream.c alone.
 */
#ifndef PHASETAP_LOG_WALK_H
#define PHASETAP_LOG_WALK_H

#include "log/log_state.h"

/* The smallest document with a kind: length, type, "k", int32, end. */
#define PT_EVENT_BYTES_LOWEST 12u

/* One walk: the log, and whom to hand its documents. */
struct pt_log_walker {
    struct pt_log *log;
    pt_record_handler handler;
    void *context;
};

static inline uint32_t pt_log_length_at(const uint8_t *data)
{
    uint32_t length;
    __builtin_memcpy(&length, data, sizeof length);
    return length;
}

/* The first element is int32 "k" in an event. */
static inline bool pt_log_has_kind(const uint8_t *data)
{
    return data[4] == 0x10 && data[5] == 'k' && data[6] == 0;
}

void pt_log_count_damage(struct pt_log *log, uint64_t bytes);

/* A document whose length fits. What is in it is checked here; the caller goes on behind it
 * whatever comes out. */
int pt_log_hand_out(const struct pt_log_walker *walk, const uint8_t *data, uint32_t length,
                    uint64_t offset);

/* Reads up to `bytes` at `offset` to the buffer's byte `to`; fewer come back at the end of the
 * file, also when it was cut meanwhile. Negative: an error. */
int64_t pt_log_fill(const struct pt_log *log, uint64_t offset, uint64_t bytes, uint64_t to);

int pt_log_walk_chunks(struct pt_log *log, pt_record_handler handler, void *context);

#endif
