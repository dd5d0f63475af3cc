/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/intake_since.h"

#include "base/saturate.h"
#include "log/bson_field.h"

/* When what the document tells began; INT64_MAX: it is told of no moment, or is needed in any case.
 */
static int64_t moment_of(const struct pt_record *record)
{
    switch (record->kind) {
    case PT_KIND_SPAN:
        return PT_AS(span, record)->t;
    case PT_KIND_GAP:
        return PT_AS(gap, record)->t;
    case PT_KIND_CONNECTION:
        return PT_AS(connection, record)->t;
    case PT_KIND_COMMAND:
        return PT_AS(command, record)->t;
    case PT_KIND_SAMPLE:
        return PT_AS(sample, record)->t;
    case PT_KIND_SYSTEM:
        return PT_AS(system, record)->t;
    case PT_KIND_BEGIN:
    case PT_KIND_FINISH:
    case PT_KIND_MISUSE:
    case PT_KIND_THROUGHPUT:
        return pt_field_int(record, "t", INT64_MAX);
    default:
        return INT64_MAX;
    }
}

/* Counters of the process grow over its life: the last values from before are where those of the
 * rest begin. */
static void keep_baseline(struct pt_intake *intake, const struct pt_record *record)
{
    if (record->kind == PT_KIND_SAMPLE) {
        pt_resources_baseline(&intake->process->resources, PT_AS(sample, record));
    }
}

static void drop_call(struct pt_intake *intake, const struct pt_doc_span *span)
{
    struct pt_recorded_thread *thread = pt_process_thread(intake->process, span->th);
    if (thread != NULL && thread->pending_call == span->q) {
        pt_intake_drop_pending(thread);
    }
}

bool pt_intake_is_before(struct pt_intake *intake, const struct pt_record *record)
{
    if (moment_of(record) >= intake->model->since_ns) {
        return false;
    }
    keep_baseline(intake, record);
    if (record->kind == PT_KIND_SPAN && PT_AS(span, record)->ph != PT_PHASE_SERVER_CHECK) {
        drop_call(intake, PT_AS(span, record));
    }
    return true;
}

void pt_intake_start_since(struct pt_intake *intake)
{
    struct pt_process *process = intake->process;
    process->start_ns = pt_max(process->start_ns, intake->model->since_ns);
    process->last_ns = pt_max(process->last_ns, process->start_ns);
}
