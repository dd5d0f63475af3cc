/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intake_state.h: what is known of one log while it is read, and what all handlers of its documents
 * do with it. Phases and commands are gathered by id, since the document that names an id may stand
 * behind its first use (in a chunk of another thread); intake.c resolves the names at the end.
 *
 * Owned by pt_model_read() for the time of one log; one thread. Times are nanoseconds of the
 * recorded process's CLOCK_MONOTONIC.
 */
#ifndef PHASETAP_INTAKE_STATE_H
#define PHASETAP_INTAKE_STATE_H

#include "model/model.h"

#define PT_COMMAND_IDS  256
#define PT_PHASES_TIMED 128 /* phases of one log whose use of resources is known */

struct pt_intake {
    struct pt_model *model;
    struct pt_process *process;
    struct pt_phase_stats **phases; /* by id; NULL where there is none */
    size_t phase_slots;
    size_t phase_count;
    struct pt_sampled sampled;
    struct pt_command_use commands[PT_COMMAND_IDS];
    struct {
        struct pt_error_total count; /* without its namespace, whose name may come later */
        int32_t name_space;
    } errors[PT_TALLY_HIGHEST];
    size_t error_count;
    int64_t errors_rest;
    struct pt_works works; /* by ids */
    struct pt_servers servers;
    struct pt_retries retries;
    struct {
        int32_t what, phase; /* enum pt_misuse; id, whose name may come later, 0: none */
        int64_t count;
    } misuses[PT_MISUSES_HIGHEST];
    size_t misuse_count;
    int64_t misuses_rest;
    bool selects; /* a part of the log is left out (intake_selection.h) */
    int64_t since_ns, until_ns;
    int32_t main_thread;           /* its number, 0: not known; only if one thread is selected */
    struct pt_call_group **groups; /* by namespace id and sort; NULL where there is none */
    size_t group_slots, group_count;
};

/* The phase of that id, made when it is new; NULL when the id is out of range, there are too many
 * phases, or memory ran out. */
struct pt_phase_stats *pt_intake_phase(struct pt_intake *intake, int32_t id);

/* Extends the recorded time to t_ns + d_ns. False, and counted as implausible, when either is
 * negative. */
bool pt_intake_moment(struct pt_intake *intake, int64_t t_ns, int64_t d_ns);

/* The thread of a tile of its timeline (a span, gap or connection), which counts as an event of the
 * thread. NULL when the tile makes no sense. */
struct pt_recorded_thread *pt_intake_tile(struct pt_intake *intake, int32_t th, int64_t t_ns,
                                          int64_t d_ns);

/* What the documents before the span of call q told of it. Anything pending for another call is
 * flushed first: that call has no span. */
struct pt_call_detail *pt_intake_pending(struct pt_intake *intake,
                                         struct pt_recorded_thread *thread, int32_t q);

/* A copy for an entry to own; NULL when the detail is empty or memory ran out. */
struct pt_call_detail *pt_intake_copy_detail(const struct pt_call_detail *detail);

/* Adds an error to the totals. Namespaces are kept as ids: they are resolved at the end of the
 * log. */
void pt_intake_count_error(struct pt_intake *intake, const struct pt_error_total *error,
                           int32_t name_space);

/* Forgets what is pending. */
void pt_intake_drop_pending(struct pt_recorded_thread *thread);

/* Adds the pending errors to the totals, whether or not the span of their call came, and begins
 * anew. */
void pt_intake_flush_pending(struct pt_intake *intake, struct pt_recorded_thread *thread,
                             int32_t name_space);

/* Frees the phases. */
void pt_intake_release(struct pt_intake *intake);

#endif
