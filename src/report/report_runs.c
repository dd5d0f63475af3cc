/* SPDX-License-Identifier: Apache-2.0 */
/* A list of runs: what each is about and how it ended. Their figures do not add up to anything. */
#include <inttypes.h>
#include <string.h>

#include "base/saturate.h"
#include "model/process_links.h"
#include "report/report.h"
#include "text/safe_text.h"
#include "text/time_text.h"

#define SCHEMA_VERSION 1
#define PROGRAM_BYTES  20 /* of a name in a row; a longer one is cut */

void pt_report_runs_begin(struct pt_json *json, FILE *out)
{
    char text[PT_TIME_BYTES];
    pt_json_init(json, out, true);
    pt_json_open_object(json, NULL);
    pt_local_time_text(text, pt_now_ns());
    pt_json_string(json, "report_timestamp", text);
    pt_json_int(json, "schema_version", SCHEMA_VERSION);
    pt_json_open_array(json, "runs");
}

static void put_logs(struct pt_json *json, const struct pt_model *model)
{
    pt_json_int(json, "processes", (int64_t)model->process_count);
    pt_json_open_array(json, "logs");
    for (size_t i = 0; i < model->process_count; i++) {
        pt_json_string(json, NULL, pt_process_log_name(model->processes[i]));
    }
    pt_json_close_array(json);
}

void pt_report_runs_row(struct pt_json *json, const struct pt_model *model)
{
    char text[PT_ENDING_BYTES > PT_TIME_BYTES ? PT_ENDING_BYTES : PT_TIME_BYTES];
    const struct pt_process *root = pt_model_root(model);
    if (root == NULL) {
        return;
    }
    pt_json_open_object(json, NULL);
    pt_json_string(json, "id", root->run);
    pt_json_string(json, "program", root->program);
    pt_json_string(json, "host", root->host);
    pt_json_int(json, "pid", root->pid);
    pt_local_time_text(text, model->runtime_start_ns);
    pt_json_string(json, "start", text);
    pt_local_time_text(text, model->runtime_end_ns);
    pt_json_string(json, "end", text);
    pt_json_seconds(json, "total_runtime_seconds",
                    pt_sub(model->runtime_end_ns, model->runtime_start_ns));
    pt_process_ending_text(pt_model_ender(model), text, sizeof text);
    pt_json_string(json, "ended", text);
    put_logs(json, model);
    pt_json_close_object(json);
}

void pt_report_runs_end(struct pt_json *json, FILE *out)
{
    pt_json_close_array(json);
    pt_json_close_object(json);
    fputc('\n', out);
}

void pt_text_runs_heading(FILE *out, int runs)
{
    fprintf(out, "%d runs, by their start:\n\n%-19s  %12s  %-19s  %8s  %s\n", runs, "start",
            "runtime", "program", "pid", "ended, logs");
}

static void put_name(FILE *out, const char *name)
{
    pt_put_safe(out, name != NULL ? name : "?");
}

void pt_text_runs_row(const struct pt_model *model, FILE *out)
{
    char start[PT_TIME_BYTES], runtime[PT_TIME_BYTES], ending[PT_ENDING_BYTES];
    char program[PROGRAM_BYTES];
    const struct pt_process *root = pt_model_root(model);
    if (root == NULL) {
        return;
    }
    pt_local_time_text(start, model->runtime_start_ns);
    pt_duration_text(runtime, pt_sub(model->runtime_end_ns, model->runtime_start_ns));
    pt_process_ending_text(pt_model_ender(model), ending, sizeof ending);
    pt_safe_text(program, sizeof program, root->program != NULL ? root->program : "?");
    fprintf(out, "%.19s  %12s  %-19s  %8" PRId64 "  %s, ", start, runtime, program, root->pid,
            ending);
    put_name(out, pt_process_log_name(root));
    if (model->process_count > 1) {
        fprintf(out, " and %zu more", model->process_count - 1);
    }
    fputc('\n', out);
}
