/* SPDX-License-Identifier: Apache-2.0 */
/* screen_options.h: what the user of `phasetap summary` may choose. */
#ifndef PHASETAP_SCREEN_OPTIONS_H
#define PHASETAP_SCREEN_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum pt_screen_order {
    PT_ORDER_TIME,
    PT_ORDER_CALLS,
    PT_ORDER_DOCUMENTS,
    PT_ORDER_MAX,
    PT_ORDER_NAME
};

struct pt_screen_options {
    bool brief;  /* the run, alarms and the sentences of verdicts only */
    bool all;    /* --long: every row and section */
    bool checks; /* -v: also the checks that found nothing, and notes */
    size_t top;  /* rows of a table; 0: as many as fit a screen */
    enum pt_screen_order order;
    /* What of the run is shown, as the user wrote it; NULL: all. The model was read with the same
     * thread and times; the namespace is chosen from it here, and some call names it. */
    const char *thread, *since, *until, *name_space;
};

#endif
