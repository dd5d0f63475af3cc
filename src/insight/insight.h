/* SPDX-License-Identifier: Apache-2.0 */
/*
 * insight.h: verdicts over a finished model: what limits the run and what to do about it, each with
 * the numbers behind it. docs/INSIGHTS.md states every verdict's evidence, formula and thresholds.
 *
 * A verdict has a sentence, up to three lines of numbers, and an action with its gain. The gain is
 * a bound of the whole run and never a sum over threads; gains of two verdicts must not be added.
 * Texts are ASCII but for names that come from a log (namespaces), which renderers must pass
 * through text/safe_text.h; they end without a full stop where a renderer adds none, and hold no
 * value of a document.
 *
 * Verdicts come in the order in which reports show them: data that was not written, refused or
 * lost before any speed, then by gain. One that gains less than 5 % of the run and less than a
 * second is not made. The struct owns its texts; `name_space` and `process` belong to the model,
 * which must outlive it. pt_insights_make() reads the model only: any number of times, any thread.
 */
#ifndef PHASETAP_INSIGHT_H
#define PHASETAP_INSIGHT_H

#include "model/model.h"

#define PT_INSIGHTS_HIGHEST       5
#define PT_INSIGHT_NUMBERS        3
#define PT_INSIGHT_SENTENCE_BYTES 256
#define PT_INSIGHT_LINE_BYTES     256
#define PT_INSIGHT_CHECKS_HIGHEST 40

enum pt_confidence {
    PT_CERTAIN,     /* counted */
    PT_LIKELY,      /* an arithmetic bound, or a fit with R2 >= 0.9 over 20 calls or more */
    PT_POSSIBLE,    /* another cause, which is named, would look the same */
    PT_CANNOT_TELL, /* a verdict without a word: the sentence says why, the action what would tell
                     */
};

struct pt_insight {
    const char *id; /* stable, such as "one-document-per-round-trip"; static */
    enum pt_confidence confidence;
    bool about_data; /* data not written, refused or lost: no gain in time */
    char sentence[PT_INSIGHT_SENTENCE_BYTES];                /* with its full stop */
    char numbers[PT_INSIGHT_NUMBERS][PT_INSIGHT_LINE_BYTES]; /* each a sentence */
    size_t number_count;
    char action[PT_INSIGHT_LINE_BYTES]; /* what follows "Do: ", with the gain; "": none */
    int64_t gain_from_ns, gain_to_ns;   /* the run now and then; both 0: the gain is unknown */
    int64_t weight;                     /* documents concerned; orders verdicts about data */
    int64_t start_ns, end_ns;           /* evidence, since 1970; both 0: the whole run */
    const char *name_space;             /* NULL: none, or several */
    const struct pt_process *process;   /* with `thread`; NULL: none, or several */
    int32_t thread;                     /* 0: none, or several */
};

/* A check that ended without a verdict. */
struct pt_silent_check {
    const char *id;
    const char *asks; /* what it looked for, such as "one document per round trip"; static */
};

struct pt_insights {
    struct pt_insight items[PT_INSIGHTS_HIGHEST];
    size_t count;
    size_t left_out; /* verdicts beyond PT_INSIGHTS_HIGHEST, those with the smallest gains */
    struct pt_silent_check silent[PT_INSIGHT_CHECKS_HIGHEST]; /* found nothing worth saying */
    size_t silent_count;
};

/* `model` is finished (model/model_finish.h). Nothing is allocated. A model of a part of a run
 * (struct pt_selection) has no verdicts and no silent checks: what limits a minute or a thread need
 * not limit the run. In checks.c. */
void pt_insights_make(const struct pt_model *model, struct pt_insights *insights);

/* "certain", "likely", "possible"; "" of PT_CANNOT_TELL. */
const char *pt_confidence_text(enum pt_confidence confidence);

#endif
