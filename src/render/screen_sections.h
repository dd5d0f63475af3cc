/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screen_sections.h: the sections of the summary, in the order of the screen. Each is one file with
 * a function for the text and one for the JSON, which show the same facts; the verdicts of the JSON
 * are those of the report. One thread.
 */
#ifndef PHASETAP_SCREEN_SECTIONS_H
#define PHASETAP_SCREEN_SECTIONS_H

#include "render/screen_parts.h"
#include "text/json_out.h"

/* Computes what the sections share. `page` is the caller's. In screen.c. */
void pt_screen_prepare(struct pt_screen *screen, const struct pt_model *model,
                       const struct pt_screen_options *options);

typedef void pt_section_text(const struct pt_screen *screen);
typedef void pt_section_json(const struct pt_screen *screen, struct pt_json *json);

pt_section_text pt_screen_head, pt_screen_filter, pt_screen_alarms, pt_screen_verdicts,
    pt_screen_partition, pt_screen_threads, pt_screen_phases, pt_screen_places, pt_screen_errors,
    pt_screen_log;
pt_section_json pt_screen_head_json, pt_screen_filter_json, pt_screen_alarms_json,
    pt_screen_partition_json, pt_screen_threads_json, pt_screen_phases_json, pt_screen_places_json,
    pt_screen_errors_json, pt_screen_log_json;

#endif
