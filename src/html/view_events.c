/* SPDX-License-Identifier: Apache-2.0 */
#include "html/view_events.h"

#include <string.h>

#include "base/saturate.h"
#include "log/log_texts.h"
#include "trace/trace.h"

/* One log that is being read. */
struct pass {
    struct pt_view *view;
    size_t process; /* in the model */
    int64_t offset_ns, since_ns;
    struct pt_trace trace;
    const char *phases[PT_PHASE_BUILT_IN_END]; /* as the log names them */
};

/* What the calls of a phase are drawn as. */
static int kind_of_phase(int phase)
{
    switch (phase) {
    case PT_PHASE_QUERY:
    case PT_PHASE_AGGREGATION:
        return PT_VIEW_READING;
    case PT_PHASE_INSERTION:
    case PT_PHASE_UPDATE:
    case PT_PHASE_DELETION:
        return PT_VIEW_WRITING;
    case PT_PHASE_INDEX:
        return PT_VIEW_INDEX;
    case PT_PHASE_CONSTRUCTION:
        return PT_VIEW_CONNECTING;
    case PT_PHASE_POOL_WAIT:
        return PT_VIEW_POOL_WAIT;
    default:
        return PT_VIEW_OTHER_CALL;
    }
}

/* By the address of the text: a name stands in the table of the log once. */
static int phase_of(const struct pass *pass, const char *text)
{
    for (int phase = 1; phase < PT_PHASE_BUILT_IN_END && text != NULL; phase++) {
        if (pass->phases[phase] == text) {
            return phase;
        }
    }
    return 0;
}

static struct pt_lane *lane_of(const struct pass *pass, int32_t thread, int32_t *ret_number)
{
    struct pt_lanes *lanes = &pass->view->lanes;
    *ret_number = pt_lane_of(lanes, pass->process, thread);
    return *ret_number == PT_LANE_NONE ? NULL : &lanes->items[*ret_number];
}

/* What all kinds have. */
static struct pt_kept_event begin(const struct pass *pass, const struct pt_trace_event *event,
                                  int kind)
{
    const struct pt_process *process = pass->view->model->processes[pass->process];
    struct pt_kept_event kept = {
        .start_ns = pt_sub(event->start_ns, pass->view->model->runtime_start_ns),
        .duration_ns = event->duration_ns,
        .documents = event->documents,
        .bytes = event->bytes,
        .commands = event->commands,
        .cpu_ns = event->cpu_ns,
        .network_ns = event->network_ns,
        .kind = kind,
        .thread = event->thread,
        .pid = process->pid,
        .name = PT_WORD_NONE,
        .command = PT_WORD_NONE,
        .name_space = PT_WORD_NONE,
        .server = PT_WORD_NONE,
        .client = event->client,
        .code = event->code,
        .failed = event->failed,
    };
    lane_of(pass, event->thread, &kept.lane);
    return kept;
}

/* The names, which only an event needs that is kept. */
static void keep(const struct pass *pass, struct pt_kept *list, struct pt_kept_event *kept,
                 const struct pt_trace_event *event)
{
    struct pt_words *words = &pass->view->words;
    if (!pt_kept_offer(list, kept->duration_ns)) {
        return;
    }
    kept->name = event->kind == PT_TRACE_ERROR ? pt_word(words, pt_error_where_text(event->where))
                                               : pt_word(words, event->phase);
    kept->name_space = pt_word(words, event->name_space);
    pt_kept_add(list, kept);
}

/* ---- the kinds ---- */

/* Precedes its call. */
static void take_command(const struct pass *pass, const struct pt_trace_event *event)
{
    struct pt_words *words = &pass->view->words;
    int32_t number;
    struct pt_lane *lane = lane_of(pass, event->thread, &number);
    if (lane == NULL) {
        return;
    }
    if (lane->going.thread != event->thread || lane->going.call != event->call) {
        lane->going.thread = event->thread;
        lane->going.call = event->call;
        lane->going.command = pt_word(words, event->command);
        lane->going.server = pt_word(words, event->server);
    }
}

static void spread_call(const struct pass *pass, const struct pt_kept_event *kept,
                        const struct pt_trace_event *event)
{
    int64_t parts[PT_VIEW_PARTS] = {0};
    int64_t connecting = pt_min(event->connecting_ns, event->duration_ns);
    int64_t waiting = pt_min(event->server_wait_ns, event->duration_ns - connecting);
    parts[PT_VIEW_CONNECTING] = connecting;
    parts[PT_VIEW_SERVER_WAIT] = waiting;
    parts[kept->kind] += event->duration_ns - connecting - waiting;
    pt_lane_spread(&pass->view->lanes, kept, parts);
}

