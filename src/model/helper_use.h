/* SPDX-License-Identifier: Apache-2.0 */
/* helper_use.h: threads that never called the driver, summed up by name over all processes. */
#ifndef PHASETAP_HELPER_USE_H
#define PHASETAP_HELPER_USE_H

#include "model/model.h"

struct pt_helper_use {
    const char *name; /* the model's */
    int64_t threads;
    int64_t cpu_ns, ready_ns;
};

/* Fills up to `room` rows, those that used most CPU time first, and returns how many there are.
 * Names that find no row are added up in the last one, whose name is then NULL. */
size_t pt_model_helpers(const struct pt_model *model, struct pt_helper_use *rows, size_t room);

#endif
