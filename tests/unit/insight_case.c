/* SPDX-License-Identifier: Apache-2.0 */
#include "insight_case.h"

#include <criterion/criterion.h>
#include <string.h>

#include "model/model_finish.h"

int64_t now_ns;
int calls;
struct pt_insights insights;

void insight_put(int thread, int phase, int command, int ns, int64_t t_ns, int64_t d_ns, int64_t n)
{
    calls++;
    log_maker_put(&maker, thread,
                  MAKE(command, .th = thread, .q = calls, .cmd = command, .t = t_ns, .d = d_ns,
                       .n = n, .b = n * 100));
    log_maker_put(&maker, thread,
                  MAKE(span, .th = thread, .q = calls, .ph = phase, .ns = ns, .c = 1, .t = t_ns,
                       .d = d_ns, .net = d_ns, .n = n, .b = n * 100));
}

void insight_call(int phase, int command, int ns, int64_t d_ns, int64_t n)
{
    now_ns = now_ns == 0 ? START : now_ns;
    insight_put(1, phase, command, ns, now_ns, d_ns, n);
    now_ns += d_ns;
}

void insight_insert(int ns, int64_t d_ns, int64_t n)
{
    insight_call(PT_PHASE_INSERTION, PT_COMMAND_insert, ns, d_ns, n);
}

void insight_begin(void)
{
    now_ns = 0;
    calls = 0;
    log_maker_namespace(&maker, 64, "db", "one");
    log_maker_namespace(&maker, 65, "db", "two");
    log_maker_namespace(&maker, 66, "db", "three");
    log_maker_thread(&maker, 1, maker.pid, START, "first");
}

void insight_judge(void)
{
    log_maker_end(&maker, now_ns);
    read_log();
    pt_model_finish(&model);
    pt_insights_make(&model, &insights);
}

const struct pt_insight *insight_find(const char *id)
{
    for (size_t i = 0; i < insights.count; i++) {
        if (strcmp(insights.items[i].id, id) == 0) {
            return &insights.items[i];
        }
    }
    return NULL;
}

void insight_silent(const char *id)
{
    const struct pt_insight *insight = insight_find(id);
    cr_assert(insight == NULL, "%s", insight->sentence);
}
