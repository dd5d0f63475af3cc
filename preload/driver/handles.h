/* SPDX-License-Identifier: Apache-2.0 */
/*
 * handles.h: what is known of the driver's objects, by their address: the client that a collection
 * belongs to, the documents left in a cursor's batch, the operations in a bulk. A table of fixed
 * size; no allocation, no lock.
 *
 * Any thread may add, find and drop. The object behind one handle is used by one thread at a time,
 * as the driver itself demands. An address is dropped before the driver destroys the object, since
 * the allocator may hand it out again at once. If the table has no room, pt_handle_add returns NULL
 * and counts the loss (log/status.h); the object then works like an unknown one.
 */
#ifndef PT_HANDLES_H
#define PT_HANDLES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum pt_handle_kind {
    PT_HANDLE_FREE = 0,
    PT_HANDLE_CLIENT,
    PT_HANDLE_POOL,
    PT_HANDLE_DATABASE,
    PT_HANDLE_COLLECTION,
    PT_HANDLE_CURSOR,
    PT_HANDLE_BULK,
    PT_HANDLE_SESSION,
    PT_HANDLE_GRIDFS,    /* a GridFS or bucket, a file or list of files of one */
    PT_HANDLE_APM_TABLE, /* an application's table of monitoring callbacks */
};

struct pt_handle {
    _Atomic(const void *) object; /* the driver's object; NULL: free */
    enum pt_handle_kind kind;
    int driver_number;        /* of the driver that made it: see pt_handle_driver */
    int32_t name_space;       /* id of a namespace, 0: not known */
    struct pt_handle *client; /* of all made from one; NULL: not known */
    /* client and pool */
    int32_t number;       /* of a client: `cl` in the log */
    bool connected;       /* a command went through, no network failure since */
    bool was_connected;   /* it has been connected once; of a pool: one of its clients has */
    bool in_doubt;        /* of a client: its last command failed, so the driver may select anew */
    int64_t last_used_ns; /* of a client: when its last command ended */
    int64_t floor_ns;     /* of a client: its shortest command so far; 0: none */
    int64_t construction_ns; /* spent on it before its first command, not yet in a connection of the
                                log */
    void *monitor;           /* its monitoring context (monitor.h) */
    atomic_bool
        monitored; /* of a pool: what monitors it was set up, at its first pop (monitor_pool.c) */
    atomic_bool registered; /* of a pool: the one registration that the driver takes is used up */
    bool by_client;         /* of a pool: its clients are registered one by one */
    void *instance;         /* of a pool: where the driver keeps its callbacks; NULL: not known */
    const void *pool;       /* of a pooled client */
    /* cursor */
    int64_t batch_left;  /* documents of the last batch not handed out yet */
    int32_t first_phase; /* of the call that will send its command, when the command's name does not
                            say it; else 0 */
    bool error_told;     /* its failure is in the log: it stays failed, and every later call says so
                            again */
    bool awaits;         /* tailable: the server holds its getMore back until there is something */
    bool lists;          /* lists indexes, collections or databases: its documents are not data */
    /* bulk */
    int64_t inserts, updates, deletes;
    int64_t bytes; /* of the documents appended */
    /* table of monitoring callbacks */
    void *succeeded, *failed; /* the application's own callbacks */
};

/* Finds the handle of `object`, whatever its kind; NULL: not known. */
struct pt_handle *pt_handle_find(const void *object);
/* A fresh handle for `object` (NULL gives NULL), in place of an older one at that address. `driver`
 * made the object: an index of drivers.h, or PT_DRIVER_NONE (pt_original_driver). */
struct pt_handle *pt_handle_add(const void *object, enum pt_handle_kind kind, int driver);
/* The driver that made the object. Kept as index + 1, so that an empty row says none. */
static inline int pt_handle_driver(const struct pt_handle *handle)
{
    return handle->driver_number - 1;
}
void pt_handle_drop(const void *object);

#endif
