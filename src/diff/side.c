/* SPDX-License-Identifier: Apache-2.0 */
#include "diff/side.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "text/human.h"

const char *const PT_UNLIKE_NAMES[] = {"program", "driver", "documents", "incomplete", NULL};

bool pt_side_add(struct pt_side *side, struct pt_run_figures *run)
{
    struct pt_run_figures *runs =
        pt_array_reach(side->runs, &side->room, side->count, 8, sizeof *runs);
    if (runs == NULL) {
        return false;
    }
    side->runs = runs;
    runs[side->count++] = *run;
    *run = (struct pt_run_figures){0};
    return true;
}

void pt_side_release(struct pt_side *side)
{
    for (size_t i = 0; i < side->count; i++) {
        pt_run_figures_release(&side->runs[i]);
    }
    free(side->runs);
    *side = (struct pt_side){0};
}

double pt_side_documents(const struct pt_side *side, bool *ret_equal)
{
    struct pt_sample sample = {0};
    *ret_equal = true;
    for (size_t i = 0; i < side->count; i++) {
        pt_sample_add(&sample, (double)side->runs[i].documents, 1.0);
        *ret_equal &= side->runs[i].documents == side->runs[0].documents;
    }
    pt_sample_sort(&sample);
    double median = pt_sample_median(&sample);
    pt_sample_release(&sample);
    return median;
}

static const char *or_nothing(const char *text)
{
    return text != NULL ? text : "";
}

const char *pt_side_programs(const struct pt_side *side)
{
    return side->count > 0 ? or_nothing(side->runs[0].programs) : "";
}

const char *pt_side_drivers(const struct pt_side *side)
{
    return side->count > 0 ? or_nothing(side->runs[0].drivers) : "";
}

static const char *fact_of(const struct pt_run_figures *run, enum pt_unlike what)
{
    const char *fact = what == PT_UNLIKE_PROGRAM ? run->programs : run->drivers;
    return fact != NULL ? fact : "";
}

/* The first run whose fact is another one than that of the side's first run. */
static const struct pt_run_figures *differing(const struct pt_side *side, const char *fact,
                                              enum pt_unlike what)
{
    for (size_t i = 0; i < side->count; i++) {
        if (strcmp(fact_of(&side->runs[i], what), fact) != 0) {
            return &side->runs[i];
        }
    }
    return NULL;
}

/* A fact that one of them does not know makes no difference. */
static bool same_fact(const struct pt_side *a, const struct pt_side *b, enum pt_unlike what,
                      char *why, size_t room)
{
    const char *label = what == PT_UNLIKE_DRIVER ? "libmongoc " : "";
    const struct pt_side *sides[] = {a, b};
    const char *fact = fact_of(&a->runs[0], what);
    for (int i = 0; i < 2; i++) {
        const struct pt_run_figures *other = differing(sides[i], fact, what);
        const char *found = other != NULL ? fact_of(other, what) : "";
        if (fact[0] == '\0' || found[0] == '\0') {
            continue;
        }
        if (sides[i] == a) {
            snprintf(why, room, "A has runs of %s%s and of %s%s (--allow %s)", label, fact, label,
                     found, what == PT_UNLIKE_DRIVER ? "driver" : "program");
        } else {
            snprintf(why, room, "A ran %s%s, B %s (--allow %s)", label, fact, found,
                     what == PT_UNLIKE_DRIVER ? "driver" : "program");
        }
        return false;
    }
    return true;
}

static bool is_near(double one, double other)
{
    return fabs(one - other) <= PT_DOCUMENTS_TOLERANCE * fmax(one, other);
}

static bool same_documents(const struct pt_side *a, const struct pt_side *b, char *why, size_t room)
{
    const struct pt_side *sides[] = {a, b};
    bool equal;
    double documents[] = {pt_side_documents(a, &equal), pt_side_documents(b, &equal)};
    for (int i = 0; i < 2; i++) {
        for (size_t at = 0; at < sides[i]->count; at++) {
            int64_t found = sides[i]->runs[at].documents;
            if (!is_near((double)found, documents[i])) {
                snprintf(why, room,
                         "%c has a run of %s documents among runs of %s (--allow documents)",
                         "AB"[i], PT_COUNT(found), PT_COUNT((int64_t)documents[i]));
                return false;
            }
        }
    }
    if (!is_near(documents[0], documents[1])) {
        snprintf(why, room, "A has %s documents, B has %s (--allow documents)",
                 PT_COUNT((int64_t)documents[0]), PT_COUNT((int64_t)documents[1]));
        return false;
    }
    return true;
}

static bool all_complete(const struct pt_side *side, char letter, char *why, size_t room)
{
    for (size_t i = 0; i < side->count; i++) {
        const struct pt_run_figures *run = &side->runs[i];
        if (!run->complete) {
            snprintf(why, room, "%c holds only a part of a run, '%s': %s (--allow incomplete)",
                     letter, run->source, or_nothing(run->ended));
            return false;
        }
        if (run->missing != NULL) {
            snprintf(why, room, "the figures of %c are not whole, '%s': %s (--allow incomplete)",
                     letter, run->source, run->missing);
            return false;
        }
    }
    return true;
}

bool pt_sides_are_alike(const struct pt_side *a, const struct pt_side *b, int allowed, char *why,
                        size_t room)
{
    return ((allowed & PT_UNLIKE_PROGRAM) != 0 || same_fact(a, b, PT_UNLIKE_PROGRAM, why, room)) &&
           ((allowed & PT_UNLIKE_DRIVER) != 0 || same_fact(a, b, PT_UNLIKE_DRIVER, why, room)) &&
           ((allowed & PT_UNLIKE_INCOMPLETE) != 0 ||
            (all_complete(a, 'A', why, room) && all_complete(b, 'B', why, room))) &&
           ((allowed & PT_UNLIKE_DOCUMENTS) != 0 || same_documents(a, b, why, room));
}
