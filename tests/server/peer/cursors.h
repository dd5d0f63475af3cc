/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walking a collection, and the cursors that remember where a walk stopped between two messages.
 *
 * A scan belongs to one thread. Cursors are shared: one is taken out of the table, used by one
 * thread, and then put back or released. Cursor memory is reused, never given back.
 */
#ifndef PEER_CURSORS_H
#define PEER_CURSORS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bson_in.h"
#include "store.h"

struct bson_out;

struct scan {
    struct collection *collection; /* NULL: there is none, the scan is empty */
    struct bson_view filter;
    struct bson_view projection; /* data NULL: documents are given whole */
    size_t position;             /* next document to look at */
    size_t found;                /* where the document is that scan_next gave last */
    uint64_t skip;               /* matching documents still to pass over */
    uint64_t remaining;          /* matching documents still to give; UINT64_MAX: all */
    bool done;
    bool tailable;   /* never done: documents that come later are found by a later fill */
    bool awaits;     /* a fill is worth waiting for documents to come */
    bool as_changes; /* each document is given as the event of its insertion */
};

/* The next matching document. The collection's read lock is held by the caller. */
bool scan_next(struct scan *scan, struct bson_view *document);

/*
 * Appends matching documents as members of the array that is open in `out`, up to batch_limit of
 * them and about 16 MiB. Takes the collection's read lock. Returns the number; *bytes is the sum of
 * their lengths.
 */
uint32_t scan_fill(struct scan *scan, struct bson_out *out, uint64_t batch_limit, uint64_t *bytes);

/* True when there is a document that the scan has not looked at yet. Takes the read lock. */
bool scan_has_more(const struct scan *scan);

/* How many match, the scan's skip and remaining considered. Takes the read lock. */
uint64_t scan_count(struct scan *scan);

struct cursor {
    int64_t id;
    struct scan scan; /* its filter and projection point into the copy */
    char name_space[NAMESPACE_BYTES];
    uint8_t *copy;
    size_t copy_capacity_bytes;
    uint32_t slot;
    bool idle; /* in the table and not in use by a thread */
    struct cursor *next_free;
};

struct cursors {
    pthread_mutex_t lock;
    struct cursor **slots;
    uint32_t count;
    uint32_t capacity;
    struct cursor *free;
    int64_t serial; /* makes ids of reused slots differ */
};

void cursors_init(struct cursors *cursors);
/* A cursor that goes on where the scan stands, in use by the caller; NULL when out of memory. */
struct cursor *cursors_new(struct cursors *cursors, const struct scan *scan,
                           const char *name_space);
/* NULL: no such cursor, or another thread uses it. */
struct cursor *cursors_take(struct cursors *cursors, int64_t id);
void cursors_put_back(struct cursors *cursors, struct cursor *cursor);
void cursors_release(struct cursors *cursors, struct cursor *cursor);

#endif
