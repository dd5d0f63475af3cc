/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/handles.h"

#include <stddef.h>

#include "base/own_memory.h"
#include "driver/address_index.h"
#include "log/status.h"

#define PT_FIRST_HANDLES 1024u

static struct pt_handle first_handles[PT_FIRST_HANDLES];
static struct pt_slab handles = PT_SLAB(first_handles, PT_FIRST_HANDLES, PT_HANDLES_MAX);

struct pt_handle *pt_handle_find(const void *object)
{
    struct pt_handle *handle = object ? pt_address_find(object) : NULL;
    /* The object is not, or no longer, in the table, and its place was given to another. */
    if (handle && atomic_load_explicit(&handle->object, memory_order_relaxed) != object) {
        return NULL;
    }
    return handle;
}

/* Whoever refers to the object that had the handle before finds another generation. Only the owner
 * of the handle stores it. */
static void next_generation(struct pt_handle *handle)
{
    unsigned now = atomic_load_explicit(&handle->generation, memory_order_relaxed);
    atomic_store_explicit(&handle->generation, now + 1, memory_order_relaxed);
    atomic_store_explicit(&handle->pool, NULL, memory_order_relaxed);
}

/* All but what others compare at any time. */
static void clear(struct pt_handle *handle)
{
    next_generation(handle);
    pt_clear_own((char *)handle + offsetof(struct pt_handle, kind),
                 sizeof *handle - offsetof(struct pt_handle, kind));
}

static struct pt_handle *new_handle(const void *object)
{
    struct pt_handle *handle = pt_slab_take(&handles);
    if (handle == NULL) {
        return NULL;
    }
    clear(handle);
    atomic_store_explicit(&handle->object, object, memory_order_relaxed);
    if (!pt_address_put(object, handle)) {
        atomic_store_explicit(&handle->object, NULL, memory_order_relaxed);
        pt_slab_give(&handles, handle);
        return NULL;
    }
    return handle;
}

struct pt_handle *pt_handle_add_late(const void *object, enum pt_handle_kind kind, int driver)
{
    struct pt_handle *handle = pt_handle_find(object);
    if (handle) {
        clear(handle);
    } else if (object == NULL || (handle = new_handle(object)) == NULL) {
        return NULL;
    }
    handle->kind = kind;
    handle->driver_number = driver + 1;
    return handle;
}

struct pt_handle *pt_handle_add(const void *object, enum pt_handle_kind kind, int driver)
{
    struct pt_handle *handle = pt_handle_add_late(object, kind, driver);
    if (handle == NULL && object != NULL) {
        pt_status_lose_object();
    }
    return handle;
}

struct pt_handle *pt_handle_detach(const void *object)
{
    struct pt_handle *handle = pt_handle_find(object);
    const void *expected = object;
    /* An object that two threads destroy at once, which is the program's fault, is freed once. */
    if (handle == NULL || !atomic_compare_exchange_strong(&handle->object, &expected, NULL)) {
        return NULL;
    }
    pt_address_remove(object);
    return handle;
}

void pt_handle_free(struct pt_handle *handle)
{
    while (handle) {
        struct pt_handle *next = handle->next_detached;
        handle->kind = PT_HANDLE_FREE;
        next_generation(handle);
        pt_slab_give(&handles, handle);
        handle = next;
    }
}

void pt_handle_drop(const void *object)
{
    pt_handle_free(pt_handle_detach(object));
}

void pt_handle_set_pool(struct pt_handle *client, struct pt_handle *pool)
{
    struct pt_handle_ref ref = pt_handle_refer(pool);
    client->pooled = true;
    client->pool_generation = ref.generation;
    atomic_store_explicit(&client->pool, pool, memory_order_release);
    if (pool) {
        atomic_fetch_add_explicit(&pool->clients, 1, memory_order_relaxed);
    }
}

/* Of a handle that others may be changing only the address and the pool are looked at. */
static bool detach_from(struct pt_handle *pool, struct pt_handle *client)
{
    const void *object = atomic_load_explicit(&client->object, memory_order_relaxed);
    return atomic_load_explicit(&client->pool, memory_order_acquire) == pool &&
           pt_handle_detach(object) == client;
}

void pt_handle_detach_clients(struct pt_handle *pool)
{
    unsigned left = pool ? atomic_load(&pool->clients) : 0;
    uint32_t used = left ? pt_slab_used(&handles) : 0;
    for (uint32_t i = 0; i < used && left > 0; i++) {
        struct pt_handle *client = pt_slab_at(&handles, i);
        if (detach_from(pool, client)) {
            client->next_detached = pool->next_detached;
            pool->next_detached = client;
            left--;
        }
    }
}