static void take_call(const struct pass *pass, const struct pt_trace_event *event)
{
    int phase = phase_of(pass, event->phase);
    struct pt_kept_event kept = begin(pass, event, kind_of_phase(phase));
    if (phase == PT_PHASE_SERVER_CHECK || kept.lane == PT_LANE_NONE) {
        return; /* a check lies within the call that waits for it */
    }
    const struct pt_lane *lane = &pass->view->lanes.items[kept.lane];
    if (lane->going.thread == event->thread && lane->going.call == event->call) {
        kept.command = lane->going.command;
        kept.server = lane->going.server;
    }
    if (kept.kind == PT_VIEW_READING || kept.kind == PT_VIEW_WRITING) {
        enum pt_plot plot = kept.kind == PT_VIEW_READING ? PT_PLOT_READ : PT_PLOT_WRITTEN;
        pt_plots_documents(&pass->view->plots, plot, kept.start_ns, kept.duration_ns,
                           kept.documents);
    }
    spread_call(pass, &kept, event);
    keep(pass, &pass->view->calls, &kept, event);
}

static void take_gap(const struct pass *pass, const struct pt_trace_event *event)
{
    struct pt_kept_event kept = begin(pass, event, PT_VIEW_WAITING);
    int64_t parts[PT_VIEW_PARTS] = {0};
    if (kept.lane == PT_LANE_NONE) {
        return;
    }
    parts[PT_VIEW_COMPUTING] = pt_min(pt_max(0, event->cpu_ns), event->duration_ns);
    parts[PT_VIEW_WAITING] = event->duration_ns - parts[PT_VIEW_COMPUTING];
    pt_lane_spread(&pass->view->lanes, &kept, parts);
    if (pass->view->single) {
        keep(pass, &pass->view->calls, &kept, event);
    }
}

static void take_other(const struct pass *pass, const struct pt_trace_event *event)
{
    struct pt_view *view = pass->view;
    bool connects = event->kind == PT_TRACE_CONNECTION;
    bool failed = event->kind == PT_TRACE_ERROR;
    struct pt_kept_event kept = begin(pass, event,
                                      connects ? PT_VIEW_CONNECTING
                                      : failed ? PT_VIEW_ERROR
                                               : PT_VIEW_ANNOTATION);
    struct pt_kept *list = connects ? &view->connections
                           : failed ? &view->errors
                                    : &view->annotations;
    keep(pass, list, &kept, event);
}

static int take(void *context, const struct pt_trace_event *event)
{
    const struct pass *pass = context;
    int64_t at_ns = pt_sub(event->start_ns, pass->view->model->runtime_start_ns);
    if (pt_sub(event->start_ns, pass->offset_ns) < pass->since_ns) {
        return 0;
    }
    if (event->kind == PT_TRACE_COMMAND) {
        take_command(pass, event);
    } else if (event->kind == PT_TRACE_CALL) {
        take_call(pass, event);
    } else if (event->kind == PT_TRACE_GAP) {
        take_gap(pass, event);
    } else if (event->kind == PT_TRACE_SAMPLE) {
        pt_plots_sample(&pass->view->plots, at_ns, event->sample);
    } else if (event->kind == PT_TRACE_SYSTEM) {
        pt_plots_system(&pass->view->plots, at_ns, event->system);
    } else {
        take_other(pass, event);
    }
    return 0;
}

int pt_view_read(struct pt_view *view, size_t process)
{
    struct pass pass = {.view = view, .process = process, .since_ns = view->model->since_ns};
    int code = pt_trace_open(&pass.trace, view->model->processes[process]->log_path);
    if (code != PT_LOG_OK) {
        return code;
    }
    pass.offset_ns = pass.trace.process->wall_offset_ns;
    for (int phase = 1; phase < PT_PHASE_BUILT_IN_END; phase++) {
        pass.phases[phase] = pt_names_text(&pass.trace.process->names, PT_NAME_PHASE, phase);
    }
    code = pt_trace_walk(&pass.trace, take, &pass);
    pt_plots_end_process(&view->plots);
    pt_trace_release(&pass.trace);
    return code;
}
