/* SPDX-License-Identifier: Apache-2.0 */
/* Indexes built before the load, which then has to keep them, or one by one behind it. */
#include "insight/verdict.h"

#define LEAST_DOCUMENTS 1000
#define SLOWER          1.3 /* the last third of the load against the first */

/* Nanoseconds of calls for each document from bucket `from` to `to`; 0: no documents. */
static double pace(const struct pt_call_group *load, size_t from, size_t to)
{
    int64_t documents = 0, ns = 0;
    for (size_t i = from; i < to; i++) {
        const int64_t *values = pt_series_at(&load->series, i);
        documents = pt_add(documents, values[PT_GROUP_DOCUMENTS]);
        ns = pt_add(ns, values[PT_GROUP_TIME]);
    }
    return documents > 0 ? (double)ns / (double)documents : 0.0;
}

/* What the load would have saved at the pace of its first third; 0: it did not get slower. */
static int64_t slowed(const struct pt_call_group *load)
{
    size_t buckets = pt_series_count(&load->series);
    double early = pace(load, 0, buckets / 3), late = pace(load, buckets - buckets / 3, buckets);
    if (buckets < 9 || early <= 0.0 || late < SLOWER * early) {
        return 0;
    }
    return load->sum_ns - (int64_t)(early * (double)load->documents);
}

static const struct pt_call_group *load_behind(const struct pt_case *c,
                                               const struct pt_call_group *index)
{
    const struct pt_call_group *load = pt_case_group(c, index->name_space, PT_SORT_INSERT);
    bool behind = load != NULL && load->first_ns >= index->last_ns;
    return behind && load->documents >= LEAST_DOCUMENTS ? load : NULL;
}

/* The load that stands behind an index and takes most time. */
static const struct pt_call_group *largest_load(const struct pt_case *c)
{
    const struct pt_call_group *found = NULL;
    for (size_t i = 0; i < c->model->group_count; i++) {
        const struct pt_call_group *index = &c->model->groups[i];
        const struct pt_call_group *load =
            index->sort == PT_SORT_INDEX ? load_behind(c, index) : NULL;
        found = load != NULL && (found == NULL || load->sum_ns > found->sum_ns) ? load : found;
    }
    return found;
}

/* What the load saves, known only where it slowed down, less what the indexes took. */
static void tell_gain(const struct pt_case *c, struct pt_insight *insight, int64_t gain_ns)
{
    if (pt_worth(c, gain_ns)) {
        insight->confidence = PT_LIKELY;
        pt_insight_action(insight, "build them behind the load");
        pt_insight_gain(c, insight, "at best", c->run_ns - gain_ns);
    } else {
        insight->confidence = PT_POSSIBLE;
        pt_insight_number(insight, "A unique index that has to refuse duplicates belongs there.");
        pt_insight_action(insight, "build them behind the load and compare the two runs.");
    }
}

bool pt_verdict_indexes_before_load(const struct pt_case *c, struct pt_insight *insight)
{
    const struct pt_call_group *load = largest_load(c);
    if (load == NULL || !pt_worth(c, pt_case_gain(c, load, load->sum_ns))) {
        return false;
    }
    const struct pt_call_group *index = pt_case_group(c, load->name_space, PT_SORT_INDEX);
    insight->name_space = load->name_space;
    insight->start_ns = index->first_ns;
    insight->end_ns = load->last_ns;
    pt_insight_sentence(insight, "Indexes were built before the load of %s.", pt_group_name(load));
    pt_insight_number(insight, "%s createIndexes call%s, then %s documents in %s.",
                      PT_COUNT(index->calls), pt_plural(index->calls), PT_COUNT(load->documents),
                      PT_DURATION(pt_sub(load->last_ns, load->first_ns)));
    tell_gain(c, insight, pt_case_gain(c, load, slowed(load)));
    return true;
}

/* One call could have built them in one walk: the longest of the calls is what remains. */
static int64_t spared(const struct pt_call_group *group)
{
    return group->sort == PT_SORT_INDEX && group->calls - group->failed >= 2
               ? group->sum_ns - group->max_ns
               : 0;
}

bool pt_verdict_index_calls(const struct pt_case *c, struct pt_insight *insight)
{
    const struct pt_call_group *found = NULL;
    for (size_t i = 0; i < c->model->group_count; i++) {
        const struct pt_call_group *group = &c->model->groups[i];
        bool more = found == NULL || spared(group) > spared(found);
        found = spared(group) > 0 && more ? group : found;
    }
    /* Threads that build indexes side by side save less than the sum of their calls. */
    int64_t gain_ns =
        found == NULL
            ? 0
            : pt_min(spared(found), pt_sub(pt_sub(found->last_ns, found->first_ns), found->max_ns));
    if (!pt_worth(c, gain_ns)) {
        return false;
    }
    insight->confidence = PT_LIKELY;
    insight->name_space = found->name_space;
    insight->start_ns = found->first_ns;
    insight->end_ns = found->last_ns;
    pt_insight_sentence(insight, "Indexes of %s are built one by one.", pt_group_name(found));
    pt_insight_number(insight, "%s createIndexes calls take %s, the longest %s.",
                      PT_COUNT(found->calls), PT_DURATION(found->sum_ns),
                      PT_DURATION(found->max_ns));
    pt_insight_action(insight, "name all of them in one createIndexes");
    pt_insight_gain(c, insight, "at best", c->run_ns - gain_ns);
    return true;
}
