/* SPDX-License-Identifier: Apache-2.0 */
/*
 * script_programs.h: the programs that a shell script names, as far as its words tell: variables
 * are not expanded and nothing is executed. Bytes and words are limited.
 */
#ifndef PHASETAP_SCRIPT_PROGRAMS_H
#define PHASETAP_SCRIPT_PROGRAMS_H

#include <stdbool.h>
#include <stddef.h>

#define PT_SCRIPT_PROGRAMS_HIGHEST 32

struct pt_script_programs {
    char *paths[PT_SCRIPT_PROGRAMS_HIGHEST]; /* of different programs, owned */
    size_t count;
    bool drops_environment; /* a word that removes or replaces LD_PRELOAD, as env -i does */
};

/* True if the file name is that of a shell whose scripts are understood. */
bool pt_is_shell(const char *interpreter);
/* Release in any case. */
void pt_script_programs_find(struct pt_script_programs *programs, const char *script);
void pt_script_programs_release(struct pt_script_programs *programs);

#endif
