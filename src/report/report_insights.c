/* SPDX-License-Identifier: Apache-2.0 */
/* `insights` and `checks_without_finding`: the verdicts, in the order of the summary. */
#include "base/saturate.h"
#include "insight/insight.h"
#include "report/report.h"

static void put_gain(struct pt_json *json, const struct pt_insight *insight)
{
    if (insight->gain_from_ns == 0 && insight->gain_to_ns == 0) {
        pt_json_null(json, "gain");
        return;
    }
    pt_json_open_object(json, "gain");
    pt_json_seconds(json, "from_seconds", insight->gain_from_ns);
    pt_json_seconds(json, "to_seconds", insight->gain_to_ns);
    pt_json_close_object(json);
}

static void put_evidence(struct pt_json *json, const struct pt_insight *insight)
{
    pt_json_open_object(json, "evidence");
    if (insight->end_ns > 0) {
        pt_json_epoch(json, "start", insight->start_ns);
        pt_json_epoch(json, "end", insight->end_ns);
    }
    if (insight->name_space != NULL) {
        pt_json_string(json, "namespace", insight->name_space);
    }
    if (insight->process != NULL) {
        pt_json_int(json, "pid", insight->process->pid);
        pt_json_int(json, "thread", insight->thread);
    }
    pt_json_close_object(json);
}

static void put_insight(struct pt_json *json, const struct pt_insight *insight)
{
    const char *word = pt_confidence_text(insight->confidence);
    pt_json_open_object(json, NULL);
    pt_json_string(json, "id", insight->id);
    pt_json_string(json, "confidence", *word != '\0' ? word : "cannot tell");
    pt_json_bool(json, "about_data", insight->about_data);
    pt_json_string(json, "sentence", insight->sentence);
    pt_json_open_array(json, "numbers");
    for (size_t i = 0; i < insight->number_count; i++) {
        pt_json_string(json, NULL, insight->numbers[i]);
    }
    pt_json_close_array(json);
    pt_json_string(json, "action", insight->action[0] != '\0' ? insight->action : NULL);
    put_gain(json, insight);
    put_evidence(json, insight);
    pt_json_close_object(json);
}

void pt_report_put_insights(struct pt_json *json, const struct pt_insights *insights)
{
    pt_json_open_array(json, "insights");
    for (size_t i = 0; i < insights->count; i++) {
        put_insight(json, &insights->items[i]);
    }
    pt_json_close_array(json);
    pt_json_int(json, "insights_left_out", (int64_t)insights->left_out);
    pt_json_open_array(json, "checks_without_finding");
    for (size_t i = 0; i < insights->silent_count; i++) {
        pt_json_string(json, NULL, insights->silent[i].id);
    }
    pt_json_close_array(json);
}

void pt_report_insights(struct pt_json *json, const struct pt_model *model)
{
    struct pt_insights insights;
    pt_insights_make(model, &insights);
    pt_report_put_insights(json, &insights);
}
