/* SPDX-License-Identifier: Apache-2.0 */
/*
 * places.h: what the run did in each collection: its rows of work.h added up. One thread.
 */
#ifndef PHASETAP_PLACES_H
#define PHASETAP_PLACES_H

#include "model/model.h"

struct pt_place {
    const char *name_space; /* the model's; NULL: calls that name none */
    int64_t read, read_ns;
    int64_t written, write_ns; /* inserted, updated and removed */
    int64_t refused;           /* operations, with those not attempted */
    int64_t index_ns;
    int64_t all_ns; /* with what is none of these */
};

struct pt_places {
    struct pt_place *rows; /* most time first */
    size_t count, room;
};

/* Release with free(rows). */
void pt_places_make(struct pt_places *places, const struct pt_model *model);
void pt_place_add(struct pt_place *to, const struct pt_place *more);

#endif
