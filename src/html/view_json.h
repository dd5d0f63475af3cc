/* SPDX-License-Identifier: Apache-2.0 */
/*
 * view_json.h: the view as JSON, for the page: `timeline` and `plots` of the open object. Columns
 * instead of an object for each event, and shares of buckets as base64, keep it short. One thread.
 */
#ifndef PHASETAP_VIEW_JSON_H
#define PHASETAP_VIEW_JSON_H

#include "html/view.h"
#include "text/json_out.h"

void pt_view_json(struct pt_json *json, const struct pt_view *view);

#endif
