/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report.h: the outputs made from a finished model. Each exporter is one function over the model
 * and a stream; errors of the stream are left to the caller, who checks it once at the end.
 */
#ifndef PHASETAP_REPORT_H
#define PHASETAP_REPORT_H

#include <stdio.h>

#include "model/model.h"
#include "text/json_out.h"

/* The JSON report. */
void pt_report_json(const struct pt_model *model, FILE *out);
/* The console summary. */
void pt_report_text(const struct pt_model *model, FILE *out);

/* ---- sections of the JSON report; each writes its own keys ---- */

/* report_phases.c */
void pt_report_phases(struct pt_json *json, const struct pt_model *model);
void pt_report_open_phases(struct pt_json *json, const struct pt_model *model);
/* report_entry.c */
void pt_report_entry(struct pt_json *json, const struct pt_entry *entry);
/* report_run.c */
void pt_report_run(struct pt_json *json, const struct pt_model *model);
void pt_report_process(struct pt_json *json, const struct pt_model *model);
void pt_report_profiler(struct pt_json *json, const struct pt_model *model);
/* report_partition.c */
void pt_report_partition(struct pt_json *json, const struct pt_model *model);
/* report_server.c */
void pt_report_commands(struct pt_json *json, const struct pt_model *model);
void pt_report_errors(struct pt_json *json, const struct pt_model *model);
void pt_report_connections(struct pt_json *json, const struct pt_model *model);
/* report_annotations.c */
void pt_report_throughput(struct pt_json *json, const struct pt_model *model);
void pt_report_annotations(struct pt_json *json, const struct pt_model *model);

/* What a misuse of the annotation interface was, as a short text. */
const char *pt_misuse_text(int32_t what);

/* The six parts as JSON names: "connection", "server_and_network", ... */
const char *pt_part_name(enum pt_part part);

/* A whole value in nanoseconds, or null for a value below 0 (not to be had). */
void pt_json_seconds_or_null(struct pt_json *json, const char *key, int64_t duration_ns);
void pt_json_int_or_null(struct pt_json *json, const char *key, int64_t number);

#endif
