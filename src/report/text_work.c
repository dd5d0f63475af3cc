/* SPDX-License-Identifier: Apache-2.0 */
/* The summary's lines on what was done and what was not: writes, their outcome, retries, servers.
 */
#include <inttypes.h>

#include "log/error_names.h"
#include "model/model_sums.h"
#include "report/report.h"
#include "text/safe_text.h"

#define ROWS_SHOWN 8

static void put_writes(FILE *out, const struct pt_model *model)
{
    int64_t writes[PT_WRITE_COUNTS];
    struct pt_outcome outcome = pt_model_outcome(model);
    pt_model_writes(model, writes);
    if (outcome.requested == 0 && pt_writes_done(writes) == 0) {
        return;
    }
    fprintf(out,
            "\nWritten: %" PRId64 " inserted, %" PRId64 " matched (%" PRId64 " modified), %" PRId64
            " upserted, %" PRId64 " removed\n",
            writes[PT_INSERTED], writes[PT_MATCHED], writes[PT_MODIFIED], writes[PT_UPSERTED],
            writes[PT_REMOVED]);
    if (pt_outcome_open(&outcome) > 0) {
        fprintf(out,
                "Not written, of %" PRId64 " operations: %" PRId64 " refused, %" PRId64
                " rolled back, %" PRId64 " not attempted, %" PRId64 " unacknowledged, %" PRId64
                " unknown\n",
                outcome.requested, outcome.refused, outcome.rolled_back, outcome.not_attempted,
                outcome.unacknowledged, outcome.unknown);
    }
}

static void put_retries(FILE *out, const struct pt_retries *retries)
{
    for (size_t i = 0; i < retries->used && i < ROWS_SHOWN; i++) {
        const struct pt_retry *retry = &retries->rows[i];
        const char *name = pt_error_name(retry->where, retry->domain, retry->code);
        fprintf(out, "Retries: %" PRId64 " after %d%s%s, %" PRId64 " succeeded\n", retry->count,
                (int)retry->code, name != NULL ? " " : "", name != NULL ? name : "",
                retry->succeeded);
    }
}

static void put_servers(FILE *out, const struct pt_servers *servers)
{
    for (size_t i = 0; i < servers->count && i < ROWS_SHOWN; i++) {
        const struct pt_server_use *server = &servers->rows[i];
        fputs("Server: ", out);
        pt_put_safe(out, server->address != NULL ? server->address : "not known");
        fprintf(out, ", %" PRId64 " commands in %.3fs", server->commands,
                (double)server->sum_ns / 1e9);
        if (server->floor_ns > 0) {
            fprintf(out, ", shortest %.6fs", (double)server->floor_ns / 1e9);
        }
        fputc('\n', out);
    }
}

void pt_text_work(const struct pt_model *model, FILE *out)
{
    put_writes(out, model);
    put_retries(out, &model->retries);
    put_servers(out, &model->servers);
}
