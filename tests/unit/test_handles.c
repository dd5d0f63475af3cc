/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of the driver's objects: found by address, forgotten when dropped, full without harm,
 * and usable by threads at once.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <pthread.h>
#include <stdint.h>

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

Test(handles, what_finds_no_room_is_counted_and_the_rest_stays)
{
    int64_t added = 0;
    for (size_t i = 0; i < sizeof objects; i += 4) {
        added += pt_handle_add(&objects[i], PT_HANDLE_COLLECTION, PT_DRIVER_NONE) != NULL;
    }
    cr_assert(gt(i64, pt_status_objects_lost(), 0));
    cr_assert(eq(i64, added + pt_status_objects_lost(), (int64_t)(sizeof objects / 4)));
    int64_t found = 0;
    for (size_t i = 0; i < sizeof objects; i += 4) {
        found += pt_handle_find(&objects[i]) != NULL;
        pt_handle_drop(&objects[i]);
    }
    cr_assert(eq(i64, found, added));
    cr_assert(ne(ptr, pt_handle_add(&objects[0], PT_HANDLE_COLLECTION, PT_DRIVER_NONE), NULL));
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
