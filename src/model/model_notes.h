/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model_notes.h: what a reader must know beside the numbers, as sentences: ignored options, losses,
 * damage, calls that could not be recorded, suspicious use of connections. Reports keep the order
 * of the list.
 */
#ifndef PHASETAP_MODEL_NOTES_H
#define PHASETAP_MODEL_NOTES_H

#include "model/model.h"

/* Adds a note; the model owns its text. Beyond PT_NOTES_HIGHEST, or without memory, it is left
 * out. */
void pt_model_note(struct pt_model *model, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Writes the notes that follow from the sums; part of pt_model_finish(). */
void pt_model_write_notes(struct pt_model *model);

#endif
