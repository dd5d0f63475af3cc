/* SPDX-License-Identifier: Apache-2.0 */
/* format_functions.h: the functions of each format, for format_table.c alone. */
#ifndef PHASETAP_FORMAT_FUNCTIONS_H
#define PHASETAP_FORMAT_FUNCTIONS_H

#include "export/format.h"

#define PT_EXPORT_BEGIN(name) bool pt_##name##_begin(struct pt_export *export)
#define PT_EXPORT_LOG_BEGIN(name)                                                                  \
    bool pt_##name##_log_begin(struct pt_export *export, struct pt_trace *trace)
#define PT_EXPORT_EVENT(name)                                                                      \
    bool pt_##name##_event(struct pt_export *export, const struct pt_trace *trace,                 \
                           const struct pt_trace_event *event)
#define PT_EXPORT_LOG_END(name)                                                                    \
    bool pt_##name##_log_end(struct pt_export *export, const struct pt_trace *trace)
#define PT_EXPORT_END(name) bool pt_##name##_end(struct pt_export *export)

PT_EXPORT_BEGIN(csv);
PT_EXPORT_EVENT(csv);

PT_EXPORT_EVENT(jsonl);

PT_EXPORT_BEGIN(folded);
PT_EXPORT_EVENT(folded);
PT_EXPORT_LOG_END(folded);
PT_EXPORT_END(folded);

PT_EXPORT_BEGIN(speedscope);
PT_EXPORT_EVENT(speedscope);
PT_EXPORT_LOG_END(speedscope);
PT_EXPORT_END(speedscope);

PT_EXPORT_BEGIN(perfetto);
PT_EXPORT_LOG_BEGIN(perfetto);
PT_EXPORT_EVENT(perfetto);
PT_EXPORT_LOG_END(perfetto);
PT_EXPORT_END(perfetto);

PT_EXPORT_BEGIN(otlp);
PT_EXPORT_LOG_BEGIN(otlp);
PT_EXPORT_EVENT(otlp);
PT_EXPORT_LOG_END(otlp);
PT_EXPORT_END(otlp);

PT_EXPORT_BEGIN(otlp_metrics);
PT_EXPORT_EVENT(otlp_metrics);
PT_EXPORT_LOG_END(otlp_metrics);
PT_EXPORT_END(otlp_metrics);

bool pt_prometheus_models(struct pt_export *export, const struct pt_export_model *models,
                          size_t count);

#endif
