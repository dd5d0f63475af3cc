/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screen.h: the default output of `phasetap summary`: one screen that says what ran, what to do
 * about it, and where the time went. docs/REPORT.md, "The summary".
 *
 * The order never changes: the run, alarms ("!": data that was not written, a log that is not
 * whole, a run that has not ended or was killed), verdicts, parts of the time, threads, phases,
 * collections and servers, errors, retries, the log. Rows come by time, longest first. What is
 * below 0.1 % of the time or beyond the rows asked for is one row "n more", so that every column
 * adds up. A section with nothing in it is left out, except errors and the log.
 *
 * Text and JSON show the same facts, the verdicts in the same order. Both read a finished model;
 * stream errors are left to the caller. One thread.
 */
#ifndef PHASETAP_SCREEN_H
#define PHASETAP_SCREEN_H

#include "model/model.h"
#include "render/page.h"
#include "render/screen_options.h"

void pt_screen_text(const struct pt_model *model, const struct pt_page *page,
                    const struct pt_screen_options *options);
void pt_screen_json(const struct pt_model *model, FILE *out,
                    const struct pt_screen_options *options);

#endif
