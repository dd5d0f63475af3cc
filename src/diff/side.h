/* SPDX-License-Identifier: Apache-2.0 */
/*
 * side.h: the two sides of a comparison, each one run or several of the same kind, and whether they
 * may be compared at all. Zero bytes are a side without runs; it owns them. One thread.
 */
#ifndef PHASETAP_SIDE_H
#define PHASETAP_SIDE_H

#include "diff/sample.h"
#include "gate/run_figures.h"

struct pt_side {
    const char *name; /* as the user gave it */
    struct pt_run_figures *runs;
    size_t count, room;
};

/* Takes over what the run owns. False without memory. */
bool pt_side_add(struct pt_side *side, struct pt_run_figures *run);
void pt_side_release(struct pt_side *side);

/* What makes runs unlike, as bits; `--allow` names them. */
enum pt_unlike {
    PT_UNLIKE_PROGRAM = 1,
    PT_UNLIKE_DRIVER = 2,
    PT_UNLIKE_DOCUMENTS = 4,
    PT_UNLIKE_INCOMPLETE = 8, /* killed, still running, or with a log that lacks events */
    PT_UNLIKE_ALL = 15
};
/* "program", "driver", ... ; NULL behind the last one. */
extern const char *const PT_UNLIKE_NAMES[];

/* Numbers of documents that differ by more are those of different work. */
#define PT_DOCUMENTS_TOLERANCE 0.05

/* The middle number of documents, and whether all runs have the same. */
double pt_side_documents(const struct pt_side *side, bool *ret_equal);

/* Programs and driver versions of its first run; "" where they are not known. */
const char *pt_side_programs(const struct pt_side *side);
const char *pt_side_drivers(const struct pt_side *side);

/* False if the runs are unlike in a way that `allowed` lacks; `why` (room bytes) says how. */
bool pt_sides_are_alike(const struct pt_side *a, const struct pt_side *b, int allowed, char *why,
                        size_t room);

#endif
