/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the command line says. Filled once before the first connection and only read afterwards,
 * except for the counters inside the faults, which are atomic. Strings point into argv.
 */
#ifndef PEER_SETTINGS_H
#define PEER_SETTINGS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "store.h"

enum { COMMAND_LIMIT = 64, COLLECTION_LIMIT = 32 };

/* An error for every Nth event, or for the Nth only, counted over all connections. code 0: no
 * fault. */
struct fault {
    int32_t code;
    bool once;
    uint64_t every;
    _Atomic uint64_t seen;
};

struct command_settings {
    uint64_t
        delay_ns; /* from the request's last byte read to the reply's first byte sent, at least */
    uint64_t document_delay_ns; /* more for each document that is counted */
    uint64_t skipped_delay_ns;  /* more for each document that a find skips */
    uint64_t stall_ns;          /* more when `stall` strikes */
    struct fault stall;
    struct fault fail; /* the whole command answers ok: 0; counted in commands */
    struct fault drop; /* the connection is closed instead of answering; counted in commands */
    struct fault write_concern; /* a writeConcernError inside ok: 1; counted in commands */
    struct fault write_error;   /* a statement answers a writeErrors entry inside ok: 1; counted in
                                   statements */
};

struct collection_settings {
    char name_space[NAMESPACE_BYTES];
    uint64_t count;
    uint64_t document_bytes;
};

struct settings {
    uint16_t port;           /* 0: any free one */
    const char *unix_path;   /* NULL: TCP only */
    const char *replica_set; /* NULL: a standalone server */
    const char *stats_path;  /* NULL: none */
    bool until_eof;
    bool store_writes;
    int32_t max_wire_version;
    int32_t max_write_batch;
    int32_t max_bson_bytes;
    int32_t max_message_bytes;
    uint64_t spin_ns; /* how long a connection looks for its next message before it sleeps */
    uint64_t connect_delay_ns; /* from accept to the first read on a connection */
    struct command_settings commands[COMMAND_LIMIT]; /* by index in the command table */
    struct collection_settings collections[COLLECTION_LIMIT];
    unsigned collection_count;
};

/*
 * Reads the command line. Returns true to go on; false to end with *exit_status (0 after --help, 2
 * after a usage error, which has been explained on standard error).
 */
bool settings_read(struct settings *settings, int argc, char **argv, int *exit_status);

/* True when the fault strikes at this event. */
static inline bool fault_strikes(struct fault *fault)
{
    if (fault->code == 0) {
        return false;
    }
    uint64_t event = atomic_fetch_add_explicit(&fault->seen, 1, memory_order_relaxed) + 1;
    return fault->once ? event == fault->every : event % fault->every == 0;
}

#endif
