/* SPDX-License-Identifier: Apache-2.0 */
#include "export/export_log.h"

struct pass {
    const struct pt_export_format *format;
    struct pt_export *export;
    struct pt_trace trace;
};

static int pass_on(void *context, const struct pt_trace_event *event)
{
    struct pass *pass = context;
    if (pass->format->event == NULL) {
        return 0;
    }
    return pass->format->event(pass->export, &pass->trace, event) ? 0 : PT_LOG_MEMORY;
}

int pt_export_log(const struct pt_export_format *format, struct pt_export *export, const char *path)
{
    struct pass pass = {.format = format, .export = export};
    int code = pt_trace_open(&pass.trace, path);
    if (code != PT_LOG_OK) {
        return code;
    }
    if (format->log_begin != NULL && !format->log_begin(export, &pass.trace)) {
        code = PT_LOG_MEMORY;
    }
    if (code == PT_LOG_OK) {
        code = pt_trace_walk(&pass.trace, pass_on, &pass);
    }
    if (code == PT_LOG_OK && format->log_end != NULL && !format->log_end(export, &pass.trace)) {
        code = PT_LOG_MEMORY;
    }
    pt_trace_release(&pass.trace);
    return code;
}
