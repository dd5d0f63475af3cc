/* SPDX-License-Identifier: Apache-2.0 */
/*
 * metric.h: the figures that a rule can name: some of the whole run ("throughput"), some of one
 * phase ("Document Insertion.p95"). docs/DIFF.md lists them. Any thread.
 */
#ifndef PHASETAP_METRIC_H
#define PHASETAP_METRIC_H

#include "gate/run_figures.h"

enum pt_unit { PT_UNIT_COUNT, PT_UNIT_TIME, PT_UNIT_RATE, PT_UNIT_SIZE };

struct pt_metric {
    const char *name;
    enum pt_unit unit;
    bool of_phase;
    bool of_loss; /* it says itself what a log lacks, so it is known of such a log too */
};

/* NULL: there is no metric of that name. A metric of the run and one of a phase may share one. */
const struct pt_metric *pt_metric_find(const char *name, bool of_phase);

/* "runtime, documents, ...": all names of one kind. `text` holds PT_METRIC_NAMES_BYTES. */
#define PT_METRIC_NAMES_BYTES 256
const char *pt_metric_names(char *text, bool of_phase);

/*
 * The value in its base unit: nanoseconds, bytes, documents per second, a count. `phase` is NULL
 * for a metric of the run. False: the run does not tell.
 */
bool pt_metric_value(const struct pt_metric *metric, const struct pt_run_figures *run,
                     const struct pt_phase_figures *phase, double *ret_value);

/* A value for a reader: "20.1 ms", "2,551/s", "4.00 GiB", "3". `text` holds PT_METRIC_BYTES. */
#define PT_METRIC_BYTES 48
const char *pt_metric_text(char *text, enum pt_unit unit, double value);

#endif
