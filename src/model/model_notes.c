/* SPDX-License-Identifier: Apache-2.0 */
/* Notes: sentences that qualify the numbers of a report. */
#include "model/model_notes.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/saturate.h"
#include "model/model_sums.h"
#include "model/process_links.h"

/* A connection costs two round trips and more (the greeting, two or three for authentication,
 * others for TLS): below three calls on each, connecting takes more of them than working. */
#define CALLS_PER_CONNECTION_LOWEST 3
/* Fewer clients may be what a program needs. */
#define CLIENTS_SUSPICIOUS 10

/* Notes on ignored options: a bound, so that they leave room for the others. */
#define OPTION_NOTES_HIGHEST 12

void pt_model_note(struct pt_model *model, const char *format, ...)
{
    va_list arguments;
    char *note = NULL;
    va_start(arguments, format);
    int length = vasprintf(&note, format, arguments);
    va_end(arguments);
    if (length < 0) {
        return;
    }
    if (model->note_count == PT_NOTES_HIGHEST) {
        free(note);
        return;
    }
    model->notes[model->note_count++] = note;
}

/* Logs with no call and no driver whose calls could not be seen. */
struct silent_logs {
    int64_t count;
    bool cut, asks, driver, stopped;
};

static void add_silent(struct silent_logs *silent, const struct pt_process *process)
{
    silent->count++;
    silent->cut |= !process->has_end;
    silent->asks |= process->asks;
    silent->driver &= process->driver_count > 0;
    silent->stopped |= process->status.dropped > 0;
}

/* Only of a driver that was found is it known that calls to it would have been seen. */
static const char *silence_of(const struct silent_logs *silent)
{
    return silent->stopped   ? PT_MAYBE_UNSEEN "events were dropped"
           : !silent->driver ? PT_MAYBE_UNSEEN
               "no call reached libphasetap.so, and a static copy of the driver or another driver "
               "(as pymongo's) cannot be seen; check the program with 'phasetap check PROGRAM'"
           : silent->asks ? PT_NOTHING_SEEN "the program has made none so far"
           : silent->cut  ? PT_NOTHING_SEEN "the program made none before the log ends"
                          : PT_NOTHING_SEEN "the program made none";
}

static void note_silent(struct pt_model *model, const struct silent_logs *silent)
{
    const char *sentence = silence_of(silent);
    if (silent->count == (int64_t)model->process_count) {
        pt_model_note(model, "%s", sentence);
    } else if (silent->count > 0) {
        pt_model_note(model, "%s (in %" PRId64 " of %zu logs)", sentence, silent->count,
                      model->process_count);
    }
}

static void note_unseen(struct pt_model *model, const struct pt_process *process)
{
    char text[PT_UNSEEN_BYTES];
    for (size_t i = 0; i < process->unseen_count; i++) {
        pt_unseen_sentence(text, &process->unseen[i], !pt_process_is_silent(process), false);
        pt_model_note(model, "%s", text);
    }
}

/* The processes of a run inherit one environment: each variable is noted once. */
static void note_option(struct pt_model *model, const char *sentence)
{
    for (size_t i = 0; i < model->note_count; i++) {
        if (strcmp(model->notes[i], sentence) == 0) {
            return;
        }
    }
    if (model->note_count < OPTION_NOTES_HIGHEST) {
        pt_model_note(model, "%s", sentence);
    }
}

static void note_ignored(struct pt_model *model, const struct pt_ignored_options *ignored)
{
    char text[PT_IGNORED_BYTES];
    for (size_t i = 0; i < ignored->invalid_count; i++) {
        pt_ignored_invalid_sentence(text, ignored->invalid[i].name, ignored->invalid[i].used);
        note_option(model, text);
    }
    for (size_t i = 0; i < ignored->unknown_count; i++) {
        pt_ignored_unknown_sentence(text, ignored->unknown[i].name);
        note_option(model, text);
    }
    int64_t unnamed = ignored->unknown_total - (int64_t)ignored->unknown_count;
    if (unnamed > 0) {
        snprintf(text, sizeof text,
                 "%" PRId64
                 " more PHASETAP_* variables are no options of phasetap and were ignored",
                 unnamed);
        note_option(model, text);
    }
}

/* Of the first process whose names are not plain; those of a run have one environment. */
static void note_names(struct pt_model *model)
{
    for (size_t i = 0; i < model->process_count; i++) {
        enum pt_names_mode mode = model->processes[i]->names_mode;
        if (mode == PT_NAMES_ALIAS) {
            pt_model_note(model, "Tokens stand for names (PHASETAP_NAMES=alias): 'phasetap names "
                                 "LOG' translates them.");
            return;
        }
        if (mode == PT_NAMES_HASH) {
            pt_model_note(model, "Tokens stand for names (PHASETAP_NAMES=hash): nothing "
                                 "translates them.");
            return;
        }
    }
}

