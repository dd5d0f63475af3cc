/* SPDX-License-Identifier: Apache-2.0 */
/* plots_json.h: the plots as JSON, for the page: `plots` of the open object. One thread. */
#ifndef PHASETAP_PLOTS_JSON_H
#define PHASETAP_PLOTS_JSON_H

#include "html/plots.h"
#include "text/json_out.h"

void pt_plots_json(struct pt_json *json, const struct pt_plots *plots);

#endif
