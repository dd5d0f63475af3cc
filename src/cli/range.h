/* SPDX-License-Identifier: Apache-2.0 */
/*
 * range.h: the options that choose a part of a run: --since and --until, and --asked-by, which a
 * process passes together with --since when it asks for its own report (phasetap/phasetap.h).
 *
 * A time is one of
 *   90s, 1.5m, 250ms   from the start of the run
 *   2026-11-25T15:45:12Z, perhaps with a fraction of a second
 *   a whole number     nanoseconds of the log's clock, as `resets` of a report has them (--since)
 */
#ifndef PHASETAP_RANGE_H
#define PHASETAP_RANGE_H

#include "intake/log_list.h"
#include "model/model.h"

/* The values as text; NULL: not given. */
struct pt_range {
    const char *since, *until, *asked_by;
};
/* Rows of a flag table. */
#define PT_RANGE_FLAGS(range)                                                                      \
    {.name = "since",                                                                              \
     .argument = "T",                                                                              \
     .value = &(range).since,                                                                      \
     .help = "leave out what began before T: 90s from the start, or a UTC time"},                  \
        {.name = "until",                                                                          \
         .argument = "T",                                                                          \
         .value = &(range).until,                                                                  \
         .help = "leave out what began at T or later"},                                            \
        {.name = "asked-by",                                                                       \
         .argument = "PID",                                                                        \
         .value = &(range).asked_by,                                                               \
         .ignores_settings = true,                                                                 \
         .help = "process PID asks for this itself: it has not ended"}

/* Sets them in the model, before the logs of that run (or PT_ALL_RUNS) are read. False after an
 * error message. */
bool pt_take_range(struct pt_model *model, const struct pt_range *range,
                   const struct pt_log_list *list, int run);

#endif