/* First of all: every other number was measured with other options than somebody asked for. */
static void note_options(struct pt_model *model)
{
    for (size_t i = 0; i < model->process_count; i++) {
        note_ignored(model, &model->processes[i]->ignored);
    }
}

/* The reason why nothing was seen comes first. That a part of a run has no call needs none. */
static void note_silence(struct pt_model *model)
{
    struct silent_logs silent = {.driver = true};
    if (pt_selection_is_set(&model->selection)) {
        return;
    }
    for (size_t i = 0; i < model->process_count; i++) {
        const struct pt_process *process = model->processes[i];
        if (pt_process_is_silent(process) && process->unseen_count == 0) {
            add_silent(&silent, process);
        } else if (pt_process_is_silent(process)) {
            note_unseen(model, process);
        }
    }
    note_silent(model, &silent);
}

static void note_partly_unseen(struct pt_model *model)
{
    for (size_t i = 0; i < model->process_count; i++) {
        if (!pt_process_is_silent(model->processes[i])) {
            note_unseen(model, model->processes[i]);
        }
    }
}

static bool is_going_on(const struct pt_model *model)
{
    const struct pt_process *ender = pt_model_ender(model);
    return ender != NULL && ender->ending == PT_ENDED_RUNNING;
}

/* Below it, the clock was slewed, or read twice with a pause between. */
#define WALL_STEP_NS 1000000000

/* Times of day are those of the start plus the monotonic clock. */
static void note_wall_step(struct pt_model *model, const struct pt_process *process)
{
    double seconds = (double)process->wall_step_ns / 1e9;
    if (process->wall_step_ns > WALL_STEP_NS || process->wall_step_ns < -WALL_STEP_NS) {
        pt_model_note(model,
                      "the clock of day was set %s by %.1f s while process %" PRId64
                      " ran; times of day are counted from its start, durations are not affected",
                      seconds < 0 ? "back" : "forward", seconds < 0 ? -seconds : seconds,
                      process->pid);
    }
    if (process->clock_back_ns > 0) {
        pt_model_note(model,
                      "the monotonic clock of process %" PRId64 " went back by %.1f s, as under a "
                      "library that fakes it: its runtime is counted up to there, and times of day "
                      "behind it are wrong",
                      process->pid, (double)process->clock_back_ns / 1e9);
    }
}

/* What is in no log at all, as far as a log can know. */
static void note_unrecorded(struct pt_model *model, const struct pt_process *process)
{
    if (process->children_lost > 0) {
        const char *reason =
            pt_names_find(&process->names, PT_NAME_REASON, process->children_reason);
        pt_model_note(model,
                      "children of process %" PRId64
                      " that used the driver and could not record it: %" PRId32
                      " (%s); see 'phasetap check --environment'",
                      process->pid, process->children_lost, reason ? reason : "unknown reason");
    }
    if (process->busy_threads > 0) {
        pt_model_note(model,
                      "threads that still used the driver when process %" PRId64 " exited: %" PRId32
                      "; what they did after that is missing",
                      process->pid, process->busy_threads);
    }
}

static const char *reason_of_loss(const struct pt_profiler_cost *cost)
{
    const char *reason = NULL;
    if (cost->dropped_by != NULL) {
        reason = pt_names_find(&cost->dropped_by->names, PT_NAME_REASON, cost->dropped_reason);
    }
    return reason != NULL ? reason : "unknown reason";
}

static void note_totals(struct pt_model *model, const struct pt_profiler_cost *cost)
{
    if (cost->left_out > cost->overflow) {
        pt_model_note(model,
                      "%" PRId64 " events are counted in totals only (the log reached its size "
                      "limit): all sums include them, but entries are missing: a sample over time, "
                      "failed calls and the slowest ones are there.",
                      cost->left_out - cost->overflow);
    }
    if (cost->overflow > 0) {
        pt_model_note(model,
                      "%" PRId64 " events are counted in totals only (%s): all sums include them, "
                      "but their entries are missing.",
                      cost->overflow, reason_of_loss(cost));
    }
}

static void note_parts(struct pt_model *model, const struct pt_process *process)
{
    if (process->facts.missing_parts > 0) {
        pt_model_note(model,
                      "%" PRIu64 " older parts of the log of process %" PRId64
                      " are missing (removed by PHASETAP_ROTATE, or moved to another folder): no "
                      "count and no total includes what they hold.",
                      process->facts.missing_parts, process->pid);
    }
}

