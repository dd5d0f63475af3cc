/* SPDX-License-Identifier: Apache-2.0 */
/* Servers, connections, errors and what became of writes, as counters. */
#include <inttypes.h>

#include "export/prometheus_family.h"
#include "log/error_names.h"
#include "model/model_sums.h"

/* ---- servers ---- */

static void put_server(struct pt_samples *samples, const char *address, int64_t number,
                       bool seconds)
{
    pt_sample_begin(samples, "");
    pt_sample_label(samples, "server", address);
    pt_sample_number(samples, number, seconds);
}

typedef int64_t (*figure_of)(const struct pt_server_use *server);

static int64_t commands_of(const struct pt_server_use *server)
{
    return server->commands;
}
static int64_t failed_of(const struct pt_server_use *server)
{
    return server->failed;
}
static int64_t time_of(const struct pt_server_use *server)
{
    return server->sum_ns;
}

/* The rows are sorted, most time first. */
static void put_servers(struct pt_samples *samples, const struct pt_servers *servers,
                        figure_of figure, bool seconds)
{
    int64_t rest = 0;
    for (size_t i = 0; i < servers->count; i++) {
        if (i < PT_SERIES_SERVERS) {
            put_server(samples, servers->rows[i].address, figure(&servers->rows[i]), seconds);
        } else {
            rest = pt_add(rest, figure(&servers->rows[i]));
        }
    }
    if (servers->count > PT_SERIES_SERVERS) {
        put_server(samples, PT_SERIES_OTHER, rest, seconds);
    }
}

static void put_commands(struct pt_samples *samples, const struct pt_model *model)
{
    put_servers(samples, &model->servers, commands_of, false);
}
static void put_failed_commands(struct pt_samples *samples, const struct pt_model *model)
{
    put_servers(samples, &model->servers, failed_of, false);
}
static void put_command_time(struct pt_samples *samples, const struct pt_model *model)
{
    put_servers(samples, &model->servers, time_of, true);
}

/* ---- connections and writes ---- */

static void put_by(struct pt_samples *samples, const char *key, const char *value, int64_t number)
{
    pt_sample_begin(samples, "");
    pt_sample_label(samples, key, value);
    pt_sample_int(samples, number);
}

static void put_connections(struct pt_samples *samples, const struct pt_model *model)
{
    put_by(samples, "result", "established", model->connections.established);
    put_by(samples, "result", "failed", model->connections.failed);
}

static void put_writes(struct pt_samples *samples, const struct pt_model *model)
{
    int64_t writes[PT_WRITE_COUNTS] = {0};
    pt_model_writes(model, writes);
    put_by(samples, "result", "inserted", writes[PT_INSERTED]);
    put_by(samples, "result", "matched", writes[PT_MATCHED]);
    put_by(samples, "result", "modified", writes[PT_MODIFIED]);
    put_by(samples, "result", "removed", writes[PT_REMOVED]);
    put_by(samples, "result", "upserted", writes[PT_UPSERTED]);
}

static void put_undone(struct pt_samples *samples, const struct pt_model *model)
{
    struct pt_outcome outcome = pt_model_outcome(model);
    put_by(samples, "reason", "refused", outcome.refused);
    put_by(samples, "reason", "not_attempted", outcome.not_attempted);
    put_by(samples, "reason", "unacknowledged", outcome.unacknowledged);
    put_by(samples, "reason", "unknown", outcome.unknown);
}

/* ---- errors ---- */

static void label_number(struct pt_samples *samples, const char *key, int32_t number)
{
    char text[16];
    snprintf(text, sizeof text, "%" PRId32, number);
    pt_sample_label(samples, key, text);
}

/* The labels name all that tells two rows of the tally apart. */
static void put_error(struct pt_samples *samples, const struct pt_error_total *error)
{
    static const char *const origins[] = {NULL, "write", "write concern", "server", "driver"};
    bool known = error->where >= PT_ERROR_WRITE && error->where <= PT_ERROR_DRIVER;
    pt_sample_begin(samples, "");
    if (known) {
        pt_sample_label(samples, "origin", origins[error->where]);
    } else {
        label_number(samples, "origin", error->where);
    }
    if (error->domain != 0) {
        label_number(samples, "domain", error->domain);
    }
    label_number(samples, "code", error->code);
    pt_sample_label(samples, "error", pt_error_name(error->where, error->domain, error->code));
    pt_sample_label(samples, "namespace", error->name_space);
    pt_sample_int(samples, error->count);
}

/* Most frequent first. */
static void put_errors(struct pt_samples *samples, const struct pt_model *model)
{
    const struct pt_tally *tally = &model->errors;
    int64_t rest = tally->rest;
    for (size_t i = 0; i < tally->used; i++) {
        if (i < PT_SERIES_ERRORS) {
            put_error(samples, &tally->errors[i]);
        } else {
            rest = pt_add(rest, tally->errors[i].count);
        }
    }
    if (rest > 0) {
        put_by(samples, "origin", PT_SERIES_OTHER, rest);
    }
}

static int64_t beyond(size_t count, size_t highest)
{
    return count > highest ? (int64_t)(count - highest) : 0;
}

int64_t pt_series_left_out(const struct pt_model *model)
{
    return beyond(model->phase_count, PT_SERIES_PHASES) +
           beyond(model->works.count, PT_SERIES_WORKS) +
           beyond(model->servers.count, PT_SERIES_SERVERS) +
           beyond(model->errors.used, PT_SERIES_ERRORS);
}

const struct pt_family pt_families_server[] = {
    {"phasetap_commands_total", "counter", "Commands by the server that answered them.",
     put_commands},
    {"phasetap_command_failures_total", "counter", "Commands that failed.", put_failed_commands},
    {"phasetap_command_seconds_total", "counter", "Time of the commands, network included.",
     put_command_time},
    {"phasetap_connections_total", "counter", "Connections by result.", put_connections},
    {"phasetap_written_documents_total", "counter",
     "Documents that the server acknowledged as written; modified ones are also matched.",
     put_writes},
    {"phasetap_undone_operations_total", "counter",
     "Write operations that were not done, or of which nobody knows.", put_undone},
    {"phasetap_errors_total", "counter", "Errors by origin, code and namespace.", put_errors},
    {.name = NULL},
};
