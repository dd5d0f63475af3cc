/* SPDX-License-Identifier: Apache-2.0 */
/*
 * otlp.h: what the formats of the OpenTelemetry Protocol share with their caller: finished
 * requests, and the place of a process in a distributed trace.
 */
#ifndef PHASETAP_OTLP_H
#define PHASETAP_OTLP_H

#include "export/otlp_ids.h"
#include "model/recorded_process.h"

enum pt_otlp_signal { PT_OTLP_TRACES, PT_OTLP_METRICS };

/* An ExportTraceServiceRequest or ExportMetricsServiceRequest. */
struct pt_otlp_request {
    enum pt_otlp_signal signal;
    const char *text; /* JSON and a line end; valid during the call */
    size_t length;
    int64_t items; /* spans, or data points */
};

/* Takes a request. False: no further one is wanted; the user has been told why. */
typedef bool (*pt_otlp_deliver)(void *context, const struct pt_otlp_request *request);

/* The caller knows all logs of a run, a format only one: which trace the spans of a process belong
 * to, and which span is the parent of its own. */
struct pt_otlp_place {
    struct pt_trace_id trace;
    struct pt_span_id parent; /* empty: none */
};

static inline struct pt_otlp_process pt_otlp_process_of(const struct pt_process *process)
{
    return (struct pt_otlp_process){process->boot_id, process->pid_namespace, process->pid,
                                    process->start_ticks,
                                    pt_add(process->start_ns, process->wall_offset_ns)};
}

#endif
