/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/export_places.h"

#include <string.h>

static struct pt_otlp_process process_of(const struct pt_log_identity *log)
{
    return (struct pt_otlp_process){log->boot_id, log->pid_namespace, log->process.pid,
                                    log->process.start_ticks, log->start_ns};
}

static struct pt_span_id span_of(const struct pt_log_identity *log)
{
    struct pt_otlp_process process = process_of(log);
    return pt_otlp_span_id(&process, (struct pt_otlp_event){.kind = PT_OTLP_PROCESS});
}

/* Logs are sorted by start, so it is its first process. */
static const struct pt_log_identity *first_of_run(const struct pt_log_list *list, int run)
{
    size_t i = 0;
    while (list->logs[i].run_number != run) {
        i++;
    }
    return &list->logs[i];
}

/* The log of that process which began last before `of`: a process that calls exec has several.
 * NULL: there is none. */
static const struct pt_log_identity *find(const struct pt_log_list *list,
                                          const struct pt_log_identity *of,
                                          const struct pt_process_id *process)
{
    const struct pt_log_identity *found = NULL;
    for (const struct pt_log_identity *log = list->logs; log < of; log++) {
        if (log->run_number == of->run_number && log->pid_namespace == of->pid_namespace &&
            process->pid > 0 && log->process.pid == process->pid &&
            log->process.start_ticks == process->start_ticks) {
            found = log;
        }
    }
    return found;
}

/* The nearest log above this one, which is not the first of its run. */
static const struct pt_log_identity *parent_of(const struct pt_log_list *list,
                                               const struct pt_log_identity *log)
{
    const struct pt_process_id *ancestors[] = {&log->process, &log->parent, &log->grandparent};
    for (size_t i = 0; i < sizeof ancestors / sizeof ancestors[0]; i++) {
        const struct pt_log_identity *found = find(list, log, ancestors[i]);
        if (found != NULL) {
            return found;
        }
    }
    return first_of_run(list, log->run_number);
}

static bool has_context(const struct pt_log_identity *log)
{
    return pt_otlp_is_id(log->trace_id, PT_TRACE_ID_CHARS) &&
           pt_otlp_is_id(log->parent_span_id, PT_SPAN_ID_CHARS);
}

static bool has_context_of_its_own(const struct pt_log_identity *log,
                                   const struct pt_log_identity *first)
{
    return has_context(log) &&
           (log == first || !has_context(first) || strcmp(log->trace_id, first->trace_id) != 0 ||
            strcmp(log->parent_span_id, first->parent_span_id) != 0);
}

struct pt_otlp_place pt_export_place(const struct pt_log_list *list, size_t index)
{
    const struct pt_log_identity *log = &list->logs[index];
    const struct pt_log_identity *first = first_of_run(list, log->run_number);
    struct pt_otlp_process process = process_of(first);
    struct pt_otlp_place place = {
        .trace =
            pt_otlp_trace_id(has_context(first) ? first->trace_id : NULL, first->run, &process)};
    if (has_context_of_its_own(log, first)) {
        place.trace = pt_otlp_trace_id(log->trace_id, NULL, &process);
        memcpy(place.parent.text, log->parent_span_id, sizeof place.parent.text);
    } else if (log != first) {
        place.parent = span_of(parent_of(list, log));
    }
    return place;
}
