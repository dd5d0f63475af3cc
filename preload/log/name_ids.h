/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names.h: gives namespaces and annotated phases their ids, from PT_NAME_FIRST on, each announced
 * by one NAME document. A table of fixed size; names are copied. Any thread; a new name takes a
 * short spin lock, a known one none.
 */
#ifndef PT_NAMES_H
#define PT_NAMES_H

#include <stdint.h>

struct pt_thread;

#define PT_NAME_BYTES 128u /* longer names are cut */

/* Ids; 0 when the name is NULL or empty, or the table is full. */
int32_t pt_name_of_namespace(struct pt_thread *t, const char *database, const char *collection);
int32_t pt_name_of_phase(struct pt_thread *t, const char *name);

/* The database of a namespace's id as text, "" for others: collections are also made from database
 * objects. */
const char *pt_name_database(int32_t id);

/* Text of a phase's id, NULL when it is none. */
const char *pt_name_text(int32_t id);

/* Announces all names again, in the log of a forked child. */
void pt_names_announce_all(struct pt_thread *t);

#endif
