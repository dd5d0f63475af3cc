/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Items of one size: each has one number and one address for ever, none is given out twice, and the
 * bound holds.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <pthread.h>

#include "base/slab.h"

struct thing {
    struct pt_slab_item item;
    atomic_int holders;
};

#define FIRST 4u
#define MOST  1000u

static struct thing first[FIRST];
static struct pt_slab things = PT_SLAB(first, FIRST, MOST);
static struct thing *taken[MOST];

static unsigned take_all(void)
{
    unsigned count = 0;
    while (count < MOST && (taken[count] = pt_slab_take(&things)) != NULL) {
        count++;
    }
    return count;
}

Test(slab, every_number_has_one_address)
{
    cr_assert(eq(u32, take_all(), MOST));
    cr_assert(eq(ptr, pt_slab_take(&things), NULL));
    cr_assert(eq(u32, pt_slab_used(&things), MOST));
    for (unsigned i = 0; i < MOST; i++) {
        cr_expect(eq(ptr, pt_slab_at(&things, i), taken[i]));
        cr_expect(pt_slab_holds(&things, taken[i]));
        cr_expect(eq(u32, taken[i]->item.number, i));
        cr_expect(eq(int, atomic_fetch_add(&taken[i]->holders, 1), 0));
    }
}

Test(slab, foreign_memory_is_none_of_its)
{
    int here = 0;
    cr_assert(eq(u32, take_all(), MOST));
    cr_assert(not(pt_slab_holds(&things, &here)));
    cr_assert(not(pt_slab_holds(&things, NULL)));
    cr_assert(not(pt_slab_holds(&things, &first[FIRST])));
}

Test(slab, what_is_given_back_is_taken_first)
{
    cr_assert(eq(u32, take_all(), MOST));
    pt_slab_give(&things, taken[7]);
    pt_slab_give(&things, taken[500]);
    cr_assert(eq(ptr, pt_slab_take(&things), taken[500]));
    cr_assert(eq(ptr, pt_slab_take(&things), taken[7]));
    cr_assert(eq(ptr, pt_slab_take(&things), NULL));
}

#define THREADS 4
#define ROUNDS  100000
#define HELD    16

/* Takes and gives back while others do; `holders` proves that an item has one owner. */
static void *churn(void *unused)
{
    intptr_t wrong = 0;
    struct thing *mine[HELD];
    for (int round = 0; round < ROUNDS; round++) {
        int held = 0;
        for (; held < 1 + round % HELD; held++) {
            mine[held] = pt_slab_take(&things);
            wrong += mine[held] == NULL || atomic_fetch_add(&mine[held]->holders, 1) != 0;
        }
        while (held-- > 0) {
            wrong += atomic_fetch_sub(&mine[held]->holders, 1) != 1;
            pt_slab_give(&things, mine[held]);
        }
    }
    (void)unused;
    return (void *)wrong;
}

Test(slab, an_item_has_one_owner)
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        cr_assert(eq(int, pthread_create(&threads[i], NULL, churn, NULL), 0));
    }
    for (int i = 0; i < THREADS; i++) {
        void *wrong = NULL;
        cr_assert(eq(int, pthread_join(threads[i], &wrong), 0));
        cr_assert(eq(ptr, wrong, NULL));
    }
    cr_assert(le(u32, pt_slab_used(&things), THREADS * HELD));
}
