/* SPDX-License-Identifier: Apache-2.0 */
/* The annotation interface: phases that the program itself began and ended. */
#include "intake/intake_annotations.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/saturate.h"
#include "log/bson_field.h"

static uint8_t *copy_document(const struct pt_record *record, const char *key)
{
    uint32_t length = 0;
    const uint8_t *data = pt_field_document(record, key, &length);
    uint8_t *copy = data != NULL ? malloc(length) : NULL;
    if (copy != NULL) {
        memcpy(copy, data, length);
    }
    return copy;
}

/* Index of the open phase with number q, or -1. The innermost stands last. */
static int find_open(const struct pt_recorded_thread *thread, int32_t q)
{
    for (size_t i = thread->open_count; i > 0; i--) {
        if (thread->open[i - 1].q == q) {
            return (int)(i - 1);
        }
    }
    return -1;
}

static bool make_room(struct pt_recorded_thread *thread)
{
    if (thread->open_count == PT_OPEN_PHASES) {
        return false;
    }
    void *open = pt_array_reach(thread->open, &thread->open_room, thread->open_count, 8,
                                sizeof *thread->open);
    if (open == NULL) {
        return false;
    }
    thread->open = open;
    return true;
}

static void count_annotation(struct pt_intake *intake, struct pt_recorded_thread *thread,
                             const struct pt_record *record)
{
    int64_t cut = pt_max(0, pt_field_int(record, "cut", 0));
    intake->model->metadata_cut = pt_add(intake->model->metadata_cut, cut);
    intake->process->annotations++;
    thread->events++;
}

void pt_intake_begin(struct pt_intake *intake, const struct pt_record *record)
{
    struct pt_recorded_thread *thread =
        pt_process_thread(intake->process, (int32_t)pt_field_int(record, "th", 0));
    int64_t moment = pt_field_int(record, "t", -1);
    if (thread == NULL || !pt_intake_moment(intake, moment, 0) || !make_room(thread)) {
        return;
    }
    count_annotation(intake, thread, record);
    int outer = find_open(thread, (int32_t)pt_field_int(record, "parent", 0));
    int32_t parent = outer >= 0 ? thread->open[outer].phase : 0;
    size_t at = thread->open_count++;
    thread->open[at].q = (int32_t)pt_field_int(record, "q", 0);
    thread->open[at].phase = (int32_t)pt_field_int(record, "ph", 0);
    thread->open[at].entry = (struct pt_entry){.process = intake->process,
                                               .kind = PT_ENTRY_ANNOTATED,
                                               .start_ns = moment,
                                               .thread = thread->number,
                                               .command = -1,
                                               .parent = parent,
                                               .metadata = copy_document(record, "m")};
}

/* Takes the open entry with number q; one whose begin was lost starts from what the end tells. */
static struct pt_entry take_open(struct pt_intake *intake, struct pt_recorded_thread *thread,
                                 int32_t q)
{
    int at = find_open(thread, q);
    if (at < 0) {
        return (struct pt_entry){.process = intake->process,
                                 .kind = PT_ENTRY_ANNOTATED,
                                 .thread = thread->number,
                                 .command = -1};
    }
    struct pt_entry entry = thread->open[at].entry;
    size_t behind = thread->open_count - (size_t)at - 1;
    memmove(&thread->open[at], &thread->open[at + 1], behind * sizeof *thread->open);
    thread->open_count--;
    return entry;
}

/* The original's convention: a result that says "failed" is a failure. */
static bool says_failed(const uint8_t *result)
{
    bson_t document;
    bson_iter_t iter;
    uint32_t length;
    if (result == NULL) {
        return false;
    }
    memcpy(&length, result, sizeof length);
    return pt_iter_open(result, length, &document, &iter) && bson_iter_find(&iter, "status") &&
           bson_iter_type(&iter) == BSON_TYPE_UTF8 &&
           strcmp(bson_iter_utf8(&iter, NULL), "failed") == 0;
}