static void note_losses(struct pt_model *model, const struct pt_profiler_cost *cost)
{
    for (size_t i = 0; i < model->process_count; i++) {
        note_parts(model, model->processes[i]);
    }
    note_totals(model, cost);
    if (model->phase_entries_left_out > 0) {
        pt_model_note(model,
                      "%" PRId64 " entries of phases are not listed or counted: the report holds "
                      "at most %d phases. Use fewer phase names.",
                      model->phase_entries_left_out, PT_PHASES_HIGHEST);
    }
    if (model->works.left_out > 0) {
        pt_model_note(model,
                      "%" PRId64 " calls are in no namespace's totals: the report has no room for "
                      "more namespaces.",
                      model->works.left_out);
    }
    if (cost->dropped > 0 && cost->dropped_by != NULL) {
        pt_model_note(
            model, "%" PRId64 " events were dropped (%s): counts and totals do not include them.",
            cost->dropped, reason_of_loss(cost));
    }
    if (cost->handles > 0) {
        pt_model_note(model,
                      "%" PRId64 " driver objects could not be tracked: their calls may lack "
                      "namespace or document counts.",
                      cost->handles);
    }
    if (cost->damaged_bytes > 0) {
        pt_model_note(model,
                      "%" PRId64 " bytes in %" PRId64
                      " places of the logs are damaged and were skipped.",
                      cost->damaged_bytes, cost->damaged_places);
    }
    if (cost->implausible > 0) {
        pt_model_note(model, "%" PRId64 " events had impossible times and were ignored.",
                      cost->implausible);
    }
}

static void note_estimates(struct pt_model *model, const struct pt_profiler_cost *cost)
{
    if (cost->clocks_estimated) {
        pt_model_note(model,
                      "The run %s: the number of clock reads in overhead_seconds is estimated "
                      "from the number of calls.",
                      is_going_on(model) ? "is going on" : "did not end normally");
    }
}

/* A client made for each operation shows as connections that hardly any call used. */
static void note_connections(struct pt_model *model)
{
    const struct pt_connection_use *use = &model->connections;
    struct pt_time_use time = pt_model_time(model);
    if (use->clients < CLIENTS_SUSPICIOUS ||
        use->calls / CALLS_PER_CONNECTION_LOWEST >= use->established) {
        return;
    }
    double percent = time.wall_ns > 0 ? 100.0 * (double)use->sum_ns / (double)time.wall_ns : 0.0;
    pt_model_note(model,
                  "%" PRId64 " clients were connected for %" PRId64 " calls, %" PRId64
                  " connections in %.3fs, %.1f %% "
                  "of the threads' time: keep one client per thread, or a pool",
                  use->clients, use->calls, use->established, (double)use->sum_ns / 1e9, percent);
}

/* What throughput does not count, and nothing else says. */
static void note_outcome(struct pt_model *model)
{
    struct pt_outcome outcome = pt_model_outcome(model);
    if (outcome.unacknowledged > 0) {
        pt_model_note(model,
                      "%" PRId64 " operations were unacknowledged (write concern w: 0): whether "
                      "they were done is unknown, and they are not counted as written.",
                      outcome.unacknowledged);
    }
    if (outcome.rolled_back > 0) {
        pt_model_note(model,
                      "%" PRId64 " operations were acknowledged inside transactions that were "
                      "aborted: they are rolled back, and not counted as written.",
                      outcome.rolled_back);
    }
}

static void note_phases(struct pt_model *model)
{
    if (model->metadata_cut > 0) {
        pt_model_note(model,
                      "%" PRId64
                      " parts of the program's names and metadata were too long, too deep "
                      "or too many, and were cut or left out.",
                      model->metadata_cut);
    }
    for (size_t i = 0; i < model->phase_count; i++) {
        const struct pt_phase_stats *phase = &model->phases[i];
        if (phase->told_apart != NULL) {
            pt_model_note(model,
                          "The program annotates a phase that phasetap also recognises: the "
                          "recognised entries are listed as '%s'.",
                          phase->name);
        }
    }
    if (model->errors.rest > 0) {
        pt_model_note(
            model, "%" PRId64 " errors are not listed: the report distinguishes at most %d errors.",
            model->errors.rest, PT_TALLY_HIGHEST);
    }
}

void pt_model_write_notes(struct pt_model *model)
{
    struct pt_profiler_cost cost = pt_model_cost(model);
    note_options(model);
    note_silence(model);
    for (size_t i = 0; i < model->process_count; i++) {
        note_unrecorded(model, model->processes[i]);
    }
    model->warning_count = model->note_count;
    note_losses(model, &cost);
    for (size_t i = 0; i < model->process_count; i++) {
        note_wall_step(model, model->processes[i]);
    }
    note_partly_unseen(model);
    model->alarm_count = model->note_count;
    note_names(model);
    note_estimates(model, &cost);
    note_connections(model);
    note_outcome(model);
    note_phases(model);
}
