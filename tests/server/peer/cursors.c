/* SPDX-License-Identifier: Apache-2.0 */
/* Scans and cursors; cursors.h is the manual. */
#include "cursors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bson_out.h"
#include "change_events.h"
#include "match.h"
#include "project.h"

/* A reply stays below the largest document a driver takes; 16 KiB are left for what surrounds the
 * batch. */
enum { SLOT_BITS = 20, BATCH_BYTES = 16 * 1024 * 1024 - 16 * 1024 };

/*
 * A filter of just {_id: number}: in an invented collection the document is at that very position.
 * True when it was found so; the walk is over then.
 */
static bool find_by_id(struct scan *scan, struct bson_view *document)
{
    struct bson_walk walk;
    struct bson_element wanted, more;
    bson_walk_begin(&walk, scan->filter);
    if (!bson_walk_next(&walk, &wanted) || strcmp(wanted.key, "_id") != 0 ||
        !bson_element_is_number(&wanted) || bson_walk_next(&walk, &more)) {
        return false;
    }
    int64_t id = bson_element_i64(&wanted, -1);
    if (id < 0 || (uint64_t)id >= scan->collection->count) {
        return false;
    }
    *document = collection_document(scan->collection, (size_t)id);
    if (!match_document(scan->filter, *document)) {
        return false;
    }
    scan->found = (size_t)id;
    scan->position = scan->collection->count;
    return true;
}

static bool find_next(struct scan *scan, struct bson_view *document)
{
    bool all = bson_is_empty(scan->filter);
    if (!all && scan->position == 0 && find_by_id(scan, document)) {
        return true;
    }
    while (scan->position < scan->collection->count) {
        scan->found = scan->position++;
        *document = collection_document(scan->collection, scan->found);
        if (all || match_document(scan->filter, *document)) {
            return true;
        }
    }
    return false;
}

bool scan_next(struct scan *scan, struct bson_view *document)
{
    if (scan->collection == NULL) {
        scan->done = !scan->tailable;
        return false;
    }
    while (!scan->done) {
        if (scan->remaining == 0 || !find_next(scan, document)) {
            scan->done = !scan->tailable;
            return false;
        }
        if (scan->skip > 0) {
            scan->skip--;
        } else {
            scan->remaining -= scan->remaining != UINT64_MAX;
            return true;
        }
    }
    return false;
}

/* Notices the end without looking for another match, so that a full last batch closes the cursor.
 */
static void notice_end(struct scan *scan)
{
    if (scan->tailable) {
        return;
    }
    if (scan->remaining == 0 || scan->collection == NULL ||
        scan->position >= scan->collection->count) {
        scan->done = true;
    }
}

/* Appends the document in the form that the scan gives; returns its length. */
static size_t give(const struct scan *scan, struct bson_out *out, uint32_t index,
                   struct bson_view document)
{
    if (scan->as_changes) {
        return change_event_append(out, index, scan->collection->name_space, scan->found, document);
    }
    if (scan->projection.data != NULL) {
        return project_append(out, index, document, scan->projection);
    }
    bson_out_member(out, index, document);
    return document.len_bytes;
}

uint32_t scan_fill(struct scan *scan, struct bson_out *out, uint64_t batch_limit, uint64_t *bytes)
{
    uint32_t count = 0;
    struct bson_view document;
    *bytes = 0;
    if (scan->collection != NULL) {
        pthread_rwlock_rdlock(&scan->collection->lock);
    }
    size_t start_bytes = out->len_bytes;
    while (count < batch_limit && scan_next(scan, &document)) {
        size_t member_bytes = document.len_bytes + 12;
        if (count > 0 && out->len_bytes - start_bytes + member_bytes > BATCH_BYTES) {
            scan->position--;
            scan->remaining += scan->remaining != UINT64_MAX;
            break;
        }
        *bytes += give(scan, out, count++, document);
    }
    notice_end(scan);
    if (scan->collection != NULL) {
        pthread_rwlock_unlock(&scan->collection->lock);
    }
    return count;
}

bool scan_has_more(const struct scan *scan)
{
    if (scan->collection == NULL) {
        return false;
    }
    pthread_rwlock_rdlock(&scan->collection->lock);
    bool more = scan->position < scan->collection->count;
    pthread_rwlock_unlock(&scan->collection->lock);
    return more;
}

