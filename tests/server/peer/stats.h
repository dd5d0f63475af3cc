/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts of what the peer received and sent: an independent number to hold a profiler against.
 *
 * Any thread adds with relaxed atomics; a reader sees each counter whole, but not all of one
 * moment. documents and bytes mean, by command: insert                       documents received and
 * the sum of their lengths update, delete               statements received and the sum of the
 * statements' lengths bulkWrite                    operations received and the sum of their lengths
 *   find, getMore, aggregate     documents sent back and the sum of their lengths
 * Each reply to a getMore that allows exhaust counts as one getMore. A command that --drop hits
 * counts as failed.
 */
#ifndef PEER_STATS_H
#define PEER_STATS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "settings.h"

struct bson_out;

struct command_counts {
    _Atomic uint64_t commands;
    _Atomic uint64_t failed; /* answered ok: 0 */
    _Atomic uint64_t documents;
    _Atomic uint64_t bytes;
    _Atomic uint64_t service_ns; /* request read to reply ready, ordered delays included */
};

struct stats {
    struct command_counts commands[COMMAND_LIMIT]; /* by index in the command table */
    struct command_counts unknown;                 /* commands that the table does not have */
    _Atomic uint64_t connections;
    _Atomic uint64_t connections_open;
    _Atomic uint64_t received_bytes;
    _Atomic uint64_t sent_bytes;
};

static inline void stats_add(_Atomic uint64_t *counter, uint64_t amount)
{
    atomic_fetch_add_explicit(counter, amount, memory_order_relaxed);
}

/* Appends the counts as fields; commands never received are left out. */
void stats_append(struct stats *stats, struct bson_out *out);
/* Sets everything but connections_open back to 0. */
void stats_reset(struct stats *stats);
/* Writes the same as JSON, whole or not at all (a new file takes the old one's place). False: errno
 * says why. */
bool stats_save(struct stats *stats, const char *path);

#endif
