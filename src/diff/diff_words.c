/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "diff/diff_views.h"
#include "text/human.h"

/* A change that more runs are asked for to show. */
#define WANTED_CHANGE 0.05
#define MORE_HIGHEST  100.0
/* A phase explains the run when its difference is that of the run within these bounds. */
#define EXPLAINS_LEAST 0.8
#define EXPLAINS_MOST  1.2

void pt_diff_facts(const struct pt_side *side, char *text)
{
    bool equal;
    double documents = pt_side_documents(side, &equal);
    const char *program = pt_side_programs(side);
    const char *driver = pt_side_drivers(side);
    snprintf(text, PT_DIFF_SENTENCE_BYTES, "%.120s%s%.60s, %s%s documents%s",
             program[0] != '\0' ? program : "unknown program",
             driver[0] != '\0' ? ", libmongoc " : ", unknown driver", driver, equal ? "" : "about ",
             PT_COUNT((int64_t)documents), equal && side->count > 1 ? " each" : "");
}

/* The largest distance of the range's ends from the change. */
static double half_width(const struct pt_diff_row *row)
{
    return fmax(row->high - row->change, row->change - row->low);
}

/* The range narrows with the square root of the number of runs. */
static double more_runs(const struct pt_diff *diff, const struct pt_diff_row *run)
{
    double runs = (double)(diff->a->count < diff->b->count ? diff->a->count : diff->b->count);
    double goal = fmax(WANTED_CHANGE - run->floor, WANTED_CHANGE / 5.0);
    double needed = runs * (half_width(run) / goal) * (half_width(run) / goal);
    return fmax(1.0, ceil(needed - runs));
}

static void say_unclear(const struct pt_diff *diff, const struct pt_diff_row *run, char *text)
{
    double more = more_runs(diff, run);
    char number[32];
    snprintf(number, sizeof number, more > MORE_HIGHEST ? "More than %.0f" : "%.0f",
             fmin(more, MORE_HIGHEST));
    snprintf(text, PT_DIFF_SENTENCE_BYTES,
             "Cannot tell: runs differ by %.0f %% among themselves. %s more of each should show a "
             "change of %.0f %%.",
             100.0 * diff->spread, number, 100.0 * WANTED_CHANGE);
}

static void say_few_runs(const struct pt_diff *diff, char *text)
{
    bool single = diff->a->count == 1 && diff->b->count == 1;
    char runs[64];
    snprintf(runs, sizeof runs, "%zu + %zu runs", diff->a->count, diff->b->count);
    snprintf(text, PT_DIFF_SENTENCE_BYTES,
             "%s: differences between runs are unknown, so there is no verdict on the whole run. "
             "Phases are compared by the medians of their calls, which are not independent of each "
             "other. 4 runs of each can show more.",
             single ? "One run each" : runs);
}

static bool phases_differ(const struct pt_diff *diff)
{
    for (size_t i = 1; i < diff->count; i++) {
        bool phase = diff->rows[i].kind == PT_ROW_PHASE;
        if (phase && diff->rows[i].verdict != PT_ROW_SAME) {
            return true;
        }
    }
    return false;
}

static void say_same(const struct pt_diff *diff, const struct pt_diff_row *run, char *text)
{
    char first[64];
    snprintf(first, sizeof first, "No phase differs by more than %.3g %%. ",
             100.0 * diff->floors.ratio);
    snprintf(text, PT_DIFF_SENTENCE_BYTES,
             "%sSmallest change these %zu + %zu runs can show: %.1f %%.",
             phases_differ(diff) ? "" : first, diff->a->count, diff->b->count,
             100.0 * (half_width(run) + run->floor));
}

void pt_diff_advice(const struct pt_diff *diff, char *text)
{
    const struct pt_diff_row *run = &diff->rows[0];
    text[0] = '\0';
    if (diff->by_calls) {
        say_few_runs(diff, text);
    } else if (run->verdict == PT_ROW_UNCLEAR && run->has_range) {
        say_unclear(diff, run, text);
    } else if (run->verdict == PT_ROW_SAME) {
        say_same(diff, run, text);
    }
}

/* The only phase that changed in the direction of the run; NULL: there are none or several. */
static const struct pt_diff_row *only_phase(const struct pt_diff *diff)
{
    const struct pt_diff_row *found = NULL;
    for (size_t i = 1; i < diff->count; i++) {
        const struct pt_diff_row *row = &diff->rows[i];
        if (row->kind == PT_ROW_PHASE && row->verdict == diff->rows[0].verdict) {
            if (found != NULL) {
                return NULL;
            }
            found = row;
        }
    }
    return found;
}

static double per_document(const struct pt_side *side, const char *phase, double sum_ns)
{
    struct pt_sample documents = {0};
    for (size_t i = 0; i < side->count; i++) {
        const struct pt_phase_figures *figures = pt_run_phase(&side->runs[i], phase);
        pt_sample_add(&documents, figures != NULL ? (double)figures->documents : 0.0, 1.0);
    }
    pt_sample_sort(&documents);
    double median = pt_sample_median(&documents);
    pt_sample_release(&documents);
    return median > 0.0 ? sum_ns / median : 0.0;
}

/* Its durations are CPU time; an annotated phase of that name is another thing. */
static bool is_masking(const struct pt_diff *diff, const char *name)
{
    static const char masking[] = "Document Masking";
    const struct pt_phase_figures *phase = pt_run_phase(&diff->b->runs[0], name);
    return phase != NULL && phase->recognised && strncmp(name, masking, strlen(masking)) == 0;
}

void pt_diff_cause(const struct pt_diff *diff, char *text)
{
    const struct pt_diff_row *run = &diff->rows[0];
    bool differs = run->verdict == PT_ROW_SLOWER || run->verdict == PT_ROW_FASTER;
    const struct pt_diff_row *row = differs ? only_phase(diff) : NULL;
    double part = row != NULL ? (row->b - row->a) / (run->b - run->a) : 0.0;
    text[0] = '\0';
    if (part < EXPLAINS_LEAST || part > EXPLAINS_MOST) {
        return;
    }
    double a = per_document(diff->a, row->name, row->a);
    double b = per_document(diff->b, row->name, row->b);
    bool masking = is_masking(diff, row->name);
    if (a > 0.0 && b > 0.0) {
        snprintf(text, PT_DIFF_SENTENCE_BYTES, "Cause: %.160s, %s -> %s per document.",
                 masking ? "CPU time of the masking itself" : row->name, PT_DURATION(llround(a)),
                 PT_DURATION(llround(b)));
    }
}

const char *pt_diff_floor(const struct pt_diff *diff, char *text)
{
    double ns = diff->floors.ns;
    if (ns < 1e9) {
        snprintf(text, PT_DIFF_FLOOR_BYTES, "%.3g ms", ns / 1e6);
    } else {
        snprintf(text, PT_DIFF_FLOOR_BYTES, "%.3g s", ns / 1e9);
    }
    return text;
}

void pt_diff_legend(const struct pt_diff *diff, char *text)
{
    char floor[PT_DIFF_FLOOR_BYTES];
    snprintf(text, PT_DIFF_SENTENCE_BYTES, "\"same\": the range lies within %.3g %%, or within %s.",
             100.0 * diff->floors.ratio, pt_diff_floor(diff, floor));
}
