/* SPDX-License-Identifier: Apache-2.0 */
/* "throughput" and "annotations" of the JSON report: what the program said itself. */
#include "log/log_texts.h"
#include "report/report.h"
#include "text/time_text.h"

static void put_throughput(struct pt_json *json, const struct pt_throughput *throughput)
{
    pt_json_open_object(json, NULL);
    pt_json_int(json, "documents", throughput->documents);
    pt_json_double(json, "seconds", throughput->seconds);
    if (throughput->seconds > 0.0) {
        pt_json_double(json, "documents_per_second",
                       (double)throughput->documents / throughput->seconds);
    } else {
        pt_json_null(json, "documents_per_second");
    }
    pt_json_close_object(json);
}

void pt_report_throughput(struct pt_json *json, const struct pt_model *model)
{
    pt_json_open_array(json, "throughput");
    for (size_t i = 0; i < model->throughput_count; i++) {
        put_throughput(json, &model->throughputs[i]);
    }
    pt_json_close_array(json);
}

static void put_misuse(struct pt_json *json, const struct pt_misuse_count *misuse)
{
    pt_json_open_object(json, NULL);
    pt_json_string(json, "what", pt_misuse_text(misuse->what));
    pt_json_string(json, "phase", misuse->name);
    pt_json_int(json, "count", misuse->count);
    pt_json_close_object(json);
}

static void put_resets(struct pt_json *json, const struct pt_model *model)
{
    char text[PT_TIME_BYTES];
    pt_json_int(json, "resets_total", model->reset_total);
    pt_json_open_array(json, "resets");
    for (size_t i = 0; i < model->reset_count; i++) {
        pt_json_open_object(json, NULL);
        pt_json_epoch(json, "time", model->resets[i].epoch_ns);
        pt_local_time_text(text, model->resets[i].epoch_ns);
        pt_json_string(json, "timestamp", text);
        pt_json_int(json, "since", model->resets[i].t_ns);
        pt_json_close_object(json);
    }
    pt_json_close_array(json);
}

void pt_report_annotations(struct pt_json *json, const struct pt_model *model)
{
    int64_t events = 0;
    for (size_t i = 0; i < model->process_count; i++) {
        events += model->processes[i]->annotations;
    }
    pt_json_open_object(json, "annotations");
    pt_json_int(json, "events", events);
    pt_json_int(json, "throughputs", model->throughput_total);
    pt_json_int(json, "misuses", model->misuse_total);
    pt_json_open_array(json, "misuse");
    for (size_t i = 0; i < model->misuse_count; i++) {
        put_misuse(json, &model->misuses[i]);
    }
    pt_json_close_array(json);
    pt_json_int(json, "metadata_cut", model->metadata_cut);
    put_resets(json, model);
    pt_json_close_object(json);
}
