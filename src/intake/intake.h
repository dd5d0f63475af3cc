/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intake.h: feeds the documents of one log into a model. Phases and commands are gathered by id
 * while the log is read, since a name may stand behind its first use (in a chunk of another
 * thread), and go to the model by name at the end.
 *
 * intake.c dispatches and handles what concerns the process, intake_calls.c calls and gaps,
 * intake_connections.c connections, intake_annotations.c the annotation interface.
 */
#ifndef PHASETAP_INTAKE_H
#define PHASETAP_INTAKE_H

#include "model/model.h"

#define PT_COMMAND_IDS 256

struct pt_intake {
    struct pt_model *model;
    struct pt_process *process;
    struct pt_phase_stats **phases; /* by id; NULL where there is none */
    size_t phase_slots;
    size_t phase_count;
    struct pt_command_use commands[PT_COMMAND_IDS];
    struct {
        struct pt_error_count count; /* without its namespace, whose name may come later */
        int32_t name_space;
    } errors[PT_TALLY_HIGHEST];
    size_t error_count;
    int64_t errors_rest;
};

/* A handler for pt_log_walk(); the context is the intake. */
int pt_intake_record(void *context, const struct pt_record *record);

/* At the end of the log: what is still open, names, and the merge into the model. Frees what the
 * intake holds. */
void pt_intake_close(struct pt_intake *intake);

/* The phase of that id, made when it is new; NULL when there are too many. */
struct pt_phase_stats *pt_intake_phase(struct pt_intake *intake, int32_t id);

/* Notes that something happened at `t_ns` and for how long. False when the times make no sense. */
bool pt_intake_moment(struct pt_intake *intake, int64_t t_ns, int64_t d_ns);

/* intake_connections.c */
void pt_intake_connection(struct pt_intake *intake, const struct pt_doc_connection *connection);
/* Nanoseconds of the connections made inside a span: those of its thread and call that begin in [t,
 * t + d). */
int64_t pt_intake_connecting_inside(const struct pt_thread *thread, const struct pt_doc_span *span);

/* intake_calls.c */
/* The thread of a tile of a timeline, which is counted. NULL when the tile makes no sense. */
struct pt_thread *pt_intake_tile(struct pt_intake *intake, int32_t th, int64_t t_ns, int64_t d_ns);
/* What is pending for call q of the thread; what was pending for another call had no span. */
struct pt_call_detail *pt_intake_pending(struct pt_intake *intake, struct pt_thread *thread,
                                         int32_t q);
/* To be owned by an entry; NULL when there is nothing in it. */
struct pt_call_detail *pt_intake_copy_detail(const struct pt_call_detail *detail);
void pt_intake_span(struct pt_intake *intake, const struct pt_doc_span *span);
void pt_intake_gap(struct pt_intake *intake, const struct pt_doc_gap *gap);
void pt_intake_command(struct pt_intake *intake, const struct pt_doc_command *command);
void pt_intake_write(struct pt_intake *intake, const struct pt_doc_write *write);
void pt_intake_error(struct pt_intake *intake, const struct pt_doc_error *error);
/* Errors and counts of a call whose span never came count in the totals. */
void pt_intake_flush_pending(struct pt_intake *intake, struct pt_thread *thread,
                             int32_t name_space);

/* intake_annotations.c */
void pt_intake_begin(struct pt_intake *intake, const struct pt_record *record);
void pt_intake_finish(struct pt_intake *intake, const struct pt_record *record);
void pt_intake_misuse(struct pt_intake *intake, const struct pt_record *record);
void pt_intake_throughput(struct pt_intake *intake, const struct pt_record *record);
/* Phases that were never left become open entries. */
void pt_intake_close_open(struct pt_intake *intake, struct pt_thread *thread);

#endif
