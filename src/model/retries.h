/* SPDX-License-Identifier: Apache-2.0 */
/*
 * retries.h: attempts that the driver repeated by itself, by the error of the attempt before.
 * work.h says how to read it. Errors beyond PT_RETRIES_HIGHEST kinds are in `left_out`. One thread.
 */
#ifndef PHASETAP_RETRIES_H
#define PHASETAP_RETRIES_H

#include <stddef.h>
#include <stdint.h>

#define PT_RETRIES_HIGHEST 256

struct pt_retry {
    int32_t where, domain, code; /* of the error, as in tally.h */
    int64_t count;
    int64_t succeeded; /* the repeated command was answered without an error of its own */
};

struct pt_retries {
    struct pt_retry rows[PT_RETRIES_HIGHEST];
    size_t used;
    int64_t left_out;
};

void pt_retries_add(struct pt_retries *retries, const struct pt_retry *more);
void pt_retries_merge(struct pt_retries *to, const struct pt_retries *from);
/* Most frequent first. */
void pt_retries_sort(struct pt_retries *retries);

#endif
