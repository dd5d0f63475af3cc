/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log_names.h: the meaning of the ids in one log: phases, commands, functions and reasons from the
 * manifest, namespaces and annotated phases from name documents.
 *
 * The struct owns all texts. A text that a function returns is valid until the next
 * pt_names_learn(): a hostile log defines an id again. What lives longer keeps a copy. Ids come
 * from the log: an id out of range reads as unknown, and ids above PT_NAMES_HIGHEST get no name.
 */
#ifndef PHASETAP_LOG_NAMES_H
#define PHASETAP_LOG_NAMES_H

#include <stddef.h>

#include "log/log_layout.h"

/* A recorder gives out a million ids, from PT_NAME_FIRST on. */
#define PT_NAMES_HIGHEST (PT_NAME_FIRST + 1048575)

enum pt_name_class {
    PT_NAME_PHASE,
    PT_NAME_NAMESPACE,
    PT_NAME_COMMAND,
    PT_NAME_FUNCTION,
    PT_NAME_REASON,
    PT_NAME_SERVER,
    PT_NAME_CLASSES
};

struct pt_name_list {
    char **texts; /* by id; NULL where there is none */
    size_t count; /* slots */
};

struct pt_names {
    struct pt_name_list lists[PT_NAME_CLASSES];
};

/* Starts with the names that log_format.h knows. */
void pt_names_init(struct pt_names *names);
void pt_names_release(struct pt_names *names);

/* Takes what a manifest or a name document defines; other documents are ignored. */
void pt_names_learn(struct pt_names *names, const struct pt_record *record);

/* NULL when the id has no name. */
const char *pt_names_find(const struct pt_names *names, enum pt_name_class class, int64_t id);

/* Never NULL: an id without a name is given one, such as "phase 70". */
const char *pt_names_text(struct pt_names *names, enum pt_name_class class, int64_t id);

#endif
