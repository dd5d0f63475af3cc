/* SPDX-License-Identifier: Apache-2.0 */
/*
 * export_places.h: where the processes of a command's logs stand in a distributed trace.
 *
 * A run is one trace: that of the TRACEPARENT of its first process, otherwise one whose id is the
 * run's. Below it, the parent of a process is the program that it was before exec, or the nearest
 * of its parent and grandparent, if it has a log here, and else the first process of the run; that
 * one hangs below its TRACEPARENT's parent. A process that was started with a TRACEPARENT of its
 * own, unlike that of the first process, belongs there instead: its program traces itself.
 */
#ifndef PHASETAP_EXPORT_PLACES_H
#define PHASETAP_EXPORT_PLACES_H

#include "export/otlp.h"
#include "intake/log_list.h"

/* Of the log with that position in the list, which is divided into runs. */
struct pt_otlp_place pt_export_place(const struct pt_log_list *list, size_t index);

#endif
