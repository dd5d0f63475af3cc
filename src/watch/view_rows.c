/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/view_rows.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "render/columns.h"
#include "text/safe_text.h"

#define SECOND_NS 1000000000LL

void pt_view_put(struct pt_view *view, enum pt_style style, const char *format, ...)
{
    char raw[PT_VIEW_BYTES];
    va_list arguments;
    if (view->count >= view->height || view->count >= PT_VIEW_ROWS) {
        return;
    }
    va_start(arguments, format);
    vsnprintf(raw, sizeof raw, format, arguments);
    va_end(arguments);
    char *text = view->rows[view->count].text;
    pt_safe_text(text, PT_VIEW_BYTES, raw);
    text[pt_text_fit(text, view->width)] = '\0';
    view->rows[view->count++].style = style;
}

int pt_view_room(const struct pt_view *view)
{
    return view->count < view->height - 1 ? view->height - 1 - view->count : 0;
}

const char *pt_view_left(char *text, int64_t left_ns)
{
    int64_t step_ns = left_ns < 300 * SECOND_NS ? 10 * SECOND_NS : 60 * SECOND_NS;
    if (left_ns == PT_WATCH_UNKNOWN) {
        return strcpy(text, "-");
    }
    if (left_ns <= 0) {
        return strcpy(text, "none");
    }
    int64_t steps = left_ns / step_ns + (left_ns % step_ns >= step_ns / 2);
    int64_t rounded_ns = pt_max(1, steps) * step_ns;
    if (rounded_ns >= 60 * SECOND_NS) {
        return pt_human_duration(text, rounded_ns);
    }
    snprintf(text, PT_HUMAN_BYTES, "%d s", (int)(rounded_ns / SECOND_NS));
    return text;
}

const char *pt_view_program(char *text, const struct pt_process *process)
{
    snprintf(text, PT_VIEW_BYTES, "%s",
             process->program != NULL && process->program[0] != '\0' ? process->program
                                                                     : "unknown program");
    return text;
}
