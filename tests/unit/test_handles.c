/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of the driver's objects: found by address, growing with them, without memory no harm,
 * a handle usable until it is freed, and all of it by threads at once.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/resource.h>

#include "driver/drivers.h"
#include "driver/handles.h"
#include "log/status.h"

static char objects[200000];

Test(handles, null_is_no_object)
{
    cr_assert(eq(ptr, pt_handle_find(NULL), NULL));
    cr_assert(eq(ptr, pt_handle_add(NULL, PT_HANDLE_CURSOR, PT_DRIVER_NONE), NULL));
    pt_handle_drop(NULL);
    cr_assert(eq(i64, pt_status_objects_lost(), 0));
}

Test(handles, add_find_drop)
{
    struct pt_handle *handle = pt_handle_add(&objects[0], PT_HANDLE_CURSOR, PT_DRIVER_NONE);
    cr_assert(ne(ptr, handle, NULL));
    cr_assert(eq(int, (int)handle->kind, PT_HANDLE_CURSOR));
    cr_assert(eq(ptr, pt_handle_find(&objects[0]), handle));
    cr_assert(eq(ptr, pt_handle_find(&objects[16]), NULL));
    pt_handle_drop(&objects[0]);
    cr_assert(eq(ptr, pt_handle_find(&objects[0]), NULL));
    pt_handle_drop(&objects[0]);
}

/* The allocator hands an address out again: nothing of the old object may be left. */
Test(handles, an_address_used_again_begins_anew)
{
    struct pt_handle *handle = pt_handle_add(&objects[0], PT_HANDLE_CURSOR, PT_DRIVER_NONE);
    cr_assert(ne(ptr, handle, NULL));
    handle->batch_left = 9;
    handle->name_space = 70;
    handle->connected = true;
    cr_assert(eq(ptr, pt_handle_add(&objects[0], PT_HANDLE_BULK, PT_DRIVER_NONE), handle));
    cr_assert(eq(int, (int)handle->kind, PT_HANDLE_BULK));
    cr_assert(eq(i64, handle->batch_left, 0));
    cr_assert(eq(int, handle->name_space, 0));
    cr_assert(not(handle->connected));
}

/* Adds objects four bytes apart until there are `count`; how many got a handle. */
static int64_t add_many(size_t count)
{
    int64_t added = 0;
    for (size_t i = 0; i < count; i++) {
        added += pt_handle_add(&objects[i * 4], PT_HANDLE_COLLECTION, PT_DRIVER_NONE) != NULL;
    }
    return added;
}

static int64_t drop_many(size_t count)
{
    int64_t found = 0;
    for (size_t i = 0; i < count; i++) {
        found += pt_handle_find(&objects[i * 4]) != NULL;
        pt_handle_drop(&objects[i * 4]);
        cr_expect(eq(ptr, pt_handle_find(&objects[i * 4]), NULL));
    }
    return found;
}

Test(handles, the_table_grows_with_the_objects)
{
    size_t count = sizeof objects / 4;
    cr_assert(eq(i64, add_many(count), (int64_t)count));
    cr_assert(eq(i64, pt_status_objects_lost(), 0));
    cr_assert(eq(i64, drop_many(count), (int64_t)count));
}

/* The same while the process may map no more than it has mapped already. */
static int64_t add_many_without_memory(size_t count)
{
    struct rlimit nothing = {4096, RLIM_INFINITY}, before;
    cr_assert(eq(int, getrlimit(RLIMIT_AS, &before), 0));
    cr_assert(eq(int, setrlimit(RLIMIT_AS, &nothing), 0));
    errno = 0;
    int64_t added = add_many(count);
    int after = errno;
    cr_assert(eq(int, setrlimit(RLIMIT_AS, &before), 0));
    cr_assert(eq(int, after, 0));
    return added;
}

Test(handles, what_finds_no_room_is_counted_and_the_rest_stays)
{
    size_t count = sizeof objects / 4;
    int64_t added = add_many_without_memory(count);
    cr_assert(gt(i64, added, 0));
    cr_assert(gt(i64, pt_status_objects_lost(), 0));
    cr_assert(eq(i64, added + pt_status_objects_lost(), (int64_t)count));
    cr_assert(eq(i64, drop_many(count), added));
    cr_assert(ne(ptr, pt_handle_add(&objects[0], PT_HANDLE_COLLECTION, PT_DRIVER_NONE), NULL));
}

/* An object that had no room when it was made was counted then. */
Test(handles, a_loss_is_counted_once)
{
    size_t count = sizeof objects / 4;
    int64_t lost = (int64_t)count - add_many_without_memory(count);
    char *last = &objects[(count - 1) * 4];
    cr_assert(ne(ptr, pt_handle_add_late(last, PT_HANDLE_CURSOR, PT_DRIVER_NONE), NULL));
    cr_assert(eq(ptr, pt_handle_add_late(NULL, PT_HANDLE_CURSOR, PT_DRIVER_NONE), NULL));
    cr_assert(eq(i64, pt_status_objects_lost(), lost));
}

