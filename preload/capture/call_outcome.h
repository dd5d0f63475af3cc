/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call_outcome.h: what became of the operations of a call that were not done. A pure function of
 * the call's state; docs/REPORT.md, "Done, not attempted", says what the counts mean.
 */
#ifndef PT_CALL_OUTCOME_H
#define PT_CALL_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/call_state.h"

struct pt_left {
    int64_t refused; /* with their whole command; write errors are counted with the writes */
    int64_t not_attempted, unacknowledged, unknown;
};

/* `kind`: enum pt_bulk_kind. `ok`: the call succeeded. */
struct pt_left pt_outcome_of(const struct pt_call *call, int kind, bool ok);

#endif
