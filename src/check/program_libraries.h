/* SPDX-License-Identifier: Apache-2.0 */
/* program_libraries.h: the libraries a program would be loaded with, as its dynamic loader lists
 * them. */
#ifndef PHASETAP_PROGRAM_LIBRARIES_H
#define PHASETAP_PROGRAM_LIBRARIES_H

#include <stdbool.h>
#include <stddef.h>

#define PT_LIBRARIES_HIGHEST 512

struct pt_library {
    char *name;
    char *path; /* NULL: not found */
};

struct pt_libraries {
    struct pt_library items[PT_LIBRARIES_HIGHEST];
    size_t count;
};

/* Runs `loader --list path`; only a loader in a library folder of the system is run. False when
 * there is no list. Release in both cases. */
bool pt_libraries_list(struct pt_libraries *libraries, const char *loader, const char *path);
void pt_libraries_release(struct pt_libraries *libraries);

#endif
