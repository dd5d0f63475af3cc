/* SPDX-License-Identifier: Apache-2.0 */
/* Reading, masking and writing that take turns on one thread, though they could overlap. */
#include "base/saturate.h"
#include "insight/verdict.h"
#include "model/thread_role.h"

bool pt_verdict_overlap(const struct pt_case *c, struct pt_insight *insight)
{
    const int64_t *filled = c->fill.filled_ns;
    struct pt_role_use both = pt_model_role(c->model, PT_ROLE_BOTH);
    int64_t reading = filled[PT_FILL_READING], writing = filled[PT_FILL_WRITING];
    int64_t masking = filled[PT_FILL_COMPUTING];
    if (c->fill.pipelined || both.threads != 1) {
        return false;
    }
    int64_t longest = pt_max(reading, pt_max(writing, masking));
    int64_t gain_ns = pt_sub(pt_add(pt_add(reading, masking), writing), longest);
    insight->confidence = PT_LIKELY;
    pt_insight_sentence(insight, "Reading, masking and writing take turns on one thread.");
    pt_insight_number(insight, "Reading takes %s, masking %s, writing %s of the %s.",
                      PT_DURATION(reading), PT_DURATION(masking), PT_DURATION(writing),
                      PT_DURATION(c->run_ns));
    pt_insight_action(insight, "let threads of their own read and write");
    return pt_insight_gain_beside(c, insight, c->run_ns - gain_ns);
}
