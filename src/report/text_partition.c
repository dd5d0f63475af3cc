/* SPDX-License-Identifier: Apache-2.0 */
/* The summary's block on where the time of the threads went. */
#include <inttypes.h>

#include "model/cannot_tell.h"
#include "model/helper_use.h"
#include "model/model_sums.h"
#include "report/report.h"
#include "text/safe_text.h"
#include "text/time_text.h"

#define HELPERS_SHOWN 5
#define HELPERS_KEPT  64

static void put_parts(FILE *out, const struct pt_time_use *use)
{
    static const char *const labels[PT_PART_COUNT] = {
        [PT_PART_CONNECTION] = "Connecting",
        [PT_PART_SERVER_WAIT] = "Waiting for a server",
        [PT_PART_SERVER] = "Server and network",
        [PT_PART_EVENTS] = "Awaiting events",
        [PT_PART_DRIVER] = "Driver",
        [PT_PART_COMPUTING] = "Application, computing",
        [PT_PART_READY] = "Ready without a CPU",
        [PT_PART_POOL_WAIT] = "Waiting for a client",
        [PT_PART_WAITING] = "Application, waiting",
        [PT_PART_OUTSIDE] = "Outside the pipeline",
    };
    char text[PT_TIME_BYTES];
    for (int part = 0; part < PT_PART_COUNT; part++) {
        pt_duration_text(text, use->parts_ns[part]);
        double percent = 100.0 * (double)use->parts_ns[part] / (double)use->wall_ns;
        fprintf(out, "  %-24s %14s  %5.1f %%\n", labels[part], text, percent);
    }
}

static void put_helper(FILE *out, const struct pt_helper_use *helper)
{
    char text[PT_TIME_BYTES];
    pt_duration_text(text, helper->cpu_ns);
    fputc(' ', out);
    pt_put_safe(out, helper->name != NULL ? helper->name : "others");
    fprintf(out, " %s (%" PRId64 " %s)", text, helper->threads,
            helper->threads == 1 ? "thread" : "threads");
}

/* They have no partition: nothing of them is known but their CPU time. */
static void put_helpers(FILE *out, const struct pt_model *model)
{
    struct pt_helper_use rows[HELPERS_KEPT];
    size_t count = pt_model_helpers(model, rows, HELPERS_KEPT);
    if (count == 0) {
        return;
    }
    fputs("  CPU time of threads without a driver call:", out);
    for (size_t i = 0; i < count && i < HELPERS_SHOWN; i++) {
        fputs(i == 0 ? "" : ",", out);
        put_helper(out, &rows[i]);
    }
    fputs(count > HELPERS_SHOWN ? ", ...\n" : "\n", out);
}

static void put_shortage(FILE *out, const struct pt_model *model)
{
    char text[PT_TIME_BYTES];
    int64_t throttled_ns = pt_growth_of(&model->resources.system.throttled_ns);
    if (throttled_ns > 0) {
        pt_duration_text(text, throttled_ns);
        fprintf(out, "  The CPU quota of the cgroup was used up for %s.\n", text);
    }
    for (int why = 0; why < PT_CANNOT_TELL_COUNT; why++) {
        int64_t threads = pt_model_cannot_tell(model, (enum pt_cannot_tell)why);
        if (threads > 0) {
            fprintf(out, "  Cannot tell for %" PRId64 " %s: %s.\n", threads,
                    threads == 1 ? "thread" : "threads", pt_cannot_tell_text(why));
        }
    }
}

void pt_text_partition(const struct pt_model *model, FILE *out)
{
    char text[PT_TIME_BYTES];
    struct pt_time_use use = pt_model_time(model);
    if (use.wall_ns <= 0) {
        return;
    }
    pt_duration_text(text, use.wall_ns);
    fprintf(out, "\nWhere the time of the threads went (%s together):\n", text);
    put_parts(out, &use);
    put_shortage(out, model);
    put_helpers(out, model);
}
