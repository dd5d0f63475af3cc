/* SPDX-License-Identifier: Apache-2.0 */
/* What of the run is shown, if that is not all of it. */
#include <string.h>

#include "render/screen_sections.h"

#define TEXT_BYTES 1024

static void put_text(const struct pt_screen *screen, const char *before, const char *name,
                     const char *behind)
{
    char text[TEXT_BYTES];
    struct pt_paragraph line = {.indent = 2, .first = "", .text = text, .style = PT_WARN};
    snprintf(text, sizeof text, "%s%.512s%s", before, name, behind);
    pt_page_paragraph(screen->page, &line);
}

static void put_times(const struct pt_screen *screen)
{
    const struct pt_screen_options *options = screen->options;
    char text[TEXT_BYTES];
    int at = 0;
    if (options->since != NULL) {
        at = snprintf(text, sizeof text, "at %.64s or later", options->since);
    }
    if (options->until != NULL) {
        snprintf(text + at, sizeof text - (size_t)at, "%sbefore %.64s", at > 0 ? ", and " : "",
                 options->until);
    }
    put_text(screen, "Only what began ", text, ".");
}

void pt_screen_filter(const struct pt_screen *screen)
{
    const struct pt_screen_options *options = screen->options;
    if (options->thread != NULL) {
        put_text(screen, "Only thread ", options->thread, ".");
    }
    if (options->since != NULL || options->until != NULL) {
        put_times(screen);
    }
    if (options->name_space != NULL) {
        put_text(screen, "Only calls on ", options->name_space,
                 "; connecting, masking and waiting belong to no collection.");
    }
}

void pt_screen_filter_json(const struct pt_screen *screen, struct pt_json *json)
{
    const struct pt_screen_options *options = screen->options;
    pt_json_open_object(json, "filter");
    pt_json_string(json, "thread", options->thread);
    pt_json_string(json, "since", options->since);
    pt_json_string(json, "until", options->until);
    pt_json_string(json, "namespace", options->name_space);
    pt_json_close_object(json);
}
