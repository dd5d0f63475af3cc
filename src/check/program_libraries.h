/* SPDX-License-Identifier: Apache-2.0 */
/*
 * program_libraries.h: the libraries that a program would be loaded with, in the loader's order:
 * breadth first over DT_NEEDED, each file once. Nothing is executed (library_search.h). One thread.
 */
#ifndef PHASETAP_PROGRAM_LIBRARIES_H
#define PHASETAP_PROGRAM_LIBRARIES_H

#include "check/library_search.h"

#define PT_LIBRARIES_HIGHEST 512

struct pt_library {
    char *name;
    char *path;        /* NULL: not found */
    struct pt_elf elf; /* of the file that was found */
    struct pt_search_object object;
};

struct pt_libraries {
    struct pt_library *items; /* room for PT_LIBRARIES_HIGHEST: pointers into it stay good */
    size_t count;
    bool incomplete; /* a limit was reached, or memory ran out */
};

/* `loader` is the program's interpreter, NULL: not known. Release in any case. */
void pt_libraries_list(struct pt_libraries *libraries, const char *loader, const char *path,
                       const struct pt_elf *elf);
void pt_libraries_release(struct pt_libraries *libraries);

#endif
