/* SPDX-License-Identifier: Apache-2.0 */
#include "html/view_make.h"

#include <stdlib.h>

#include "base/saturate.h"
#include "html/view_events.h"
#include "log/log_reader.h"

static int64_t count_events(const struct pt_model *model)
{
    int64_t count = 0;
    for (size_t i = 0; i < model->process_count; i++) {
        const struct pt_process *process = model->processes[i];
        count = pt_add(count, pt_add(process->calls, process->gaps));
        count = pt_add(count, pt_add(process->connections, process->annotations));
    }
    return count;
}

static bool prepare(struct pt_view *view, const struct pt_model *model)
{
    view->model = model;
    view->events = count_events(model);
    view->single = view->events <= PT_VIEW_SINGLE;
    view->calls.limit = view->single ? PT_VIEW_SINGLE : PT_VIEW_LONGEST;
    view->connections.limit = view->calls.limit;
    view->annotations.limit = view->calls.limit;
    view->errors.limit = PT_VIEW_LONGEST;
    bool made = pt_lanes_make(&view->lanes, model, !view->single);
    view->plots.span_ns = view->lanes.span_ns;
    return made;
}

static int read_logs(struct pt_view *view, const char **ret_path)
{
    int code = PT_LOG_OK;
    for (size_t i = 0; i < view->model->process_count && code == PT_LOG_OK; i++) {
        *ret_path = view->model->processes[i]->log_path;
        code = pt_view_read(view, i);
    }
    return code;
}

static void sort(struct pt_view *view)
{
    pt_kept_sort(&view->calls);
    pt_kept_sort(&view->connections);
    pt_kept_sort(&view->annotations);
    pt_kept_sort(&view->errors);
}

int pt_view_make(const struct pt_model *model, struct pt_view **ret_view, const char **ret_path)
{
    struct pt_view *view = calloc(1, sizeof *view);
    *ret_view = view;
    *ret_path = model->process_count > 0 ? model->processes[0]->log_path : "";
    if (view == NULL || !prepare(view, model)) {
        return PT_LOG_MEMORY;
    }
    int code = read_logs(view, ret_path);
    sort(view);
    return code;
}

void pt_view_free(struct pt_view *view)
{
    if (view == NULL) {
        return;
    }
    pt_lanes_release(&view->lanes);
    pt_words_release(&view->words);
    free(view->calls.items);
    free(view->connections.items);
    free(view->annotations.items);
    free(view->errors.items);
    free(view);
}
