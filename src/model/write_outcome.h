/* SPDX-License-Identifier: Apache-2.0 */
/*
 * write_outcome.h: what became of the operations that calls handed to writes. docs/REPORT.md,
 * "Done, not attempted".
 *
 * The server's own counts (enum pt_write_count) are documents: inserted, matched, modified, removed
 * and upserted are acknowledged, so they were done. The counts of struct pt_outcome are operations:
 * those that were not done, and those of which nobody knows. One operation may match many
 * documents, so the two do not add up except for insertions, where
 *
 *     requested = inserted + refused + rolled_back + not_attempted + unacknowledged + unknown
 *
 * What was written inside a transaction is done only when that is committed. While a log is read,
 * `in_transaction` has the operations of which it has not told the end yet; once it is read, they
 * are unknown.
 */
#ifndef PHASETAP_WRITE_OUTCOME_H
#define PHASETAP_WRITE_OUTCOME_H

#include <stdint.h>

#include "base/saturate.h"

enum pt_write_count {
    PT_INSERTED,
    PT_MATCHED,
    PT_MODIFIED,
    PT_REMOVED,
    PT_UPSERTED,
    PT_WRITE_ERRORS,
    PT_WRITE_COUNTS
};

struct pt_outcome {
    int64_t requested;      /* operations that the program handed over */
    int64_t refused;        /* write errors, and operations of commands that the server refused */
    int64_t rolled_back;    /* acknowledged in a transaction that was aborted */
    int64_t not_attempted;  /* an ordered bulk stopped before them */
    int64_t unacknowledged; /* w: 0: nobody asked the server for the result */
    int64_t unknown;        /* the connection was lost, the server was interrupted, or nobody knows
                               how the transaction ended */
    int64_t in_transaction; /* of an entry: those of its operations that were acknowledged in one */
};

static inline void pt_outcome_add(struct pt_outcome *to, const struct pt_outcome *more)
{
    to->requested = pt_add(to->requested, more->requested);
    to->refused = pt_add(to->refused, more->refused);
    to->rolled_back = pt_add(to->rolled_back, more->rolled_back);
    to->not_attempted = pt_add(to->not_attempted, more->not_attempted);
    to->unacknowledged = pt_add(to->unacknowledged, more->unacknowledged);
    to->unknown = pt_add(to->unknown, more->unknown);
    to->in_transaction = pt_add(to->in_transaction, more->in_transaction);
}

/* The log is read: those whose transaction has no end in it. */
static inline void pt_outcome_settle(struct pt_outcome *outcome)
{
    outcome->unknown = pt_add(outcome->unknown, pt_max(0, outcome->in_transaction));
    outcome->in_transaction = 0;
}

/* Documents that the server acknowledged as written. A document that matched counts, whether or not
 * the update changed it. */
static inline int64_t pt_writes_done(const int64_t writes[PT_WRITE_COUNTS])
{
    return pt_add(pt_add(writes[PT_INSERTED], writes[PT_MATCHED]),
                  pt_add(writes[PT_REMOVED], writes[PT_UPSERTED]));
}

/* Operations whose result is not "done". */
static inline int64_t pt_outcome_open(const struct pt_outcome *outcome)
{
    int64_t failed = pt_add(outcome->refused, outcome->rolled_back);
    return pt_add(pt_add(failed, outcome->not_attempted),
                  pt_add(outcome->unacknowledged, outcome->unknown));
}

#endif
