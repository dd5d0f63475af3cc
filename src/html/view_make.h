/* SPDX-License-Identifier: Apache-2.0 */
/* view_make.h: makes a view (view.h) from the logs of a model. One thread. */
#ifndef PHASETAP_VIEW_MAKE_H
#define PHASETAP_VIEW_MAKE_H

#include "html/view.h"

/* Reads the logs of a finished model. A code of PT_LOG_CODES (log_reader.h), with the log that it
 * is about. Returns NULL in *ret_view, or what pt_view_free() releases. */
int pt_view_make(const struct pt_model *model, struct pt_view **ret_view, const char **ret_path);
void pt_view_free(struct pt_view *view);

#endif
