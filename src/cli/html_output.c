/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/html_output.h"

#include <stdlib.h>

#include "cli/inputs.h"
#include "html/html_report.h"
#include "html/view_make.h"
#include "out/output.h"
#include "text/usage.h"

static int write_page(const struct pt_view *view, struct pt_output *output)
{
    if (pt_html_report(view, output->stream)) {
        return pt_output_close(output);
    }
    pt_output_abandon(output);
    return pt_fail(PT_EXIT_FAILED, "the page was not written: out of memory");
}

static int write_view(const struct pt_view *view, const struct pt_log_list *list, const char *path,
                      bool force)
{
    struct pt_output output;
    const char **inputs = pt_inputs_paths(list);
    struct pt_output_rules rules = {.mark = PT_HTML_MARK,
                                    .force = force,
                                    .inputs = inputs,
                                    .input_count = list->count,
                                    .option = "--html"};
    if (inputs == NULL) {
        return pt_fail(PT_EXIT_FAILED, "the page was not written: out of memory");
    }
    int status = pt_output_open(&output, path, &rules);
    free(inputs);
    return status == PT_EXIT_OK ? write_page(view, &output) : status;
}

int pt_write_html(const struct pt_model *model, const struct pt_log_list *list, const char *path,
                  bool force)
{
    struct pt_view *view;
    const char *log_path;
    int code = pt_view_make(model, &view, &log_path);
    int status =
        code == PT_LOG_OK ? write_view(view, list, path, force) : pt_fail_log(code, log_path);
    pt_view_free(view);
    return status;
}