void pt_intake_finish(struct pt_intake *intake, const struct pt_record *record)
{
    struct pt_recorded_thread *thread =
        pt_process_thread(intake->process, (int32_t)pt_field_int(record, "th", 0));
    int64_t start = pt_field_int(record, "t", -1);
    int64_t duration = pt_field_int(record, "d", -1);
    if (thread == NULL || !pt_intake_moment(intake, start, duration)) {
        return;
    }
    count_annotation(intake, thread, record);
    struct pt_entry entry = take_open(intake, thread, (int32_t)pt_field_int(record, "q", 0));
    struct pt_phase_stats *phase = pt_intake_phase(intake, (int32_t)pt_field_int(record, "ph", 0));
    if (phase == NULL) {
        pt_entry_release(&entry);
        return;
    }
    entry.start_ns = start;
    entry.end_ns = pt_add(start, duration);
    entry.duration_ns = duration;
    entry.result_metadata = copy_document(record, "rm");
    entry.failed = says_failed(entry.result_metadata);
    pt_phase_add(phase, &entry, intake->model->entries_limit);
}

void pt_intake_close_open(struct pt_intake *intake, struct pt_recorded_thread *thread)
{
    for (size_t i = 0; i < thread->open_count; i++) {
        struct pt_entry *entry = &thread->open[i].entry;
        struct pt_phase_stats *phase = pt_intake_phase(intake, thread->open[i].phase);
        if (phase == NULL) {
            pt_entry_release(entry);
            continue;
        }
        entry->open = true;
        intake->model->open_phases++;
        pt_phase_add(phase, entry, intake->model->entries_limit);
    }
    thread->open_count = 0;
}

void pt_intake_misuse(struct pt_intake *intake, const struct pt_record *record)
{
    int32_t what = (int32_t)pt_field_int(record, "w", 0);
    int32_t phase = (int32_t)pt_max(0, pt_field_int(record, "ph", 0));
    size_t at = 0;
    while (at < intake->misuse_count &&
           (intake->misuses[at].what != what || intake->misuses[at].phase != phase)) {
        at++;
    }
    if (at == PT_MISUSES_HIGHEST) {
        intake->misuses_rest++;
        return;
    }
    if (at == intake->misuse_count) {
        intake->misuses[intake->misuse_count++].what = what;
        intake->misuses[at].phase = phase;
    }
    intake->misuses[at].count++;
}

void pt_intake_close_misuses(struct pt_intake *intake)
{
    struct pt_model *model = intake->model;
    for (size_t i = 0; i < intake->misuse_count; i++) {
        int32_t phase = intake->misuses[i].phase;
        const char *name =
            phase > 0 ? pt_names_text(&intake->process->names, PT_NAME_PHASE, phase) : NULL;
        pt_model_misuse(model, intake->misuses[i].what, name, intake->misuses[i].count);
    }
    model->misuse_total = pt_add(model->misuse_total, intake->misuses_rest);
}

void pt_intake_reset(struct pt_intake *intake, const struct pt_record *record)
{
    struct pt_model *model = intake->model;
    int64_t t_ns = pt_field_int(record, "t", -1);
    if (!pt_intake_moment(intake, t_ns, 0)) {
        return;
    }
    model->reset_total++;
    if (model->reset_count < PT_RESETS_HIGHEST) {
        model->resets[model->reset_count++] =
            (struct pt_reset){t_ns, pt_add(t_ns, intake->process->wall_offset_ns)};
    }
}

void pt_intake_throughput(struct pt_intake *intake, const struct pt_record *record)
{
    struct pt_model *model = intake->model;
    double seconds = pt_field_double(record, "s", -1.0);
    int64_t documents = pt_field_int(record, "n", -1);
    if (documents < 0 || !(seconds >= 0.0)) {
        intake->process->implausible++;
        return;
    }
    model->throughput_total++;
    if (model->throughput_count < PT_THROUGHPUTS_HIGHEST) {
        model->throughputs[model->throughput_count++] = (struct pt_throughput){documents, seconds};
    }
}
