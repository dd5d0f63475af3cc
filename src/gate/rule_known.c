/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the phases that rules name exist (rule.h). */
#include <stdio.h>
#include <string.h>

#include <phasetap/log_format.h>

#include "gate/rule.h"

#define NAME(id, constant, name, reported) ((reported) ? (name) : NULL),
static const char *const RECOGNISED[] = {PT_PHASES(NAME)};
#define RECOGNISED_COUNT (sizeof RECOGNISED / sizeof RECOGNISED[0])

static bool is_recognised(const char *name)
{
    for (size_t i = 0; i < RECOGNISED_COUNT; i++) {
        if (RECOGNISED[i] != NULL && strcmp(RECOGNISED[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Names with commas between; one that does not fit is left out, and a mark says so. */
struct names {
    char text[PT_RULE_WRONG_BYTES / 2];
    size_t length;
    bool cut;
};

static void add(struct names *names, const char *name)
{
    size_t length = strlen(name);
    if (names->length + length + 8 >= sizeof names->text) {
        names->cut = true;
        return;
    }
    names->length +=
        (size_t)snprintf(names->text + names->length, sizeof names->text - names->length, "%s%s",
                         names->length > 0 ? ", " : "", name);
}

static bool has_phase(const struct pt_run_list *lists, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t run = 0; run < lists[i].count; run++) {
            if (pt_run_phase(&lists[i].runs[run], name) != NULL) {
                return true;
            }
        }
    }
    return false;
}

/* Those of one run that phasetap does not recognise, unless an earlier run has them. */
static void add_run(struct names *names, const struct pt_run_list *lists, size_t list, size_t run)
{
    const struct pt_run_figures *runs = lists[list].runs;
    const struct pt_run_list earlier = {.runs = runs, .count = run};
    for (size_t i = 0; i < runs[run].phase_count; i++) {
        const char *name = runs[run].phases[i].name;
        if (!is_recognised(name) && !has_phase(lists, list, name) &&
            !has_phase(&earlier, 1, name)) {
            add(names, name);
        }
    }
}

static void add_all(struct names *names, const struct pt_run_list *lists, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t run = 0; run < lists[i].count; run++) {
            add_run(names, lists, i, run);
        }
    }
    for (size_t i = 0; i < RECOGNISED_COUNT; i++) {
        if (RECOGNISED[i] != NULL) {
            add(names, RECOGNISED[i]);
        }
    }
}

/* The names come last, so that a message that is too long ends within them. */
static void tell_unknown(char *wrong, const struct pt_rule *rule, const struct names *names)
{
    int used = snprintf(wrong, PT_RULE_WRONG_BYTES, "'%s': there is no phase '%s'; there are ",
                        rule->text, rule->phase);
    size_t length = used < 0 ? 0 : (size_t)used;
    if (length + sizeof ", ..." < PT_RULE_WRONG_BYTES) {
        (void)snprintf(wrong + length, PT_RULE_WRONG_BYTES - length, "%.*s%s",
                       (int)(PT_RULE_WRONG_BYTES - length - sizeof ", ..."), names->text,
                       names->cut ? ", ..." : "");
    }
}

bool pt_rules_know(const struct pt_rules *rules, const struct pt_run_list *lists, size_t count,
                   char *wrong)
{
    for (size_t i = 0; i < rules->count; i++) {
        const struct pt_rule *rule = &rules->items[i];
        bool of_phase = rule->metric != NULL && rule->metric->of_phase;
        if (of_phase && !is_recognised(rule->phase) && !has_phase(lists, count, rule->phase)) {
            struct names names = {.length = 0};
            add_all(&names, lists, count);
            tell_unknown(wrong, rule, &names);
            return false;
        }
    }
    return true;
}
