/* SPDX-License-Identifier: Apache-2.0 */
/*
 * name_ids.h: gives namespaces, annotated phases and servers their ids, from PT_NAME_FIRST on.
 *
 * Events carry ids instead of names, which keeps them small and of a fixed layout. Each new id is
 * announced by one NAME document, written with the pen of the thread that brought the name. A log
 * that begins anew holds the known names behind its manifest (log_begin.h). All layers above, any
 * thread: a known name takes no lock.
 */
#ifndef PT_NAME_IDS_H
#define PT_NAME_IDS_H

#include <stdint.h>

#include "log/name_table.h"

struct pt_pen;

/* Ids; 0 when the name is NULL or empty, or cannot be added: the table is full, or its lock was not
 * released in time. Counted as an object that cannot be followed, or, for a phase, as a lost
 * event. */
int32_t pt_name_of_namespace(struct pt_pen *pen, const char *database, const char *collection);
int32_t pt_name_of_phase(struct pt_pen *pen, const char *name);
int32_t pt_name_of_server(struct pt_pen *pen, const char *address);

/* The database of a namespace's id as text, "" for others: collections are also made from database
 * objects. */
const char *pt_name_database(int32_t id);

/* Text of a phase's id, NULL when it is none. */
const char *pt_name_text(int32_t id);

/* What the log holds of a name that has no id of its own, of a sort from PT_OF_PROGRAM on: `text`
 * itself if names are plain or it is empty; else its token, in `out`, which the key file of aliases
 * translates back. */
const char *pt_name_shown(char out[PT_TOKEN_BYTES], enum pt_name_sort sort, const char *text);

#endif
