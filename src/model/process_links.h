/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process_links.h: how the processes of a model belong together: which one started the others,
 * which replaced which by exec, and which lived at the same time. Independent of the order in which
 * their logs were read. A parent is recognised by its pid only within one boot and pid namespace.
 */
#ifndef PHASETAP_PROCESS_LINKS_H
#define PHASETAP_PROCESS_LINKS_H

#include "model/model.h"

/* Marks the processes that another program took over. Called by pt_model_finish(). */
void pt_model_link_processes(struct pt_model *model);

/* The process that the run is named after: the first one, or its parent if that recorded, too. NULL
 * when there is none. */
const struct pt_process *pt_model_root(const struct pt_model *model);

/* The process whose end is that of the run: the root, or what it became by exec. */
const struct pt_process *pt_model_ender(const struct pt_model *model);

/* Memory and threads of all processes: the largest sum over processes that lived at the same time.
 * Peaks of one moment or not are added, so it is an upper bound. The first and the last value are
 * those of a single process, unknown for several. */
void pt_model_add_overlaps(struct pt_model *model);

#endif
