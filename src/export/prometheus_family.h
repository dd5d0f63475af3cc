/* SPDX-License-Identifier: Apache-2.0 */
/*
 * prometheus_family.h: the families of the Prometheus export, as rows. Each function writes the
 * samples of one family for one program, from the finished model of its runs.
 *
 * Cardinality is bounded: for each program at most PT_SERIES_PHASES phases, PT_SERIES_WORKS pairs
 * of phase and namespace, PT_SERIES_SERVERS servers and PT_SERIES_ERRORS errors, those with the
 * most time or the highest counts. What is beyond is added up under the label PT_SERIES_OTHER, but
 * for phases, which are left out; `left_out` counts both, in rows.
 */
#ifndef PHASETAP_PROMETHEUS_FAMILY_H
#define PHASETAP_PROMETHEUS_FAMILY_H

#include "export/prometheus_out.h"
#include "model/model.h"

#define PT_SERIES_PHASES  64
#define PT_SERIES_WORKS   200
#define PT_SERIES_SERVERS 64
#define PT_SERIES_ERRORS  100
#define PT_SERIES_OTHER   "(other)" /* no namespace, server or code has parentheses */

struct pt_family {
    const char *name, *type, *help;
    void (*put)(struct pt_samples *samples, const struct pt_model *model);
};

/* Each table ends in a row without a name. */
extern const struct pt_family pt_families_run[]; /* prometheus_run.c: processes, time, resources */
extern const struct pt_family pt_families_phase[];  /* prometheus_phase.c: phases, namespaces */
extern const struct pt_family pt_families_server[]; /* prometheus_server.c: servers, errors */

/* Rows of the model that have no series of their own. */
int64_t pt_series_left_out(const struct pt_model *model);

#endif
