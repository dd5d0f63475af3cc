/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that grows with the documents and does not stop: something is kept. */
#include "insight/verdict.h"

static const struct pt_process *steepest(const struct pt_model *model)
{
    const struct pt_process *found = NULL;
    for (size_t i = 0; i < model->process_count; i++) {
        const struct pt_process *process = model->processes[i];
        bool grows = process->growth.shape == PT_MEMORY_RAMP;
        bool more =
            found == NULL || process->growth.bytes_per_document > found->growth.bytes_per_document;
        found = grows && more ? process : found;
    }
    return found;
}

/* At how many documents it reaches the limit of its control group. */
static void add_limit(const struct pt_case *c, struct pt_insight *insight,
                      const struct pt_memory_growth *growth)
{
    int64_t limit = c->model->resources.system.cgroup_limit_bytes;
    double more = 9.0 * growth->bytes_per_document * (double)growth->documents;
    double left = (double)(limit - growth->end_bytes) / growth->bytes_per_document;
    if (limit > growth->end_bytes && left < 1e15) {
        pt_insight_number(insight, "At %s documents it needs its limit of %s.",
                          PT_COUNT(pt_add(growth->documents, (int64_t)left)), PT_BYTES(limit));
    } else if (more < 1e18) {
        pt_insight_number(insight, "Ten times the documents need %s at this pace.",
                          PT_BYTES(pt_add(growth->end_bytes, (int64_t)more)));
    }
}

bool pt_verdict_memory_growth(const struct pt_case *c, struct pt_insight *insight)
{
    const struct pt_process *process = steepest(c->model);
    if (process == NULL) {
        return false;
    }
    const struct pt_memory_growth *growth = &process->growth;
    insight->confidence = PT_LIKELY;
    insight->process = process;
    insight->start_ns = growth->start_ns;
    insight->end_ns = growth->end_ns;
    pt_insight_sentence(insight, "Memory grows by %s per 1,000 documents and does not stop.",
                        PT_BYTES((int64_t)(1000.0 * growth->bytes_per_document)));
    pt_insight_number(insight, "From %s at document %s to %s at %s, R2 %.2f over %s samples.",
                      PT_BYTES(growth->start_bytes), PT_COUNT(growth->warm_documents),
                      PT_BYTES(growth->end_bytes), PT_COUNT(growth->documents), growth->r2,
                      PT_COUNT(growth->samples));
    add_limit(c, insight, growth);
    pt_insight_action(insight, "look for what is kept of each document.");
    return true;
}
