/* SPDX-License-Identifier: Apache-2.0 */
/*
 * handles.h: what is known of the driver's objects, by their address: the client that a collection
 * belongs to, the documents left in a cursor's batch, the operations in a bulk.
 *
 * Any thread may add, find and drop; no lock. The object behind one handle is used by one thread at
 * a time, as the driver itself demands. Up to PT_HANDLES_MAX objects at one time; memory is mapped
 * as they come, never allocated by malloc, and inherited by the child of a fork. If there is no
 * room, pt_handle_add returns NULL and counts the loss (log/status.h); the object then works like
 * an unknown one.
 *
 * The life of a handle: pt_handle_add when the driver has made the object; pt_handle_detach before
 * the driver destroys it, since the allocator may hand its address out again at once; and
 * pt_handle_free when the destructor has returned, since its commands still come with the handle.
 * A handle that another one refers to may be freed first, and used again: pt_handle_ref tells.
 */
#ifndef PT_HANDLES_H
#define PT_HANDLES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slab.h"

#define PT_HANDLES_MAX 1048576u /* of 216 bytes; more than any other table for them takes */

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

struct pt_handle;
struct pt_session;

/* Leads to a handle for as long as that is the same object's. Zeroed: to none. */
struct pt_handle_ref {
    struct pt_handle *to;
    unsigned generation;
};

/* Operations of a bulk. */
enum pt_bulk_kind { PT_BULK_inserts, PT_BULK_updates, PT_BULK_deletes, PT_BULK_KINDS };

struct pt_handle {
    struct pt_slab_item item;
    _Atomic(const void *) object;     /* the driver's object; NULL: free, or detached */
    atomic_uint generation;           /* grows whenever the handle changes its object */
    _Atomic(struct pt_handle *) pool; /* of a pooled client: see pt_handle_pool */
    enum pt_handle_kind kind;         /* this and what follows is cleared for each object */
    int driver_number;                /* of the driver that made it: see pt_handle_driver */
    int32_t name_space;               /* id of a namespace, 0: not known */
    struct pt_handle_ref client;      /* of all made from one */
    struct pt_handle *next_detached;  /* of a pool: its clients, while it is being destroyed */
    struct pt_session *session;       /* of a session and a bulk: which; of a client: its newest */
    /* client and pool */
    int32_t number;            /* of a client: `cl` in the log */
    bool connected;            /* a command went through, no network failure since */
    atomic_bool was_connected; /* it has been connected once; of a pool: one of its clients has */
    bool in_doubt;        /* of a client: its last command failed, so the driver may select anew */
    int64_t last_used_ns; /* of a client: when its last command ended */
    int64_t floor_ns;     /* of a client: its shortest command so far; 0: none */
    uint32_t server;      /* of a client: the driver's number of the server it used last, and */
    int32_t server_name;  /* the id of its address in the log */
    int64_t construction_ns; /* spent on it before its first command, not yet in a connection of the
                                log */
    void *monitor;           /* its monitoring context (monitor.h) */
    atomic_bool
        monitored; /* of a pool: what monitors it was set up, at its first pop (monitor_pool.c) */
    atomic_bool registered;   /* of a pool: the one registration that the driver takes is used up */
    bool by_client;           /* of a pool: its clients are registered one by one */
    void *instance;           /* of a pool: where the driver keeps its callbacks; NULL: not known */
    bool pooled;              /* a client that was popped from a pool */
    unsigned pool_generation; /* of that pool's handle */
    atomic_uint clients;      /* of a pool: those that were noted */
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
    int64_t inserts_bytes, updates_bytes, deletes_bytes; /* of the documents appended */
    int32_t runs[PT_BULK_KINDS]; /* groups of equal operations, one behind the other */
    int32_t last_kind;           /* of the operation appended last, plus 1; 0: none */
    bool unordered;              /* goes on behind an operation that fails */
    /* table of monitoring callbacks */
    void *succeeded, *failed; /* the application's own callbacks */
};

/* Finds the handle of `object`, whatever its kind; NULL: not known. */
struct pt_handle *pt_handle_find(const void *object);
/* A fresh handle for `object` (NULL gives NULL), in place of an older one at that address. `driver`
 * made the object: an index of drivers.h, or PT_DRIVER_NONE (pt_original_driver). */
struct pt_handle *pt_handle_add(const void *object, enum pt_handle_kind kind, int driver);
/* The same for an object that was made before: if there was no room for it then, it has been
 * counted. */
struct pt_handle *pt_handle_add_late(const void *object, enum pt_handle_kind kind, int driver);

/* The driver that made the object. Kept as index + 1, so that an empty row says none. */
static inline int pt_handle_driver(const struct pt_handle *handle)
{
    return handle->driver_number - 1;
}

static inline struct pt_handle_ref pt_handle_refer(struct pt_handle *to)
{
    struct pt_handle_ref ref = {to, 0};
    ref.generation = to ? atomic_load_explicit(&to->generation, memory_order_relaxed) : 0;
    return ref;
}

/* NULL: it led to none, or that is gone. */
static inline struct pt_handle *pt_handle_get(struct pt_handle_ref ref)
{
    return ref.to &&
                   atomic_load_explicit(&ref.to->generation, memory_order_relaxed) == ref.generation
               ? ref.to
               : NULL;
}

/* Notes that a client was popped from that pool; NULL: from one that is not known. */
void pt_handle_set_pool(struct pt_handle *client, struct pt_handle *pool);
/* That pool; NULL: not known, gone, or the client is from none. */
static inline struct pt_handle *pt_handle_pool(const struct pt_handle *client)
{
    struct pt_handle_ref ref = {atomic_load_explicit(&client->pool, memory_order_relaxed),
                                client->pool_generation};
    return pt_handle_get(ref);
}

/* From now on nobody finds the handle by the object's address. NULL: the object is not known. */
struct pt_handle *pt_handle_detach(const void *object);
/* The handle of an object that is gone, and those of a pool's clients that were detached with it.
 * NULL: nothing. */
void pt_handle_free(struct pt_handle *handle);
/* Both, for what the driver has destroyed. */
void pt_handle_drop(const void *object);

/* Detaches the clients of a pool that is about to be destroyed: the driver destroys them unseen.
 * They are freed with the pool's handle. NULL: nothing. */
void pt_handle_detach_clients(struct pt_handle *pool);

#endif
