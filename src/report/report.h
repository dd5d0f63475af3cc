/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report.h: the reports. Each is a function over a finished model and a stream, and leaves stream
 * errors to the caller, who checks ferror() once at the end.
 */
#ifndef PHASETAP_REPORT_H
#define PHASETAP_REPORT_H

#include <stdio.h>

#include "model/model.h"
#include "text/json_out.h"

/* How a JSON report begins, blanks left out. */
#define PT_REPORT_MARK "{\"report_timestamp\":"

/* The JSON report. */
void pt_report_json(const struct pt_model *model, FILE *out);
/* The console summary. */
void pt_report_text(const struct pt_model *model, FILE *out);

/* report_runs.c: several runs that have nothing to do with another, as a list, each by its finished
 * model. JSON: begin, a row for each run, end. */
void pt_report_runs_begin(struct pt_json *json, FILE *out);
void pt_report_runs_row(struct pt_json *json, const struct pt_model *model);
void pt_report_runs_end(struct pt_json *json, FILE *out);
/* The same as text: a heading, a row for each run. */
void pt_text_runs_heading(FILE *out, int runs);
void pt_text_runs_row(const struct pt_model *model, FILE *out);

/* ---- sections of the JSON report; each writes its own keys ---- */

/* report_phases.c */
void pt_report_phases(struct pt_json *json, const struct pt_model *model);
/* "resources" of a phase: CPU time of its calls, and what its process used while it ran. */
void pt_report_phase_resources(struct pt_json *json, const struct pt_phase_stats *phase);
void pt_report_open_phases(struct pt_json *json, const struct pt_model *model);
/* report_entry.c */
void pt_report_entry(struct pt_json *json, const struct pt_entry *entry);
/* report_insights.c */
struct pt_insights;
void pt_report_insights(struct pt_json *json, const struct pt_model *model);
void pt_report_put_insights(struct pt_json *json, const struct pt_insights *insights);
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
/* report_work.c */
void pt_report_outcome(struct pt_json *json, const struct pt_model *model);
void pt_report_namespaces(struct pt_json *json, const struct pt_model *model);
void pt_report_servers(struct pt_json *json, const struct pt_model *model);
void pt_report_retries(struct pt_json *json, const struct pt_model *model);
/* Counts of writes and their outcome, as keys of the open object. */
void pt_report_put_writes(struct pt_json *json, const int64_t writes[PT_WRITE_COUNTS]);
void pt_report_put_outcome(struct pt_json *json, const struct pt_outcome *outcome);
/* report_annotations.c */
void pt_report_throughput(struct pt_json *json, const struct pt_model *model);
void pt_report_annotations(struct pt_json *json, const struct pt_model *model);

/* text_work.c: what was written and what was not, retries and servers. */
void pt_text_work(const struct pt_model *model, FILE *out);
/* text_partition.c: a block of the summary. */
void pt_text_partition(const struct pt_model *model, FILE *out);

/* The parts as JSON names: "connection", "server_and_network", ... */
const char *pt_part_name(enum pt_part part);

#endif
