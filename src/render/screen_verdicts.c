/* SPDX-License-Identifier: Apache-2.0 */
/* Verdicts: a sentence with its confidence, the numbers behind it, and what to do. */
#include <stdlib.h>
#include <string.h>

#include "render/screen_sections.h"

#define INDENT 2

static void put_below(const struct pt_screen *screen, const char *text)
{
    struct pt_paragraph paragraph = {.indent = INDENT, .text = text};
    pt_page_paragraph(screen->page, &paragraph);
}

static void put_sentence(const struct pt_screen *screen, const struct pt_insight *insight,
                         size_t number)
{
    char first[16];
    char tag[16] = "";
    const char *word = pt_confidence_text(insight->confidence);
    snprintf(first, sizeof first, "%zu ", number);
    snprintf(tag, sizeof tag, "[%s]", word);
    struct pt_paragraph paragraph = {.first = first,
                                     .indent = INDENT,
                                     .first_style = PT_BOLD,
                                     .style = PT_BOLD,
                                     .text = insight->sentence,
                                     .tag = word[0] != '\0' ? tag : NULL};
    pt_page_paragraph(screen->page, &paragraph);
}

/* The sentences of numbers as one paragraph. */
static void put_numbers(const struct pt_screen *screen, const struct pt_insight *insight)
{
    char text[PT_INSIGHT_NUMBERS * PT_INSIGHT_LINE_BYTES] = "";
    for (size_t i = 0; i < insight->number_count; i++) {
        strcat(text, i > 0 ? " " : "");
        strncat(text, insight->numbers[i], sizeof text - strlen(text) - 2);
    }
    if (text[0] != '\0') {
        put_below(screen, text);
    }
}

static void put_action(const struct pt_screen *screen, const char *action)
{
    char text[PT_INSIGHT_LINE_BYTES + 8];
    size_t length = strlen(action);
    if (length == 0) {
        return;
    }
    snprintf(text, sizeof text, "Do: %s%s", action, action[length - 1] == '.' ? "" : ".");
    put_below(screen, text);
}

/* No check was made, or its verdicts are about something else. */
static void put_none(const struct pt_screen *screen)
{
    if (pt_selection_is_set(&screen->model->selection)) {
        put_below(screen, "Verdicts are made of whole runs only.");
    } else if (screen->options->name_space != NULL && screen->insights.count == 0) {
        put_below(screen, "No verdict is about this collection.");
    }
}

static void put_silent(const struct pt_screen *screen)
{
    const struct pt_insights *insights = &screen->insights;
    char text[128];
    if (insights->silent_count == 0) {
        put_none(screen);
        return;
    }
    snprintf(text, sizeof text, "%zu %s%s found nothing worth 5 %% of the run%s",
             insights->silent_count, insights->count > 0 ? "other " : "",
             insights->silent_count == 1 ? "check" : "checks",
             screen->options->checks ? ":" : " (-v lists them).");
    put_below(screen, text);
    for (size_t i = 0; screen->options->checks && i < insights->silent_count; i++) {
        struct pt_paragraph line = {
            .first = "  - ", .indent = 2 * INDENT, .text = insights->silent[i].asks};
        pt_page_paragraph(screen->page, &line);
    }
}

void pt_screen_verdicts(const struct pt_screen *screen)
{
    const struct pt_insights *insights = &screen->insights;
    for (size_t i = 0; i < insights->count; i++) {
        put_sentence(screen, &insights->items[i], i + 1);
        if (!screen->options->brief) {
            put_numbers(screen, &insights->items[i]);
            put_action(screen, insights->items[i].action);
        }
    }
    if (!screen->options->brief) {
        put_silent(screen);
        pt_screen_blank(screen);
    }
}
