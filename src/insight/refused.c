/* SPDX-License-Identifier: Apache-2.0 */
/* Documents that the server refused: write errors by code, from the replies. */
#include <inttypes.h>

#include "insight/verdict.h"
#include "log/log_texts.h"

static bool is_write_error(const struct pt_error_total *error)
{
    return error->where == PT_ERROR_WRITE;
}

static void add(struct pt_insight *insight, const struct pt_error_total *most, int64_t kinds)
{
    const char *of = most->name_space != NULL ? most->name_space : "an unknown collection";
    pt_insight_number(insight, "The most frequent code is %d, %s times, in %s.", (int)most->code,
                      PT_COUNT(most->count), of);
    if (kinds > 1) {
        pt_insight_number(insight, "%s different codes or collections in all.", PT_COUNT(kinds));
    }
    insight->name_space = kinds == 1 ? most->name_space : NULL;
}

bool pt_verdict_refused(const struct pt_case *c, struct pt_insight *insight)
{
    const struct pt_error_total *most = NULL;
    int64_t refused = 0, kinds = 0;
    for (size_t i = 0; i < c->model->errors.used; i++) {
        const struct pt_error_total *error = &c->model->errors.errors[i];
        if (is_write_error(error)) {
            refused = pt_add(refused, error->count);
            kinds++;
            most = most == NULL || error->count > most->count ? error : most;
        }
    }
    if (most == NULL) {
        return false;
    }
    insight->confidence = PT_CERTAIN;
    insight->about_data = true;
    insight->weight = refused;
    pt_insight_sentence(insight, "%s documents were refused.", PT_COUNT(refused));
    add(insight, most, kinds);
    pt_insight_action(insight, "%s",
                      most->code == 11000
                          ? "remove what an earlier run left in the target, or use upserts."
                          : "look up the code in the server's documentation; nothing wrote them.");
    return true;
}
