/* SPDX-License-Identifier: Apache-2.0 */
/* The last lines: whether the log is whole, what the profiler cost, and notes. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "render/screen_sections.h"

#define TEXT_BYTES 256

/* "-": everything is there. */
static const char *gap_of(const struct pt_profiler_cost *cost)
{
    if (cost->dropped > 0 || cost->torn > 0 || cost->damaged_bytes > 0) {
        return "not complete, see above";
    }
    return cost->left_out > 0 ? "full, see above" : "complete";
}

static void put_state(const struct pt_screen *screen)
{
    const struct pt_profiler_cost *cost = &screen->cost;
    char text[TEXT_BYTES];
    int at = snprintf(text, sizeof text, "%s: %s %s, %s; profiler cost %s", gap_of(cost),
                      PT_COUNT(cost->events), cost->events == 1 ? "event" : "events",
                      PT_BYTES(cost->log_bytes), PT_DURATION(cost->overhead_ns));
    if (screen->run_ns > 0) {
        double percent = 100.0 * (double)cost->overhead_ns / (double)screen->run_ns;
        snprintf(text + at, sizeof text - (size_t)at,
                 percent < 0.01 ? " (under 0.01 %%)" : " (%.2f %%)", percent);
    }
    pt_screen_line(screen, "Log", text);
}

/* Beyond the alarms: what a reader may want to know, but which changes no figure. */
static void put_notes(const struct pt_screen *screen)
{
    const struct pt_model *model = screen->model;
    size_t first = model->alarm_count;
    char text[TEXT_BYTES];
    if (first == model->note_count) {
        return;
    }
    if (!screen->options->checks && !screen->options->all) {
        snprintf(text, sizeof text, "%zu (-v prints %s)", model->note_count - first,
                 model->note_count - first == 1 ? "it" : "them");
        pt_screen_line(screen, "Notes", text);
        return;
    }
    for (size_t i = first; i < model->note_count; i++) {
        pt_screen_line(screen, i == first ? "Notes" : "", model->notes[i]);
    }
}

void pt_screen_log(const struct pt_screen *screen)
{
    put_state(screen);
    put_notes(screen);
}

void pt_screen_log_json(const struct pt_screen *screen, struct pt_json *json)
{
    const struct pt_model *model = screen->model;
    const struct pt_profiler_cost *cost = &screen->cost;
    pt_json_open_object(json, "log");
    pt_json_string(json, "state", gap_of(cost));
    pt_json_int(json, "events", cost->events);
    pt_json_int(json, "events_only_in_totals", cost->left_out);
    pt_json_int(json, "events_dropped", cost->dropped);
    pt_json_int(json, "bytes", cost->log_bytes);
    pt_json_seconds(json, "profiler_cost_seconds", cost->overhead_ns);
    pt_json_close_object(json);
    pt_json_open_array(json, "notes");
    for (size_t i = model->alarm_count; i < model->note_count; i++) {
        pt_json_string(json, NULL, model->notes[i]);
    }
    pt_json_close_array(json);
}
