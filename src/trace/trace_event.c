/* SPDX-License-Identifier: Apache-2.0 */
#include "trace/trace_event.h"

#include "log/bson_field.h"

/* NULL for id 0, which means: not known. */
static const char *name_of(struct pt_process *process, enum pt_name_class class, int32_t id)
{
    return id > 0 ? pt_names_text(&process->names, class, id) : NULL;
}

/* False when the document makes no sense. */
static bool place(const struct pt_process *process, struct pt_trace_event *event, int32_t thread,
                  int64_t t_ns, int64_t d_ns)
{
    event->thread = thread;
    event->start_ns = pt_add(t_ns, process->wall_offset_ns);
    event->duration_ns = d_ns;
    return t_ns >= 0 && d_ns >= 0 && thread >= 0 && thread <= PT_THREADS_HIGHEST;
}

static bool take_span(struct pt_process *process, const struct pt_doc_span *span,
                      struct pt_trace_event *event)
{
    event->kind = PT_TRACE_CALL;
    event->call = span->q;
    event->failed = span->st != PT_STATUS_OK;
    event->phase = name_of(process, PT_NAME_PHASE, span->ph);
    event->function = name_of(process, PT_NAME_FUNCTION, span->f);
    event->name_space = name_of(process, PT_NAME_NAMESPACE, span->ns);
    event->client = span->cl;
    event->documents = pt_max(0, span->n);
    event->bytes = pt_max(0, span->b);
    event->commands = pt_max(0, span->c);
    event->cpu_ns = span->cpu;
    event->network_ns = pt_max(0, span->net);
    event->server_wait_ns = pt_max(0, span->wait);
    event->connecting_ns = pt_max(0, span->con);
    return place(process, event, span->th, span->t, span->d);
}

static bool take_gap(struct pt_process *process, const struct pt_doc_gap *gap,
                     struct pt_trace_event *event)
{
    bool masked = gap->rn > 0 || gap->wn > 0;
    event->kind = PT_TRACE_GAP;
    event->call = gap->q;
    event->phase = masked ? name_of(process, PT_NAME_PHASE, PT_PHASE_MASKING) : NULL;
    event->documents = pt_max(0, pt_max(gap->rn, gap->wn));
    event->bytes = pt_max(0, gap->wb);
    event->cpu_ns = gap->cpu;
    return place(process, event, gap->th, gap->t, gap->d);
}

static bool take_connection(struct pt_process *process, const struct pt_doc_connection *connection,
                            struct pt_trace_event *event)
{
    event->kind = PT_TRACE_CONNECTION;
    event->call = connection->q;
    event->phase = name_of(process, PT_NAME_PHASE, PT_PHASE_CONNECTION);
    event->failed = connection->st != PT_STATUS_OK;
    event->client = connection->cl;
    return place(process, event, connection->th, connection->t, connection->d);
}

static bool take_command(struct pt_process *process, const struct pt_doc_command *command,
                         struct pt_trace_event *event)
{
    event->kind = PT_TRACE_COMMAND;
    event->call = command->q;
    event->command = pt_names_text(&process->names, PT_NAME_COMMAND, command->cmd);
    event->failed = command->st != PT_STATUS_OK;
    event->code = command->code;
    event->server = name_of(process, PT_NAME_SERVER, command->srv);
    event->client = command->cl;
    event->documents = pt_max(0, command->n);
    event->bytes = pt_max(0, command->b);
    return place(process, event, command->th, command->t, command->d);
}

static bool take_error(struct pt_process *process, const struct pt_doc_error *error,
                       struct pt_trace_event *event)
{
    event->kind = PT_TRACE_ERROR;
    event->call = error->q;
    event->failed = true;
    event->where = error->w;
    event->domain = error->dom;
    event->code = error->code;
    event->documents = pt_max(0, error->n);
    event->name_space = name_of(process, PT_NAME_NAMESPACE, error->ns);
    event->thread = error->th;
    return error->th >= 0 && error->th <= PT_THREADS_HIGHEST;
}

static bool take_finish(struct pt_process *process, const struct pt_record *record,
                        struct pt_trace_event *event)
{
    event->kind = PT_TRACE_ANNOTATION;
    event->call = (int32_t)pt_field_int(record, "q", 0);
    event->phase = name_of(process, PT_NAME_PHASE, (int32_t)pt_field_int(record, "ph", 0));
    return place(process, event, (int32_t)pt_field_int(record, "th", 0),
                 pt_field_int(record, "t", -1), pt_field_int(record, "d", -1));
}

static bool take_rest(struct pt_process *process, const struct pt_record *record,
                      struct pt_trace_event *event)
{
    if (record->kind == PT_KIND_FINISH) {
        return take_finish(process, record, event);
    }
    if (record->kind == PT_KIND_SAMPLE) {
        event->kind = PT_TRACE_SAMPLE;
        event->sample = PT_AS(sample, record);
        return place(process, event, 0, event->sample->t, 0);
    }
    if (record->kind == PT_KIND_SYSTEM) {
        event->kind = PT_TRACE_SYSTEM;
        event->system = PT_AS(system, record);
        return place(process, event, 0, event->system->t, 0);
    }
    return false;
}

bool pt_trace_event_of(struct pt_process *process, const struct pt_record *record,
                       struct pt_trace_event *event)
{
    switch (record->kind) {
    case PT_KIND_SPAN:
        return take_span(process, PT_AS(span, record), event);
    case PT_KIND_GAP:
        return take_gap(process, PT_AS(gap, record), event);
    case PT_KIND_CONNECTION:
        return take_connection(process, PT_AS(connection, record), event);
    case PT_KIND_COMMAND:
        return take_command(process, PT_AS(command, record), event);
    case PT_KIND_ERROR:
        return take_error(process, PT_AS(error, record), event);
    default:
        return take_rest(process, record, event);
    }
}

const char *pt_trace_kind_text(enum pt_trace_kind kind)
{
    static const char *const texts[] = {
        [PT_TRACE_CALL] = "call",     [PT_TRACE_CONNECTION] = "connection",
        [PT_TRACE_GAP] = "gap",       [PT_TRACE_COMMAND] = "command",
        [PT_TRACE_ERROR] = "error",   [PT_TRACE_ANNOTATION] = "annotation",
        [PT_TRACE_SAMPLE] = "sample", [PT_TRACE_SYSTEM] = "system",
    };
    return texts[kind];
}
