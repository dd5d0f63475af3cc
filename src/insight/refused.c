/* SPDX-License-Identifier: Apache-2.0 */
/* Operations that were not done, or of which nobody knows: refused by the server, behind a refused
 * one in an ordered bulk, lost with a connection, or sent with w: 0. */
#include "insight/verdict.h"
#include "log/error_names.h"

static const struct pt_error_total *most_frequent(const struct pt_tally *errors)
{
    const struct pt_error_total *most = NULL;
    for (size_t i = 0; i < errors->used; i++) {
        const struct pt_error_total *error = &errors->errors[i];
        bool write = error->where == PT_ERROR_WRITE;
        most = write && (most == NULL || error->count > most->count) ? error : most;
    }
    return most;
}

static void add_code(struct pt_insight *insight, const struct pt_error_total *most)
{
    const char *of = most->name_space != NULL ? most->name_space : "an unknown collection";
    const char *name = pt_error_name(most->where, most->domain, most->code);
    pt_insight_number(insight, "The most frequent error is %d%s%s, %s times, in %s.",
                      (int)most->code, name != NULL ? " " : "", name != NULL ? name : "",
                      PT_COUNT(most->count), of);
    insight->name_space = most->name_space;
}

static void add_outcome(struct pt_insight *insight, const struct pt_outcome *outcome)
{
    if (outcome->not_attempted > 0) {
        pt_insight_number(insight, "An ordered bulk ends at its first refused operation: those "
                                   "behind it were not sent.");
    }
    if (outcome->unknown > 0) {
        pt_insight_number(insight,
                          "Of %s nobody knows: no answer came before the connection broke, or it "
                          "is not known how their transaction ended.",
                          PT_COUNT(outcome->unknown));
    }
}

bool pt_verdict_refused(const struct pt_case *c, struct pt_insight *insight)
{
    struct pt_outcome outcome = pt_model_outcome(c->model);
    const struct pt_error_total *most = most_frequent(&c->model->errors);
    int64_t open = pt_add(pt_add(outcome.refused, outcome.not_attempted), outcome.unknown);
    if (open == 0) {
        return false;
    }
    insight->confidence = PT_CERTAIN;
    insight->about_data = true;
    insight->weight = open;
    pt_insight_sentence(insight, "%s operation%s not done: %s refused, %s not sent, %s unknown.",
                        PT_COUNT(open), open == 1 ? " was" : "s were", PT_COUNT(outcome.refused),
                        PT_COUNT(outcome.not_attempted), PT_COUNT(outcome.unknown));
    if (most != NULL) {
        add_code(insight, most);
    }
    add_outcome(insight, &outcome);
    bool duplicate = most != NULL && most->code == 11000;
    pt_insight_action(insight, "%s",
                      duplicate && outcome.not_attempted > 0
                          ? "remove what an earlier run left behind, or use \"ordered\": false."
                      : duplicate ? "remove what an earlier run left behind, or use upserts."
                                  : "look at these documents; the report lists all errors.");
    return true;
}

/* Behind what is known to be missing: its weight is 0. */
bool pt_verdict_unacknowledged(const struct pt_case *c, struct pt_insight *insight)
{
    int64_t count = pt_model_outcome(c->model).unacknowledged;
    if (count == 0) {
        return false;
    }
    insight->confidence = PT_CERTAIN;
    insight->about_data = true;
    pt_insight_sentence(insight, "Nobody knows whether %s operation%s done.", PT_COUNT(count),
                        count == 1 ? " was" : "s were");
    pt_insight_number(insight, "They were sent with w: 0, to which a server gives no answer.");
    pt_insight_action(insight, "use w: 1 or w: \"majority\".");
    return true;
}
