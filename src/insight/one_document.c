/* SPDX-License-Identifier: Apache-2.0 */
/* Write calls that carry one document each. */
#include "insight/verdict.h"

#define LEAST_CALLS 100
#define LEAST_SHARE 0.9 /* documents per call must be below 1 / this */
#define BATCH       500

static const char *const phases[] = {"Document Insertion", "Document Update", "Document Deletion"};

/* Of the fastest call, no more than it needs can be saved on each: with batches of 500 the fixed
 * part of it is paid once. */
static int64_t saved(const struct pt_phase_stats *phase)
{
    int64_t calls = phase->count - (phase->count + BATCH - 1) / BATCH;
    return phase->min_ns * pt_max(0, calls) / 2;
}

static const struct pt_phase_stats *worst(const struct pt_case *c)
{
    const struct pt_phase_stats *found = NULL;
    for (size_t i = 0; i < sizeof phases / sizeof phases[0]; i++) {
        const struct pt_phase_stats *phase = pt_case_phase(c, phases[i]);
        if (phase == NULL || phase->count < LEAST_CALLS ||
            (double)pt_phase_documents(phase) * LEAST_SHARE > (double)phase->count) {
            continue;
        }
        found = found == NULL || phase->sum_ns > found->sum_ns ? phase : found;
    }
    return found;
}

bool pt_verdict_one_document(const struct pt_case *c, struct pt_insight *insight)
{
    const struct pt_phase_stats *phase = worst(c);
    int64_t gain_ns = phase == NULL ? 0 : pt_case_of_run(c, saved(phase));
    if (phase == NULL || !pt_worth(c, gain_ns)) {
        return false;
    }
    insight->confidence = PT_CERTAIN;
    pt_insight_sentence(insight,
                        "One document per round trip: %s calls of %s carry one document each.",
                        PT_COUNT(phase->count), phase->name);
    pt_insight_number(insight, "%s each on average, %s at least.",
                      PT_DURATION(phase->sum_ns / phase->count), PT_DURATION(phase->min_ns));
    pt_insight_action(insight, "send %d documents with each call", BATCH);
    pt_insight_gain(c, insight, "at least", c->run_ns - gain_ns);
    return true;
}
