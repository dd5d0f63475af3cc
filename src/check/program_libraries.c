/* SPDX-License-Identifier: Apache-2.0 */
#include "check/program_libraries.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool same_file(const char *a, const char *b)
{
    struct stat first;
    struct stat second;
    return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

/* The loader knows an object by the name that it was asked for and by its own soname. */
static bool is_known(const struct pt_libraries *libraries, const char *name)
{
    for (size_t i = 0; i < libraries->count; i++) {
        const struct pt_library *library = &libraries->items[i];
        if (strcmp(library->name, name) == 0 ||
            (library->elf.soname != NULL && strcmp(library->elf.soname, name) == 0)) {
            return true;
        }
    }
    return false;
}

static bool is_loaded(const struct pt_libraries *libraries, const char *path)
{
    for (size_t i = 0; i < libraries->count; i++) {
        const char *other = libraries->items[i].path;
        if (other != NULL && (strcmp(other, path) == 0 || same_file(other, path))) {
            return true;
        }
    }
    return false;
}

/* Takes ownership of `path` and of what `elf` holds. */
static void append(struct pt_libraries *libraries, const struct pt_search_object *by,
                   const char *name, char *path, const struct pt_elf *elf)
{
    struct pt_library *library = &libraries->items[libraries->count];
    library->name = strdup(name);
    if (library->name == NULL) {
        free(path);
        libraries->incomplete = true;
        return;
    }
    library->path = path;
    if (path != NULL) {
        library->elf = *elf;
    }
    library->object =
        (struct pt_search_object){.path = path, .elf = &library->elf, .loaded_by = by};
    libraries->count++;
}

static void take_needed(struct pt_libraries *libraries, struct pt_search *search,
                        const struct pt_search_object *by, const char *name)
{
    struct pt_elf elf;
    if (is_known(libraries, name)) {
        return;
    }
    if (libraries->count == PT_LIBRARIES_HIGHEST || search->tries_left == 0) {
        libraries->incomplete = true;
        return;
    }
    char *path = pt_search_library(search, by, name, &elf);
    if (path != NULL && is_loaded(libraries, path)) {
        pt_elf_release(&elf);
        free(path);
        return;
    }
    append(libraries, by, name, path, &elf);
}

static void take_all(struct pt_libraries *libraries, struct pt_search *search,
                     const struct pt_search_object *object)
{
    for (size_t i = 0; i < object->elf->needed_count; i++) {
        take_needed(libraries, search, object, object->elf->needed[i]);
    }
}

void pt_libraries_list(struct pt_libraries *libraries, const char *loader, const char *path,
                       const struct pt_elf *elf)
{
    struct pt_search search;
    const struct pt_search_object first = {.path = path, .elf = elf};
    *libraries = (struct pt_libraries){0};
    libraries->items = calloc(PT_LIBRARIES_HIGHEST, sizeof *libraries->items);
    if (libraries->items == NULL) {
        libraries->incomplete = true;
        return;
    }
    pt_search_start(&search, loader);
    take_all(libraries, &search, &first);
    for (size_t i = 0; i < libraries->count; i++) {
        if (libraries->items[i].path != NULL) {
            take_all(libraries, &search, &libraries->items[i].object);
        }
    }
    for (size_t i = 0; i < libraries->count; i++) {
        libraries->items[i].object.loaded_by = NULL; /* `first` ends here */
    }
    libraries->incomplete |= search.tries_left == 0;
    pt_search_end(&search);
}

void pt_libraries_release(struct pt_libraries *libraries)
{
    for (size_t i = 0; i < libraries->count; i++) {
        free(libraries->items[i].name);
        free(libraries->items[i].path);
        pt_elf_release(&libraries->items[i].elf);
    }
    free(libraries->items);
    *libraries = (struct pt_libraries){0};
}
