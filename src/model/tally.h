/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tally.h: totals of errors by origin, domain, code and namespace. The tally owns the texts of its
 * namespaces. After PT_TALLY_HIGHEST different errors, further ones
 * are only counted in `rest`.
 */
#ifndef PHASETAP_TALLY_H
#define PHASETAP_TALLY_H

#include <stddef.h>
#include <stdint.h>

#include "base/texts.h"

#define PT_TALLY_HIGHEST 1024

struct pt_error_total {
    int32_t where;  /* enum pt_error_where */
    int32_t domain; /* of libmongoc's own errors, else 0 */
    int32_t code;
    const char *name_space; /* NULL: not known */
    int64_t count;
    int64_t first_ns, last_ns; /* since 1970 in a model; 0: not known */
};

struct pt_tally {
    struct pt_error_total *errors;
    size_t used;
    size_t room;
    struct pt_texts texts;
    int64_t rest; /* errors beyond PT_TALLY_HIGHEST kinds */
};

/* Extends the time in which the error came; 0: not known. */
void pt_error_total_span(struct pt_error_total *total, int64_t first_ns, int64_t last_ns);
/* Copies the namespace. */
void pt_tally_add(struct pt_tally *tally, const struct pt_error_total *error);
/* Most frequent first. */
void pt_tally_sort(struct pt_tally *tally);
void pt_tally_release(struct pt_tally *tally);

#endif
