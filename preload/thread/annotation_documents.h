/* SPDX-License-Identifier: Apache-2.0 */
/*
 * annotation_documents.h: the documents of annotated phases: BEGIN, FINISH, MISUSE, RESET.
 *
 * capture/annotate.c decides what a call of the annotation interface means; here its outcome
 * becomes a document. Beside the thread's state because a thread that ends with open phases is
 * recorded by host/thread_life.c. By the state's owner. Text values are cut and stripped of
 * credentials.
 */
#ifndef PT_ANNOTATION_DOCUMENTS_H
#define PT_ANNOTATION_DOCUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "phasetap/log_format.h"

struct phasetap_field;
struct pt_annotation;
struct pt_thread;

/* The innermost phase, which is on the stack already, has begun with this metadata. `name_cut`: its
 * name is longer than what is kept of it. What is cut or left out is counted in the document. */
void pt_annotation_record_begin(struct pt_thread *t, const struct phasetap_field *fields,
                                size_t count, bool name_cut);
/* `a`, taken off the stack, ended at `now_ns` with this result metadata; adds it to the totals. */
void pt_annotation_record_finish(struct pt_thread *t, const struct pt_annotation *a, int64_t now_ns,
                                 const struct phasetap_field *fields, size_t count);
void pt_annotation_record_misuse(struct pt_thread *t, int32_t phase, enum pt_misuse what);
/* The program starts its figures anew (pt_annotation_totals_reset). */
void pt_annotation_record_reset(struct pt_thread *t, int64_t now_ns);
/* The thread ends: a MISUSE for each phase that is still open, the innermost first. */
void pt_annotation_record_left_open(struct pt_thread *t);

#endif
