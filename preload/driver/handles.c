/* SPDX-License-Identifier: Apache-2.0 */
/* A set-associative table: an address may stand in any of eight places of the set that its hash
 * names, so a search never runs on. */
#include "driver/handles.h"

#include "log/status.h"

#include <stddef.h>
#include <string.h>

#define PT_SETS 2048u
#define PT_WAYS 8u

static struct pt_handle table[PT_SETS][PT_WAYS];

static struct pt_handle *set_of(const void *object)
{
    uint64_t hash =
        (uint64_t)(uintptr_t)object *
        0x9E3779B97F4A7C15u; /* Fibonacci hashing: addresses differ in their middle bits */
    return table[(hash >> 40) % PT_SETS];
}

struct pt_handle *pt_handle_find(const void *object)
{
    if (object == NULL) {
        return NULL;
    }
    struct pt_handle *set = set_of(object);
    for (unsigned way = 0; way < PT_WAYS; way++) {
        if (atomic_load_explicit(&set[way].object, memory_order_acquire) == object) {
            return &set[way];
        }
    }
    return NULL;
}

static struct pt_handle *claim(const void *object)
{
    struct pt_handle *set = set_of(object);
    for (unsigned way = 0; way < PT_WAYS; way++) {
        const void *expected = NULL;
        if (atomic_compare_exchange_strong(&set[way].object, &expected, object)) {
            return &set[way];
        }
    }
    pt_status_lose_object();
    return NULL;
}

struct pt_handle *pt_handle_add(const void *object, enum pt_handle_kind kind, int driver)
{
    if (object == NULL) {
        return NULL;
    }
    struct pt_handle *handle = pt_handle_find(object);
    if (handle == NULL && (handle = claim(object)) == NULL) {
        return NULL;
    }
    /* Everything but the address, which others compare at any time. */
    memset((char *)handle + sizeof handle->object, 0, sizeof *handle - sizeof handle->object);
    handle->kind = kind;
    handle->driver_number = driver + 1;
    return handle;
}

void pt_handle_drop(const void *object)
{
    struct pt_handle *handle = pt_handle_find(object);
    if (handle) {
        handle->kind = PT_HANDLE_FREE;
        atomic_store_explicit(&handle->object, NULL, memory_order_release);
    }
}
