/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call_group.h: the calls of one sort on one namespace: what verdicts on batch sizes, order and
 * positions are drawn from. A phase is too coarse for them: a line through several collections
 * would fit their differences instead of the batch size.
 *
 * While a log is read, its groups are kept by namespace id; at its end they are merged by name into
 * those of the model. Times are nanoseconds since 1970 throughout. Only calls that the log holds
 * are in a group, not those in totals.
 */
#ifndef PHASETAP_CALL_GROUP_H
#define PHASETAP_CALL_GROUP_H

#include "model/fit.h"
#include "model/histogram.h"
#include "model/time_series.h"

#define PT_CALL_GROUPS_HIGHEST 512 /* in a model, and in one log */
#define PT_SLOW_CALLS          8
#define PT_CALL_HIGHEST_NS     (1LL << 53) /* 104 days; a longer call is taken as this */

enum pt_call_sort {
    PT_SORT_FIND, /* the first batch of a cursor */
    PT_SORT_MORE, /* a further batch */
    PT_SORT_INSERT,
    PT_SORT_UPDATE,
    PT_SORT_DELETE,
    PT_SORT_INDEX,
    PT_SORT_COUNT
};

/* Values of the series of a group. */
enum pt_group_value { PT_GROUP_CALLS, PT_GROUP_DOCUMENTS, PT_GROUP_TIME, PT_GROUP_BYTES };

struct pt_slow_call {
    int64_t t_ns, d_ns, documents, bytes;
    int32_t thread;
    int64_t pid;
};

struct pt_call_group {
    const char *name_space; /* owned by the model; NULL: not known, or the log is still read */
    enum pt_call_sort sort;
    int64_t calls, failed, commands, documents, bytes;
    int64_t sum_ns, min_ns, max_ns; /* of calls that succeeded, without waits and connections */
    int64_t single;                 /* calls with at most one document */
    int64_t split;                  /* calls with more than one command */
    /* Calls with a command for every operation or two. */
    int64_t alternating, alternating_commands, alternating_documents, alternating_ns;
    int64_t first_ns, last_ns;  /* begin of the first, end of the last */
    struct pt_fit by_documents; /* ns by documents, of calls with one command */
    struct pt_histogram durations;
    struct pt_time_series series;            /* enum pt_group_value */
    struct pt_slow_call slow[PT_SLOW_CALLS]; /* the longest, longest first */
    int slow_count;
};

struct pt_group_call {
    struct pt_slow_call at; /* d_ns without waits and connections */
    int64_t commands;
    bool failed;
};

void pt_group_add(struct pt_call_group *group, const struct pt_group_call *given);
/* `from` is empty afterwards. */
void pt_group_merge(struct pt_call_group *to, struct pt_call_group *from);
void pt_group_release(struct pt_call_group *group);

#endif
