/* SPDX-License-Identifier: Apache-2.0 */
/*
 * library_search.h: which file the dynamic loader would take for a library's name, in the order of
 * ld.so(8). Files are read, never executed: not the loader either, since `ld.so --list` runs the
 * audit libraries that a file names.
 *
 *   1. a name with a slash is a path
 *   2. DT_RPATH of the object and of those that caused it to be loaded, unless the object has
 *      DT_RUNPATH
 *   3. LD_LIBRARY_PATH of this tool's environment
 *   4. DT_RUNPATH of the object
 *   5. the loader's cache, 6. the default folders; neither when the object has DF_1_NODEFLIB
 *
 * $ORIGIN, $LIB and $PLATFORM are expanded. Not followed: glibc-hwcaps folders, which hold builds
 * of libraries that are in the plain folder too.
 *
 * The files are untrusted: the number of files tried for one program is limited. One thread.
 */
#ifndef PHASETAP_LIBRARY_SEARCH_H
#define PHASETAP_LIBRARY_SEARCH_H

#include "check/elf_file.h"
#include "check/loader_cache.h"

/* A real program of 200 libraries needs about 2,000. */
#define PT_SEARCH_TRIES 50000

struct pt_search {
    struct pt_loader_cache cache;
    char *loader_folder; /* of the program's interpreter, NULL: not known */
    const char *library_path;
    size_t tries_left; /* 0: given up */
};

/* An object that needs libraries. */
struct pt_search_object {
    const char *path;
    const struct pt_elf *elf;
    const struct pt_search_object *loaded_by; /* NULL: the first one */
};

/* `loader` may be NULL. */
void pt_search_start(struct pt_search *search, const char *loader);
void pt_search_end(struct pt_search *search);

/* The path, which the caller frees, and the facts of that file, which the caller releases. NULL
 * when nothing of that name and of this architecture is found; then nothing is to be released. */
char *pt_search_library(struct pt_search *search, const struct pt_search_object *object,
                        const char *name, struct pt_elf *ret_elf);

#endif
