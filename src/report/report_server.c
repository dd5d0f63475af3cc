/* SPDX-License-Identifier: Apache-2.0 */
/* "commands", "write_errors", "errors" and "connections" of the JSON report: what the server and
 * the driver answered. */
#include <phasetap/log_format.h>

#include <stdio.h>

#include "base/saturate.h"
#include "log/error_names.h"
#include "log/log_texts.h"
#include "model/model_sums.h"
#include "report/report.h"
#include "text/number_text.h"
#include "text/time_text.h"

static void put_command(struct pt_json *json, const struct pt_command_use *command)
{
    pt_json_open_object(json, command->name);
    pt_json_int(json, "count", command->count);
    pt_json_int(json, "failed", command->failed);
    pt_json_seconds(json, "total_seconds", command->sum_ns);
    pt_json_average(json, "average_seconds", command->sum_ns, command->count);
    pt_json_seconds(json, "min_seconds", command->min_ns);
    pt_json_seconds(json, "max_seconds", command->max_ns);
    pt_json_int(json, "documents", command->documents);
    pt_json_int(json, "bytes", command->bytes);
    pt_json_close_object(json);
}

void pt_report_commands(struct pt_json *json, const struct pt_model *model)
{
    pt_json_open_object(json, "commands");
    for (size_t i = 0; i < model->command_count; i++) {
        put_command(json, &model->commands[i]);
    }
    pt_json_close_object(json);
}

static bool is_write_error(const struct pt_error_total *error)
{
    return error->where == PT_ERROR_WRITE || error->where == PT_ERROR_WRITE_CONCERN;
}

/* Epoch seconds and local time, or null. */
static void put_moment(struct pt_json *json, const char *which, int64_t epoch_ns)
{
    char key[32];
    char text[PT_TIME_BYTES];
    snprintf(key, sizeof key, "%s_time", which);
    if (epoch_ns > 0) {
        pt_json_epoch(json, key, epoch_ns);
    } else {
        pt_json_null(json, key);
    }
    snprintf(key, sizeof key, "%s_timestamp", which);
    pt_local_time_text(text, epoch_ns);
    pt_json_string(json, key, epoch_ns > 0 ? text : NULL);
}

static void put_error(struct pt_json *json, const struct pt_error_total *error)
{
    pt_json_open_object(json, NULL);
    pt_json_int(json, "code", error->code);
    pt_json_string(json, "name", pt_error_name(error->where, error->domain, error->code));
    pt_json_int(json, "count", error->count);
    pt_json_string(json, "where", pt_error_where_text(error->where));
    if (error->where == PT_ERROR_DRIVER) {
        pt_json_int(json, "domain", error->domain);
        pt_json_string(json, "domain_name", pt_error_domain_name(error->domain));
    }
    pt_json_string(json, "namespace", error->name_space);
    put_moment(json, "first", error->first_ns);
    put_moment(json, "last", error->last_ns);
    pt_json_close_object(json);
}

static void put_errors(struct pt_json *json, const char *key, const struct pt_tally *tally,
                       bool of_writes)
{
    pt_json_open_array(json, key);
    for (size_t i = 0; i < tally->used; i++) {
        if (is_write_error(&tally->errors[i]) == of_writes) {
            put_error(json, &tally->errors[i]);
        }
    }
    pt_json_close_array(json);
}

void pt_report_errors(struct pt_json *json, const struct pt_model *model)
{
    put_errors(json, "write_errors", &model->errors, true);
    put_errors(json, "errors", &model->errors, false);
}

static void put_calls_per_connection(struct pt_json *json, const struct pt_connection_use *use)
{
    if (use->established > 0) {
        pt_json_double(json, "calls_per_connection",
                       pt_round2((double)use->calls / (double)use->established));
    } else {
        pt_json_null(json, "calls_per_connection");
    }
}

void pt_report_connections(struct pt_json *json, const struct pt_model *model)
{
    const struct pt_connection_use *use = &model->connections;
    int64_t runtime_ns = pt_sub(model->runtime_end_ns, model->runtime_start_ns);
    int64_t attempts = use->established + use->failed;
    pt_json_open_object(json, "connections");
    pt_json_int(json, "established", use->established);
    pt_json_int(json, "failed", use->failed);
    pt_json_seconds(json, "total_seconds", use->sum_ns);
    pt_json_average(json, "average_seconds", use->sum_ns, attempts);
    pt_json_seconds(json, "max_seconds", use->max_ns);
    pt_json_percent(json, "percent_of_thread_time", (double)use->sum_ns,
                    (double)pt_model_time(model).wall_ns);
    pt_json_percent(json, "percent_of_runtime", (double)use->sum_ns, (double)runtime_ns);
    pt_json_int(json, "clients", use->clients);
    put_calls_per_connection(json, use);
    pt_json_close_object(json);
}