uint64_t scan_count(struct scan *scan)
{
    uint64_t count = 0;
    struct bson_view document;
    if (scan->collection == NULL) {
        return 0;
    }
    pthread_rwlock_rdlock(&scan->collection->lock);
    while (scan_next(scan, &document)) {
        count++;
    }
    pthread_rwlock_unlock(&scan->collection->lock);
    return count;
}

void cursors_init(struct cursors *cursors)
{
    memset(cursors, 0, sizeof *cursors);
    pthread_mutex_init(&cursors->lock, NULL);
}

/* A new cursor in a slot of its own, under the lock; NULL when out of memory or of slots. */
static struct cursor *add_slot(struct cursors *cursors)
{
    if (cursors->count == cursors->capacity) {
        uint32_t capacity = cursors->capacity != 0 ? cursors->capacity * 2 : 64;
        struct cursor **slots = realloc(cursors->slots, capacity * sizeof *slots);
        if (slots == NULL || capacity > 1u << SLOT_BITS) {
            cursors->slots = slots != NULL ? slots : cursors->slots;
            return NULL;
        }
        cursors->slots = slots;
        cursors->capacity = capacity;
    }
    struct cursor *cursor = calloc(1, sizeof *cursor);
    if (cursor != NULL) {
        cursor->slot = cursors->count;
        cursors->slots[cursors->count++] = cursor;
    }
    return cursor;
}

/* The filter and the projection outlive the message in which they came. */
static bool copy_views(struct cursor *cursor, const struct scan *scan)
{
    size_t filter_bytes = scan->filter.len_bytes, projection_bytes = scan->projection.len_bytes;
    if (filter_bytes + projection_bytes > cursor->copy_capacity_bytes) {
        uint8_t *copy = realloc(cursor->copy, filter_bytes + projection_bytes);
        if (copy == NULL) {
            return false;
        }
        cursor->copy = copy;
        cursor->copy_capacity_bytes = filter_bytes + projection_bytes;
    }
    memcpy(cursor->copy, scan->filter.data, filter_bytes);
    cursor->scan.filter.data = cursor->copy;
    if (projection_bytes > 0) {
        memcpy(cursor->copy + filter_bytes, scan->projection.data, projection_bytes);
        cursor->scan.projection.data = cursor->copy + filter_bytes;
    }
    return true;
}

struct cursor *cursors_new(struct cursors *cursors, const struct scan *scan, const char *name_space)
{
    pthread_mutex_lock(&cursors->lock);
    struct cursor *cursor = cursors->free;
    if (cursor != NULL) {
        cursors->free = cursor->next_free;
    } else {
        cursor = add_slot(cursors);
    }
    if (cursor != NULL) {
        cursor->id = ++cursors->serial << SLOT_BITS | cursor->slot;
    }
    pthread_mutex_unlock(&cursors->lock);
    if (cursor == NULL) {
        return NULL;
    }
    cursor->scan = *scan;
    snprintf(cursor->name_space, NAMESPACE_BYTES, "%s", name_space);
    if (!copy_views(cursor, scan)) {
        cursors_release(cursors, cursor);
        return NULL;
    }
    return cursor;
}

struct cursor *cursors_take(struct cursors *cursors, int64_t id)
{
    uint32_t slot = (uint32_t)(id & ((1 << SLOT_BITS) - 1));
    pthread_mutex_lock(&cursors->lock);
    struct cursor *cursor = slot < cursors->count ? cursors->slots[slot] : NULL;
    if (cursor != NULL && (cursor->id != id || !cursor->idle)) {
        cursor = NULL;
    }
    if (cursor != NULL) {
        cursor->idle = false;
    }
    pthread_mutex_unlock(&cursors->lock);
    return cursor;
}

void cursors_put_back(struct cursors *cursors, struct cursor *cursor)
{
    pthread_mutex_lock(&cursors->lock);
    cursor->idle = true;
    pthread_mutex_unlock(&cursors->lock);
}

void cursors_release(struct cursors *cursors, struct cursor *cursor)
{
    pthread_mutex_lock(&cursors->lock);
    cursor->idle = false;
    cursor->next_free = cursors->free;
    cursors->free = cursor;
    pthread_mutex_unlock(&cursors->lock);
}
