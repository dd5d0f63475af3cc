/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A driver's row is read whole or not at all, while another thread gives it to another driver.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <pthread.h>
#include <stdatomic.h>

#include "driver/driver_row.h"

#define ROUNDS 200000

static struct pt_driver_row row;
static atomic_bool written;

/* Every word of the facts follows from one number. */
static struct pt_driver_facts facts_of(uintptr_t number)
{
    struct pt_driver_facts facts = {.is_library = number};
    facts.object = (struct pt_object){.base = number, .start = number, .end = number};
    facts.other = facts.object;
    return facts;
}

static void *write_rows(void *unused)
{
    (void)unused;
    for (uintptr_t i = 1; i <= ROUNDS; i++) {
        struct pt_driver_facts facts = facts_of(i);
        pt_driver_row_write(&row, &facts);
    }
    atomic_store(&written, true);
    return NULL;
}

static bool is_whole(const struct pt_driver_facts *facts)
{
    uintptr_t number = facts->is_library;
    return facts->object.base == number && facts->object.start == number &&
           facts->object.end == number && facts->other.base == number && facts->other.end == number;
}

Test(driver_row, a_free_row_has_no_driver)
{
    struct pt_driver_facts facts, none = {.is_library = 0};
    cr_assert(not(pt_driver_row_read(&row, &facts)));
    facts = facts_of(7);
    pt_driver_row_write(&row, &facts);
    cr_assert(pt_driver_row_read(&row, &facts));
    pt_driver_row_write(&row, &none);
    cr_assert(not(pt_driver_row_read(&row, &facts)));
}

/* As when another thread was writing it at the moment of a fork. */
Test(driver_row, a_row_that_was_never_finished_can_be_written_again)
{
    struct pt_driver_facts facts = facts_of(7);
    atomic_store(&row.sequence, 3);
    cr_assert(not(pt_driver_row_read(&row, &facts)));
    facts = facts_of(8);
    pt_driver_row_write(&row, &facts);
    cr_assert(pt_driver_row_read(&row, &facts));
    cr_assert(is_whole(&facts));
}

Test(driver_row, a_reader_never_sees_half_of_it)
{
    pthread_t writer;
    struct pt_driver_facts facts;
    cr_assert(eq(int, pthread_create(&writer, NULL, write_rows, NULL), 0));
    while (!atomic_load(&written)) {
        if (pt_driver_row_read(&row, &facts)) {
            cr_assert(is_whole(&facts));
        }
    }
    pthread_join(writer, NULL);
    cr_assert(pt_driver_row_read(&row, &facts));
    cr_assert(eq(ulong, (unsigned long)facts.is_library, ROUNDS));
}
