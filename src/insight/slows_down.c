/* SPDX-License-Identifier: Apache-2.0 */
/* A change of pace: from some moment on, the documents of one sort of call took longer. */
#include "insight/trend.h"
#include "insight/verdict.h"
#include "text/time_text.h"

#define LEAST_CALLS   40
#define LEAST_BUCKETS 12
#define SLOWER        1.5
#define LEAST_R2      0.6 /* of the variance of buckets that the change explains */

struct change {
    size_t at; /* the first bucket behind it */
    double explains;
    struct pt_stretch before, behind;
};

/* Sums over the buckets with documents: their number, paces, and squares of paces. */
struct paces {
    double count, sum, squares;
};

static void add(struct paces *paces, const int64_t *values)
{
    if (values[PT_GROUP_DOCUMENTS] > 0) {
        double pace = (double)values[PT_GROUP_TIME] / (double)values[PT_GROUP_DOCUMENTS];
        paces->count += 1.0;
        paces->sum += pace;
        paces->squares += pace * pace;
    }
}

static double scatter(const struct paces *paces)
{
    return paces->count > 0.0 ? paces->squares - paces->sum * paces->sum / paces->count : 0.0;
}

static struct paces minus(const struct paces *all, const struct paces *part)
{
    return (struct paces){all->count - part->count, all->sum - part->sum,
                          all->squares - part->squares};
}

/* The division into two stretches that leaves least scatter within them. */
static struct change find_change(const struct pt_call_group *group)
{
    size_t buckets = pt_series_count(&group->series);
    struct paces all = {0}, before = {0};
    struct change change = {0};
    for (size_t i = 0; i < buckets; i++) {
        add(&all, pt_series_at(&group->series, i));
    }
    for (size_t i = 0; i < buckets && all.count >= LEAST_BUCKETS; i++) {
        add(&before, pt_series_at(&group->series, i));
        struct paces behind = minus(&all, &before);
        double explains = 1.0 - (scatter(&before) + scatter(&behind)) / scatter(&all);
        if (before.count >= all.count / 5.0 && behind.count >= all.count / 5.0 &&
            explains > change.explains) {
            change = (struct change){.at = i + 1, .explains = explains};
        }
    }
    return change;
}

static int64_t gain(const struct pt_case *c, const struct pt_call_group *group,
                    struct change *change)
{
    size_t buckets = pt_series_count(&group->series);
    if (group->sort == PT_SORT_INDEX || group->calls < LEAST_CALLS) {
        return 0;
    }
    *change = find_change(group);
    change->before = pt_trend_stretch(group, 0, change->at);
    change->behind = pt_trend_stretch(group, change->at, buckets);
    double fast = pt_stretch_document(&change->before);
    double slow = pt_stretch_document(&change->behind);
    if (change->explains < LEAST_R2 || fast <= 0.0 || slow < SLOWER * fast) {
        return 0;
    }
    /* A slope is no change at one moment: it is the verdict on positions. */
    struct pt_line line;
    if (pt_trend_by_position(group, &line) && line.r2 >= change->explains) {
        return 0;
    }
    double spared = (slow - fast) * (double)change->behind.documents;
    return pt_case_gain(c, group, (int64_t)spared);
}

static void tell(struct pt_insight *insight, const struct pt_call_group *group,
                 const struct change *change)
{
    char when[PT_TIME_BYTES];
    double before = pt_stretch_bytes(&change->before), behind = pt_stretch_bytes(&change->behind);
    insight->start_ns = pt_series_begin(&group->series, change->at);
    insight->end_ns = group->last_ns;
    pt_utc_time_text(when, insight->start_ns / 1000000);
    pt_insight_sentence(insight, "From %.19s UTC on, each document of %s took longer.", when,
                        pt_sort_text(group->sort));
    pt_insight_number(insight, "%s per document before, %s behind, in %s.",
                      PT_DURATION((int64_t)pt_stretch_document(&change->before)),
                      PT_DURATION((int64_t)pt_stretch_document(&change->behind)),
                      pt_group_name(group));
    if (before > 0.0 && behind > 1.2 * before) {
        pt_insight_number(insight, "The documents grew too: from %s to %s.",
                          PT_BYTES((int64_t)before), PT_BYTES((int64_t)behind));
    }
}

bool pt_verdict_slows_down(const struct pt_case *c, struct pt_insight *insight)
{
    const struct pt_call_group *found = NULL;
    struct change change = {0}, most = {0};
    int64_t gain_ns = 0;
    for (size_t i = 0; i < c->model->group_count; i++) {
        int64_t here_ns = gain(c, &c->model->groups[i], &change);
        if (here_ns > gain_ns) {
            found = &c->model->groups[i];
            most = change;
            gain_ns = here_ns;
        }
    }
    if (found == NULL || !pt_worth(c, gain_ns)) {
        return false;
    }
    insight->confidence = PT_LIKELY;
    insight->name_space = found->name_space;
    tell(insight, found, &most);
    pt_insight_action(insight, "look at what the server, or the machine, did at that moment");
    pt_insight_gain(c, insight, "at best", c->run_ns - gain_ns);
    return true;
}
