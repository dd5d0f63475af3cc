/* SPDX-License-Identifier: Apache-2.0 */
/* page_facts.h: the figures of the page, as keys of an open JSON object: those of the summary and
 * of the report, from the same model. One thread. */
#ifndef PHASETAP_PAGE_FACTS_H
#define PHASETAP_PAGE_FACTS_H

#include "model/model.h"
#include "text/json_out.h"

/* Rows of the table of collections; what is beyond is one row. */
#define PT_FACTS_WORKS 2000

void pt_page_facts(struct pt_json *json, const struct pt_model *model);

#endif
