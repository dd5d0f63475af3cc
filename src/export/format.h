/* SPDX-License-Identifier: Apache-2.0 */
/*
 * format.h: the single events of logs, or the totals of their runs, in the formats of other tools.
 * One row of the table (format_table.c) for each format.
 *
 * A format is a state and four functions, called in this order: begin once; for each log log_begin,
 * event for each event, log_end; end once. Each writes to `out` and may keep what it needs; a
 * format that cannot stream says in its file how much it keeps. Texts from a log are untrusted: the
 * format escapes them for its readers.
 *
 * No document value, filter or argument can be in an export, since none is in a log.
 */
#ifndef PHASETAP_FORMAT_H
#define PHASETAP_FORMAT_H

#include <stdio.h>

#include "export/otlp.h"
#include "model/model.h"
#include "trace/trace.h"

struct pt_export {
    FILE *out;
    void *state; /* of the format: made by its begin, released by its end */
    /* For the formats of the OpenTelemetry Protocol alone. */
    struct pt_otlp_place place; /* of the log: set before it is walked */
    pt_otlp_deliver deliver;    /* where requests go; NULL: to `out` */
    void *deliver_to;
    bool given_up; /* `deliver` wants no more */
};

/* The runs of one program: a finished model without entries. */
struct pt_export_model {
    const char *program; /* NULL: not known */
    const struct pt_model *model;
};

struct pt_export_format {
    const char *name;
    const char *mark; /* how such a file begins, for output.h */
    /* Each may be NULL. A function returns false when memory ran out; the export is then given up.
     * Once begin has succeeded, end is always called; what it writes may be thrown away. */
    bool (*begin)(struct pt_export *export);
    bool (*log_begin)(struct pt_export *export, struct pt_trace *trace);
    bool (*event)(struct pt_export *export, const struct pt_trace *trace,
                  const struct pt_trace_event *event);
    bool (*log_end)(struct pt_export *export, const struct pt_trace *trace);
    bool (*end)(struct pt_export *export);
    /* Not NULL: the format exports totals instead, of all programs at once, and is the only
     * function of its row. */
    bool (*models)(struct pt_export *export, const struct pt_export_model *models, size_t count);
};

#endif
