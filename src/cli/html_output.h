/* SPDX-License-Identifier: Apache-2.0 */
/* html_output.h: the HTML report of `phasetap report --html`, to a file by the rules of output.h.
 */
#ifndef PHASETAP_HTML_OUTPUT_H
#define PHASETAP_HTML_OUTPUT_H

#include "intake/log_list.h"
#include "model/model.h"

/* The model is finished and was read from that list. An exit status, after a message if it is not
 * PT_EXIT_OK; then nothing was written. */
int pt_write_html(const struct pt_model *model, const struct pt_log_list *list, const char *path,
                  bool force);

#endif
