/* SPDX-License-Identifier: Apache-2.0 */
/* "outcome", "namespaces", "servers" and "retries" of the JSON report: what was done, where, and
 * what did not come of it (model/work.h). */
#include <phasetap/log_format.h>

#include "log/error_names.h"
#include "log/log_texts.h"
#include "model/model_sums.h"
#include "report/report.h"

void pt_report_put_writes(struct pt_json *json, const int64_t writes[PT_WRITE_COUNTS])
{
    static const char *const keys[PT_WRITE_COUNTS] = {"inserted", "matched",  "modified",
                                                      "removed",  "upserted", "write_errors"};
    for (int i = 0; i < PT_WRITE_COUNTS; i++) {
        pt_json_int(json, keys[i], writes[i]);
    }
}

void pt_report_put_outcome(struct pt_json *json, const struct pt_outcome *outcome)
{
    pt_json_int(json, "requested", outcome->requested);
    pt_json_int(json, "refused", outcome->refused);
    pt_json_int(json, "rolled_back", outcome->rolled_back);
    pt_json_int(json, "not_attempted", outcome->not_attempted);
    pt_json_int(json, "unacknowledged", outcome->unacknowledged);
    pt_json_int(json, "unknown", outcome->unknown);
}

void pt_report_outcome(struct pt_json *json, const struct pt_model *model)
{
    int64_t writes[PT_WRITE_COUNTS];
    struct pt_outcome outcome = pt_model_outcome(model);
    pt_model_writes(model, writes);
    pt_json_open_object(json, "outcome");
    pt_json_int(json, "acknowledged", pt_writes_done(writes));
    pt_report_put_writes(json, writes);
    pt_report_put_outcome(json, &outcome);
    pt_json_close_object(json);
}

static void put_percentile(struct pt_json *json, const char *key, const struct pt_work *work,
                           double percent)
{
    int64_t value = pt_work_percentile(work, percent);
    if (value != PT_WORK_NO_DURATION) {
        pt_json_seconds(json, key, value);
    }
}

static void put_durations(struct pt_json *json, const struct pt_work *work)
{
    pt_json_seconds(json, "total_seconds", work->sum_ns);
    pt_json_average(json, "average_seconds", work->sum_ns, work->calls);
    pt_json_seconds(json, "min_seconds", work->min_ns);
    pt_json_seconds(json, "max_seconds", work->max_ns);
    pt_json_open_object(json, "percentiles");
    put_percentile(json, "p50", work, 50.0);
    put_percentile(json, "p90", work, 90.0);
    put_percentile(json, "p95", work, 95.0);
    put_percentile(json, "p99", work, 99.0);
    pt_json_close_object(json);
}

static bool is_of_writes(const struct pt_work *work)
{
    int64_t any = work->outcome.requested;
    for (int i = 0; i < PT_WRITE_COUNTS; i++) {
        any |= work->writes[i];
    }
    return any != 0;
}

static void put_work(struct pt_json *json, const struct pt_work *work)
{
    pt_json_open_object(json, NULL);
    pt_json_string(json, "namespace", work->name_space);
    pt_json_string(json, "phase", work->phase);
    pt_json_int(json, "calls", work->calls);
    pt_json_int(json, "failed", work->failed);
    pt_json_int(json, "documents", work->documents);
    pt_json_seconds_or_null(json, "cpu_seconds", pt_work_knows_cpu(work) ? work->cpu_ns : -1);
    pt_json_int(json, "bytes", work->bytes);
    pt_json_int(json, "commands", work->commands);
    put_durations(json, work);
    if (is_of_writes(work)) {
        pt_json_open_object(json, "writes");
        pt_report_put_writes(json, work->writes);
        pt_json_close_object(json);
        pt_json_open_object(json, "outcome");
        pt_report_put_outcome(json, &work->outcome);
        pt_json_close_object(json);
    }
    pt_json_close_object(json);
}

void pt_report_namespaces(struct pt_json *json, const struct pt_model *model)
{
    pt_json_open_array(json, "namespaces");
    for (size_t i = 0; i < model->works.count; i++) {
        put_work(json, &model->works.rows[i]);
    }
    pt_json_close_array(json);
    pt_json_int(json, "namespaces_left_out", model->works.left_out);
}

static void put_server(struct pt_json *json, const struct pt_server_use *server)
{
    pt_json_open_object(json, NULL);
    pt_json_string(json, "address", server->address);
    pt_json_int(json, "commands", server->commands);
    pt_json_int(json, "failed", server->failed);
    pt_json_seconds(json, "total_seconds", server->sum_ns);
    pt_json_average(json, "average_seconds", server->sum_ns, server->commands);
    pt_json_seconds(json, "max_seconds", server->max_ns);
    if (server->floor_ns > 0) {
        pt_json_seconds(json, "lowest_round_trip_seconds", server->floor_ns);
    } else {
        pt_json_null(json, "lowest_round_trip_seconds");
    }
    pt_json_close_object(json);
}

void pt_report_servers(struct pt_json *json, const struct pt_model *model)
{
    pt_json_open_array(json, "servers");
    for (size_t i = 0; i < model->servers.count; i++) {
        put_server(json, &model->servers.rows[i]);
    }
    pt_json_close_array(json);
}

static void put_retry(struct pt_json *json, const struct pt_retry *retry)
{
    pt_json_open_object(json, NULL);
    pt_json_int(json, "code", retry->code);
    pt_json_string(json, "name", pt_error_name(retry->where, retry->domain, retry->code));
    pt_json_string(json, "where", pt_error_where_text(retry->where));
    if (retry->where == PT_ERROR_DRIVER) {
        pt_json_int(json, "domain", retry->domain);
        pt_json_string(json, "domain_name", pt_error_domain_name(retry->domain));
    }
    pt_json_int(json, "count", retry->count);
    pt_json_int(json, "succeeded", retry->succeeded);
    pt_json_close_object(json);
}

void pt_report_retries(struct pt_json *json, const struct pt_model *model)
{
    pt_json_open_array(json, "retries");
    for (size_t i = 0; i < model->retries.used; i++) {
        put_retry(json, &model->retries.rows[i]);
    }
    pt_json_close_array(json);
}