/* The destructor of an object is running, its address is in use again, its last command comes. */
Test(handles, a_handle_lives_until_its_destructor_has_returned)
{
    struct pt_handle *dying = pt_handle_add(&objects[0], PT_HANDLE_CLIENT, PT_DRIVER_NONE);
    dying->number = 1;
    struct pt_handle_ref ref = pt_handle_refer(dying);
    cr_assert(eq(ptr, pt_handle_detach(&objects[0]), dying));
    cr_assert(eq(ptr, pt_handle_detach(&objects[0]), NULL));
    struct pt_handle *next = pt_handle_add(&objects[0], PT_HANDLE_CLIENT, PT_DRIVER_NONE);
    cr_assert(ne(ptr, next, dying));
    dying->connected = true;
    cr_assert(eq(ptr, pt_handle_get(ref), dying));
    cr_assert(not(next->connected));
    pt_handle_free(dying);
    cr_assert(eq(ptr, pt_handle_get(ref), NULL));
    cr_assert(eq(ptr, pt_handle_find(&objects[0]), next));
}

/* The driver destroys a pool's clients unseen: another pool may have the same addresses. */
Test(handles, the_clients_of_a_pool_go_with_it)
{
    struct pt_handle *pool = pt_handle_add(&objects[0], PT_HANDLE_POOL, PT_DRIVER_NONE);
    struct pt_handle *other = pt_handle_add(&objects[16], PT_HANDLE_POOL, PT_DRIVER_NONE);
    for (int i = 2; i < 12; i++) {
        struct pt_handle *client =
            pt_handle_add(&objects[i * 16], PT_HANDLE_CLIENT, PT_DRIVER_NONE);
        pt_handle_set_pool(client, i % 2 ? other : pool);
    }
    cr_assert(eq(ptr, pt_handle_detach(&objects[0]), pool));
    pt_handle_detach_clients(pool);
    for (int i = 2; i < 12; i++) {
        struct pt_handle *client = pt_handle_find(&objects[i * 16]);
        cr_assert(eq(ptr, client ? pt_handle_pool(client) : NULL, i % 2 ? other : NULL));
    }
    pt_handle_free(pool);
    cr_assert(eq(ptr, pt_handle_find(&objects[16]), other));
}

/* Addresses of real allocations: a program with a thousand open objects loses none. */
Test(handles, a_thousand_objects_fit)
{
    for (size_t i = 0; i < 1000; i++) {
        cr_assert(
            ne(ptr, pt_handle_add(&objects[i * 160], PT_HANDLE_CURSOR, PT_DRIVER_NONE), NULL));
    }
    cr_assert(eq(i64, pt_status_objects_lost(), 0));
}

#define THREADS 4
#define ROUNDS  50000

static void *add_and_drop(void *first)
{
    char *mine = first;
    intptr_t wrong = 0;
    for (int i = 0; i < ROUNDS; i++) {
        char *object = mine + 16 * (i % 64);
        struct pt_handle *handle = pt_handle_add(object, PT_HANDLE_CURSOR, PT_DRIVER_NONE);
        if (handle == NULL) {
            continue;
        }
        handle->batch_left = i;
        struct pt_handle *found = pt_handle_find(object);
        wrong += found != handle || found->batch_left != i;
        pt_handle_drop(object);
        wrong += pt_handle_find(object) != NULL;
    }
    return (void *)wrong;
}

Test(handles, threads_do_not_disturb_each_other)
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        cr_assert(eq(int, pthread_create(&threads[i], NULL, add_and_drop, &objects[i * 2048]), 0));
    }
    for (int i = 0; i < THREADS; i++) {
        void *wrong = NULL;
        cr_assert(eq(int, pthread_join(threads[i], &wrong), 0));
        cr_assert(eq(ptr, wrong, NULL));
    }
}

Test(handles, a_handle_keeps_the_driver_that_made_its_object)
{
    struct pt_handle *first = pt_handle_add(&objects[0], PT_HANDLE_COLLECTION, 0);
    struct pt_handle *none = pt_handle_add(&objects[1], PT_HANDLE_COLLECTION, PT_DRIVER_NONE);
    cr_assert(eq(int, pt_handle_driver(first), 0));
    cr_assert(eq(int, pt_handle_driver(none), PT_DRIVER_NONE));
    pt_handle_drop(&objects[0]);
    first = pt_handle_add(&objects[0], PT_HANDLE_CURSOR, 3);
    cr_assert(eq(int, pt_handle_driver(first), 3));
}
