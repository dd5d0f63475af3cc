/* SPDX-License-Identifier: Apache-2.0 */
/*
 * append.h: what the wrappers of wrap.c do around an append to a bulk. An application appends once
 * for each document, so this is inlined, reads no clock and looks nothing up as long as a thread
 * keeps to one bulk. By the calling thread.
 */
#ifndef PT_APPEND_H
#define PT_APPEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driver/handles.h"
#include "host/thread_life.h"

/* The thread's first append, or to another bulk than its last one. False if nothing is recorded. */
bool pt_append_switch(const void *bulk);

/* The driver refused the operation: takes back what was counted for it, `given` documents. Only the
 * thread's state is passed, so that the wrapper need not keep more across the real call. */
void pt_append_refused(struct pt_thread *t, int64_t *operations, int64_t *bytes, int64_t given)
    __attribute__((cold));

/* True in an append that the driver makes inside another. */
static inline bool pt_append_nested(void)
{
    const struct pt_thread *t = pt_thread_known();
    return t != NULL && t->appending;
}

/* Enters an append: the thread, its `bulk` set; NULL in one that the driver makes inside another,
 * or if nothing is recorded. */
static inline struct pt_thread *pt_append_begin(const void *bulk)
{
    struct pt_thread *t = pt_thread_known();
    if (__builtin_expect(t == NULL || t->bulk == NULL || t->bulk->object != bulk, 0)) {
        if (!pt_append_switch(bulk)) {
            return NULL;
        }
        t = pt_thread_known();
    }
    return t->appending ? NULL : t;
}

#endif
