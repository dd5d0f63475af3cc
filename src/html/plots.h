/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plots.h: what the plots below the timeline show, in PT_PLOT_BINS of equal width over the run.
 *
 * Documents of a call are spread evenly over its duration. A sample stands for the time since the
 * sample before it: a counter for its rate, memory for its level. Each bin has the mean over its
 * part of that time, and the lowest and highest sample, so that no spike is averaged away. Those of
 * several processes are added up; what is measured of the whole machine is not.
 *
 * Zero bytes and `span_ns` are a beginning; there is nothing to release. One thread.
 */
#ifndef PHASETAP_PLOTS_H
#define PHASETAP_PLOTS_H

#include "trace/trace_event.h"

#define PT_PLOT_BINS 512

enum pt_plot {
    PT_PLOT_READ,    /* documents per second */
    PT_PLOT_WRITTEN, /* the same, as they were sent */
    PT_PLOT_CPU,     /* of the processes, percent of one CPU */
    PT_PLOT_MEMORY,  /* resident, bytes */
    PT_PLOT_DISK_READ,
    PT_PLOT_DISK_WRITTEN, /* bytes per second */
    PT_PLOT_MACHINE_CPU,  /* percent of all CPUs */
    PT_PLOT_RUN_QUEUE,    /* percent of the time in which a task waited for a CPU */
    PT_PLOTS
};

struct pt_plot_bin {
    double sum, weight_ns; /* of documents only the sum */
    double low, high;      /* with a weight */
};

struct pt_plots {
    struct pt_plot_bin bins[PT_PLOTS][PT_PLOT_BINS];    /* of processes that were read */
    struct pt_plot_bin process[PT_PLOTS][PT_PLOT_BINS]; /* of the one that is being read */
    struct pt_doc_sample sample;                        /* the last ones; t of 0: none */
    struct pt_doc_system system;
    int64_t span_ns;
};

/* Documents of a call. */
void pt_plots_documents(struct pt_plots *plots, enum pt_plot plot, int64_t start_ns,
                        int64_t duration_ns, int64_t documents);
/* `at_ns`: since the run's start. */
void pt_plots_sample(struct pt_plots *plots, int64_t at_ns, const struct pt_doc_sample *sample);
void pt_plots_system(struct pt_plots *plots, int64_t at_ns, const struct pt_doc_system *system);
/* The log of a process ends here. */
void pt_plots_end_process(struct pt_plots *plots);

#endif
