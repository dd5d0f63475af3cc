/* SPDX-License-Identifier: Apache-2.0 */
/* A view's sequence number is odd while the view is given to another object; a reader that saw it change reads nothing. */
#include "driver_view.h"

#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "loaded_object.h"
#include "original.h"

#define PT_VIEWS 32u
#define PT_LOCK_YIELDS 1000

struct view {
    atomic_uint sequence;
    _Atomic(uintptr_t) start, size_bytes; /* of the calling object; 0, 0: free */
    _Atomic(void *) slots[PT_SLOT_COUNT];
    /* under the lock */
    bool bound;
    struct pt_object caller;
    struct pt_object driver;
};

static struct view views[PT_VIEWS];
static atomic_uint used_views;
static _Atomic(void *) bound_last[PT_SLOT_COUNT];
static atomic_flag locked = ATOMIC_FLAG_INIT;

/* A fork may have left it locked: then nothing is noted any more, and every search is made anew. */
static bool lock(void)
{
    for (int yields = 0; atomic_flag_test_and_set_explicit(&locked, memory_order_acquire); yields++) {
        if (yields == PT_LOCK_YIELDS) {
            return false;
        }
        sched_yield();
    }
    return true;
}

static void unlock(void)
{
    atomic_flag_clear_explicit(&locked, memory_order_release);
}

static bool is_of(struct view *view, const void *caller)
{
    return (uintptr_t)caller - atomic_load_explicit(&view->start, memory_order_relaxed) <
           atomic_load_explicit(&view->size_bytes, memory_order_relaxed);
}

static struct view *view_of(const void *caller)
{
    unsigned count = atomic_load_explicit(&used_views, memory_order_acquire);
    for (unsigned i = 0; i < count; i++) {
        if (is_of(&views[i], caller)) {
            return &views[i];
        }
    }
    return NULL;
}

void *pt_view_get(const void *caller, unsigned slot)
{
    unsigned count = atomic_load_explicit(&used_views, memory_order_acquire);
    for (unsigned i = 0; i < count; i++) {
        unsigned before = atomic_load_explicit(&views[i].sequence, memory_order_acquire);
        if ((before & 1) == 0 && is_of(&views[i], caller)) {
            void *found = atomic_load_explicit(&views[i].slots[slot], memory_order_relaxed);
            atomic_thread_fence(memory_order_acquire);
            return atomic_load_explicit(&views[i].sequence, memory_order_relaxed) == before ? found : NULL;
        }
    }
    return NULL;
}

static void *first_function(struct view *view)
{
    for (unsigned slot = 1; slot < PT_FN_COUNT; slot++) {
        void *found = atomic_load_explicit(&view->slots[slot], memory_order_relaxed);
        if (found) {
            return found;
        }
    }
    return NULL;
}

/* Under the lock. An empty `caller` frees the view. */
static void give_to(struct view *view, const struct pt_object *caller)
{
    atomic_fetch_add(&view->sequence, 1);
    for (unsigned slot = 0; slot < PT_SLOT_COUNT; slot++) {
        atomic_store_explicit(&view->slots[slot], NULL, memory_order_relaxed);
    }
    atomic_store(&view->start, caller->start);
    atomic_store(&view->size_bytes, caller->end - caller->start);
    view->caller = *caller;
    view->driver = (struct pt_object){0};
    view->bound = false;
    atomic_fetch_add(&view->sequence, 1);
}

/* Under the lock: a free view, or else one more. What cannot be noted is searched for each time. */
static struct view *take_view(const void *caller)
{
    struct pt_object object;
    unsigned count = atomic_load(&used_views);
    if (!pt_object_find(&object, caller)) {
        return NULL;
    }
    for (unsigned i = 0; i < PT_VIEWS; i++) {
        if (atomic_load(&views[i].size_bytes) == 0) {
            give_to(&views[i], &object);
            atomic_store(&used_views, i < count ? count : i + 1);
            return &views[i];
        }
    }
    return NULL;
}

static bool put(struct view *view, unsigned slot, void *function, bool bound)
{
    if (view == NULL) {
        return false;
    }
    if (slot < PT_FN_COUNT) { /* a used function may be libbson's */
        bool known = view->driver.end != 0 || pt_object_find(&view->driver, function);
        if (!known || !pt_object_holds(&view->driver, function)) {
            return false;
        }
    }
    view->bound |= bound;
    atomic_store_explicit(&view->slots[slot], function, memory_order_relaxed);
    if (bound) {
        atomic_store_explicit(&bound_last[slot], function, memory_order_relaxed);
    }
    return true;
}

bool pt_view_put(const void *caller, unsigned slot, void *function, bool bound)
{
    if (!lock()) {
        return false;
    }
    struct view *view = view_of(caller);
    bool done = put(view ? view : take_view(caller), slot, function, bound);
    unlock();
    return done;
}

void *pt_view_sibling(const void *caller)
{
    struct view *view = view_of(caller);
    return view ? first_function(view) : NULL;
}

void *pt_view_bound(unsigned slot)
{
    return atomic_load_explicit(&bound_last[slot], memory_order_relaxed);
}

static void forget_bound(const struct pt_object *driver)
{
    for (unsigned slot = 0; slot < PT_SLOT_COUNT; slot++) {
        if (pt_object_holds(driver, atomic_load(&bound_last[slot]))) {
            atomic_store(&bound_last[slot], NULL);
        }
    }
}

void pt_view_sweep(void)
{
    static const struct pt_object none;
    if (!lock()) {
        return;
    }
    for (unsigned i = 0; i < atomic_load(&used_views); i++) {
        struct view *view = &views[i];
        bool driver_gone = view->driver.end != 0 && !pt_object_is_loaded(&view->driver);
        if (driver_gone) {
            forget_bound(&view->driver);
        }
        if (view->caller.end != 0 && (driver_gone || !pt_object_is_loaded(&view->caller))) {
            give_to(view, &none);
        }
    }
    unlock();
}
