/* SPDX-License-Identifier: Apache-2.0 */
#include "export/format_table.h"

#include <string.h>

#include "export/format_functions.h"

const struct pt_export_format pt_export_formats[] = {
    {.name = "csv", .mark = "kind,pid,", .begin = pt_csv_begin, .event = pt_csv_event},
    {.name = "jsonl", .mark = "{\"kind\":", .event = pt_jsonl_event},
    {.name = "folded",
     .mark = NULL,
     .begin = pt_folded_begin,
     .event = pt_folded_event,
     .log_end = pt_folded_log_end,
     .end = pt_folded_end},
    {.name = "speedscope",
     .mark = "{\"$schema\":\"https://www.speedscope.app/",
     .begin = pt_speedscope_begin,
     .event = pt_speedscope_event,
     .log_end = pt_speedscope_log_end,
     .end = pt_speedscope_end},
    {.name = "perfetto",
     .mark = NULL,
     .begin = pt_perfetto_begin,
     .log_begin = pt_perfetto_log_begin,
     .event = pt_perfetto_event,
     .log_end = pt_perfetto_log_end,
     .end = pt_perfetto_end},
    {.name = "otlp",
     .mark = "{\"resourceSpans\":",
     .begin = pt_otlp_begin,
     .log_begin = pt_otlp_log_begin,
     .event = pt_otlp_event,
     .log_end = pt_otlp_log_end,
     .end = pt_otlp_end},
    {.name = "otlp-metrics",
     .mark = "{\"resourceMetrics\":",
     .begin = pt_otlp_metrics_begin,
     .event = pt_otlp_metrics_event,
     .log_end = pt_otlp_metrics_log_end,
     .end = pt_otlp_metrics_end},
    {.name = "prometheus", .mark = "#HELPphasetap_build_info", .models = pt_prometheus_models},
    {.name = NULL},
};

const struct pt_export_format *pt_export_format(const char *name)
{
    const struct pt_export_format *format = pt_export_formats;
    while (format->name != NULL && strcmp(format->name, name) != 0) {
        format++;
    }
    return format->name != NULL ? format : NULL;
}
