/* SPDX-License-Identifier: Apache-2.0 */
/*
 * view.h: what the page shows beside the figures of the model: events one by one, lanes and plots,
 * gathered from the logs in one more walk and of a size that does not grow with them.
 *
 * A run of at most PT_VIEW_SINGLE calls, gaps, connections and annotated phases is shown whole. Of
 * a longer one the lanes have shares by bucket, and one by one the page has the PT_VIEW_LONGEST
 * longest calls, connections and annotated phases, and as many errors; the page says so.
 *
 * Times are nanoseconds since the run's start. The model must outlive the view. One thread.
 */
#ifndef PHASETAP_VIEW_H
#define PHASETAP_VIEW_H

#include "html/kept.h"
#include "html/lanes.h"
#include "html/plots.h"
#include "html/words.h"
#include "model/model.h"

#define PT_VIEW_SINGLE  20000
#define PT_VIEW_LONGEST 2000

struct pt_view {
    const struct pt_model *model;
    int64_t events; /* of those kinds, in all logs */
    bool single;    /* every one of them is shown */
    struct pt_lanes lanes;
    struct pt_words words;
    struct pt_kept calls; /* with the gaps of a run that is shown whole */
    struct pt_kept connections, annotations, errors;
    struct pt_plots plots;
};

#endif
