/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/export_write.h"

#include "cli/export_places.h"
#include "cli/inputs.h"
#include "export/export_log.h"
#include "text/usage.h"

static int write_log(const struct pt_export_format *format, struct pt_export *export,
                     const struct pt_log_list *list, size_t index)
{
    const char *path = list->logs[index].path;
    export->place = pt_export_place(list, index);
    int code = pt_export_log(format, export, path);
    if (export->given_up) {
        return PT_EXIT_FAILED;
    }
    return code == PT_LOG_OK ? PT_EXIT_OK : pt_fail_log(code, path);
}

int pt_export_write(const struct pt_export_format *format, struct pt_export *export,
                    const struct pt_log_list *list)
{
    int status = PT_EXIT_OK;
    if (format->begin != NULL && !format->begin(export)) {
        return pt_fail(PT_EXIT_FAILED, "nothing was exported: out of memory");
    }
    for (size_t i = 0; i < list->count && status == PT_EXIT_OK; i++) {
        status = write_log(format, export, list, i);
    }
    if (format->end != NULL && !format->end(export) && status == PT_EXIT_OK) {
        status = pt_fail(PT_EXIT_FAILED, "nothing was exported: out of memory");
    }
    return status;
}
