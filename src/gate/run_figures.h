/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run_figures.h: what rules and comparisons use of one run, whether it came from a log (through
 * the model) or from a JSON report. Times are nanoseconds, sizes bytes. PT_NOT_KNOWN: the source
 * does not tell; rules must never take that for 0.
 *
 * Owns its texts and histograms. Life cycle: one of the two functions that fill it, any number of
 * readers, pt_run_figures_release(). One thread.
 */
#ifndef PHASETAP_RUN_FIGURES_H
#define PHASETAP_RUN_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/histogram.h"
#include "model/model.h"

#define PT_NOT_KNOWN (-1)

enum pt_percentile { PT_P50, PT_P90, PT_P95, PT_P99, PT_PERCENTILES };

struct pt_phase_figures {
    char *name;
    bool recognised; /* by phasetap from driver calls; else the program annotated it */
    int64_t count, failed, documents, bytes;
    int64_t sum_ns, min_ns, max_ns; /* min and max are 0 without entries */
    int64_t percentiles_ns[PT_PERCENTILES];
    struct pt_histogram durations; /* of all its entries; empty: not known one by one */
};

struct pt_run_figures {
    char *source;   /* the path that the user gave, or the log's */
    char *programs; /* of its processes, each once, sorted, with ", " between; NULL: not known */
    char *drivers;  /* versions, likewise */
    char *ended;    /* docs/REPORT.md lists the texts */
    bool complete;  /* it ended by itself, not by a signal, and does not go on */
    char *missing;  /* why counts and sums may be too small; NULL: they are whole */
    int64_t exit_status; /* 128 + number for a signal */
    int64_t runtime_ns, memory_bytes;
    int64_t cpu_ns, user_ns, system_ns; /* the sum and its two parts */
    int64_t documents;                  /* written, or of a run without writing phases read */
    int64_t failed, not_written, unknown, errors, retries, dropped;
    struct pt_phase_figures *phases;
    size_t phase_count, phase_room;
};

/* From a finished model. False without memory. */
bool pt_run_figures_of_model(struct pt_run_figures *run, const struct pt_model *model,
                             const char *source);

/*
 * From the bytes of a JSON report. False when it is none that this version can read; `why` (room
 * bytes) then says so, as the end of a sentence.
 */
bool pt_run_figures_of_report(struct pt_run_figures *run, const char *json, size_t length,
                              const char *source, char *why, size_t room);

void pt_run_figures_release(struct pt_run_figures *run);

/* NULL: the run has no such phase. */
const struct pt_phase_figures *pt_run_phase(const struct pt_run_figures *run, const char *name);

/* ---- for the two that fill it ---- */

/* A new phase, without figures; NULL without memory. */
struct pt_phase_figures *pt_run_add_phase(struct pt_run_figures *run, const char *name,
                                          bool recognised);
/* Adds `word` to a list such as `programs`, if it is not there yet. False without memory. */
bool pt_run_add_word(char **list, const char *word);
/* Sets what follows from the phases: documents, failed, and `missing` when nothing was seen. */
void pt_run_figures_sum(struct pt_run_figures *run);
/* Sets the three figures of CPU time; a negative part: not known. */
void pt_run_set_cpu(struct pt_run_figures *run, int64_t user_ns, int64_t system_ns);
/* Sets `missing`, unless an earlier reason is there. */
void pt_run_lacks(struct pt_run_figures *run, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
