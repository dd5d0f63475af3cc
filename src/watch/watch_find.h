/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch_find.h: which logs there are to watch: that of a process, those of a folder, those of all
 * processes that record on this machine.
 *
 * A process is found by the ring that it has in /dev/shm, which names its log. A process whose ring
 * lies elsewhere (PHASETAP_RING=log) is found by the log that its writer thread keeps open. Its
 * memory maps and its environment would tell too, but reading them takes a lock of its address
 * space. Reads only; every byte is untrusted. One thread.
 */
#ifndef PHASETAP_WATCH_FIND_H
#define PHASETAP_WATCH_FIND_H

#include <stdbool.h>
#include <stdint.h>

#include <phasetap/ring_format.h>

#include "intake/liveness.h"
#include "log/log_parts.h"

/* A log as its first document describes it. */
struct pt_watch_found {
    char id[PT_PART_ID_BYTES];
    int64_t part;
    struct pt_ring_owner owner; /* `log_path` is empty */
};

/* 0, or a code of PT_LOG_CODES; PT_LOG_EMPTY also where the first document is not there yet. A log
 * of format version 1 gives PT_LOG_VERSION. */
int pt_watch_identify(const char *path, struct pt_watch_found *ret_found);

/* Called for each ring in /dev/shm whose process lives, with the path of its log. */
typedef void (*pt_watch_ring_handler)(void *context, const struct pt_ring_owner *owner);
void pt_watch_each_ring(pt_watch_ring_handler handler, void *context);

/* The path of the log into which the process records, to be freed; NULL: none was found. `pid`
 * counts in our pid namespace. */
char *pt_watch_log_of(int64_t pid);

/* A process of this number exists. */
bool pt_watch_pid_exists(int64_t pid);

#endif
