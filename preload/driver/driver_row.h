/* SPDX-License-Identifier: Apache-2.0 */
/*
 * driver_row.h: what is known of one loaded driver, published as a whole.
 *
 * One thread at a time writes a row, under the lock of drivers.h; any thread reads it without one,
 * while it is written, too. The sequence number is odd while the row is written: a reader that
 * finds it odd, or changed behind its reading, has read nothing. All words are atomics, so that a
 * reader never sees half of one. Zero bytes are a free row.
 */
#ifndef PT_DRIVER_ROW_H
#define PT_DRIVER_ROW_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "loader/loaded_object.h"

struct pt_driver_facts {
    struct pt_object object; /* its end is 0: there is none */
    struct pt_object other;  /* where its functions that another object has lie: libbson; or none */
    uintptr_t is_library;    /* 1: a shared libmongoc */
};
#define PT_DRIVER_WORDS (sizeof(struct pt_driver_facts) / sizeof(uintptr_t))
_Static_assert(sizeof(struct pt_driver_facts) % sizeof(uintptr_t) == 0, "facts are whole words");

struct pt_driver_row {
    atomic_uint sequence;
    _Atomic(uintptr_t) words[PT_DRIVER_WORDS];
};

void pt_driver_row_write(struct pt_driver_row *row, const struct pt_driver_facts *facts);

/* False: the row is free, or was written meanwhile. */
bool pt_driver_row_read(const struct pt_driver_row *row, struct pt_driver_facts *facts);

#endif
