/* SPDX-License-Identifier: Apache-2.0 */
/* Attempts that the driver repeated by itself, where they are more than a few. */
#include "base/saturate.h"
#include "insight/verdict.h"
#include "log/error_names.h"

#define ONE_IN 20 /* commands */

static int64_t commands(const struct pt_model *model)
{
    int64_t count = 0;
    for (size_t i = 0; i < model->command_count; i++) {
        count = pt_add(count, model->commands[i].count);
    }
    return count;
}

bool pt_verdict_retries(const struct pt_case *c, struct pt_insight *insight)
{
    const struct pt_retries *retries = &c->model->retries;
    int64_t count = 0, succeeded = 0;
    for (size_t i = 0; i < retries->used; i++) {
        count = pt_add(count, retries->rows[i].count);
        succeeded = pt_add(succeeded, retries->rows[i].succeeded);
    }
    if (count == 0 || pt_mul(count, ONE_IN) < commands(c->model)) {
        return false;
    }
    const struct pt_retry *most = &retries->rows[0];
    const char *name = pt_error_name(most->where, most->domain, most->code);
    insight->confidence = PT_CERTAIN;
    pt_insight_sentence(insight, "The driver repeated %s of %s commands.", PT_COUNT(count),
                        PT_COUNT(commands(c->model)));
    pt_insight_number(insight, "%s of them succeeded; the most frequent error is %d%s%s.",
                      PT_COUNT(succeeded), (int)most->code, name != NULL ? " " : "",
                      name != NULL ? name : "");
    pt_insight_action(insight, "ask who runs the database about that error.");
    return true;
}
