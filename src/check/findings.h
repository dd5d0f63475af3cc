/* SPDX-License-Identifier: Apache-2.0 */
/* findings.h: a list of sentences, each with its weight, as `phasetap check --environment` prints
 * them. The list owns the texts; start from a zeroed struct. One thread. */
#ifndef PHASETAP_FINDINGS_H
#define PHASETAP_FINDINGS_H

#include <stddef.h>

#include "text/usage.h"

#define PT_FINDINGS_HIGHEST 64

enum pt_finding_kind {
    PT_FINDING_OK,
    PT_FINDING_NOTE,   /* works, with a restriction worth knowing */
    PT_FINDING_PROBLEM /* a process would record nothing, or not all */
};

struct pt_findings {
    struct {
        enum pt_finding_kind kind;
        char *text; /* owned */
    } items[PT_FINDINGS_HIGHEST];
    size_t count;
    size_t problems; /* counted also beyond the highest */
};

/* Adds one sentence; beyond the highest it is dropped. */
void pt_find(struct pt_findings *findings, enum pt_finding_kind kind, const char *format, ...)
    PT_PRINTF(3, 4);
void pt_findings_release(struct pt_findings *findings);

#endif
