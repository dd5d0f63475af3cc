/* SPDX-License-Identifier: Apache-2.0 */
#include "check/library_search.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#define PLATFORM  "x86_64"
#define MULTIARCH "x86_64-linux-gnu"
#elif defined(__aarch64__)
#define PLATFORM  "aarch64"
#define MULTIARCH "aarch64-linux-gnu"
#else
#define PLATFORM  "unknown"
#define MULTIARCH "unknown"
#endif

/* Parentheses: clang suspects a forgotten comma otherwise. What $LIB may stand for: compiled into
 * each loader, so all of them are tried. */
static const char *const lib_names[] = {("lib/" MULTIARCH), "lib64", "lib"};
#define LIB_NAMES (sizeof lib_names / sizeof lib_names[0])

static const char *const default_folders[] = {
    ("/lib/" MULTIARCH), ("/usr/lib/" MULTIARCH), "/lib64", "/usr/lib64", "/lib", "/usr/lib",
};

/* One search: what is looked for, by whom, and what was found. */
struct lookup {
    struct pt_search *search;
    const char *name;
    const char *owner; /* path of the object whose list of folders is gone through, for $ORIGIN */
    char path[PATH_MAX];
    size_t length;
    struct pt_elf *elf;
};

/* Appends to the path that is being put together; a path that is too long is found nowhere. */
static void add(struct lookup *lookup, const char *text, size_t length)
{
    if (length < sizeof lookup->path - lookup->length) {
        memcpy(lookup->path + lookup->length, text, length);
        lookup->length += length;
        lookup->path[lookup->length] = '\0';
    } else {
        lookup->length = sizeof lookup->path;
    }
}

static void add_text(struct lookup *lookup, const char *text)
{
    add(lookup, text, strlen(text));
}

static bool try_path(struct lookup *lookup)
{
    if (lookup->search->tries_left == 0 || lookup->length >= sizeof lookup->path) {
        return false;
    }
    lookup->search->tries_left--;
    if (pt_elf_read(lookup->path, lookup->elf) == PT_ELF_OK && lookup->elf->same_architecture) {
        return true;
    }
    pt_elf_release(lookup->elf);
    return false;
}

/* Bytes of `text` that are the token in either of its forms, 0: it does not stand there. */
static size_t token_length(const char *text, size_t left, const char *token)
{
    size_t length = strlen(token);
    if (left > length && text[0] == '$' && strncmp(text + 1, token, length) == 0) {
        return length + 1;
    }
    if (left > length + 2 && text[0] == '$' && text[1] == '{' &&
        strncmp(text + 2, token, length) == 0 && text[length + 2] == '}') {
        return length + 3;
    }
    return 0;
}

static void add_origin(struct lookup *lookup)
{
    const char *slash = strrchr(lookup->owner, '/');
    if (slash == NULL) {
        add_text(lookup, ".");
    } else {
        add(lookup, lookup->owner, (size_t)(slash - lookup->owner));
    }
}

/* Appends the value of a token and returns its length in `text`, 0: there is none. */
static size_t expand_token(struct lookup *lookup, const char *text, size_t left, const char *lib,
                           bool *ret_lib)
{
    size_t length = token_length(text, left, "ORIGIN");
    if (length > 0) {
        add_origin(lookup);
        return length;
    }
    length = token_length(text, left, "PLATFORM");
    if (length > 0) {
        add_text(lookup, PLATFORM);
        return length;
    }
    length = token_length(text, left, "LIB");
    if (length > 0) {
        add_text(lookup, lib);
        *ret_lib = true;
    }
    return length;
}

/* A folder of a list with its tokens expanded; true in *ret_lib when $LIB is among them. */
static void expand(struct lookup *lookup, const char *folder, size_t length, const char *lib,
                   bool *ret_lib)
{
    lookup->length = 0;
    *ret_lib = false;
    for (size_t at = 0; at < length;) {
        size_t token = expand_token(lookup, folder + at, length - at, lib, ret_lib);
        if (token == 0) {
            add(lookup, folder + at, 1);
            token = 1;
        }
        at += token;
    }
    add_text(lookup, length > 0 ? "/" : "./"); /* an empty one means the current folder */
    add_text(lookup, lookup->name);
}

static bool try_folder(struct lookup *lookup, const char *folder, size_t length)
{
    bool has_lib = true;
    for (size_t i = 0; i < LIB_NAMES && has_lib; i++) {
        expand(lookup, folder, length, lib_names[i], &has_lib);
        if (try_path(lookup)) {
            return true;
        }
    }
    return false;
}

/* `list` may be NULL. A list that is present but empty has no folder. */
static bool try_list(struct lookup *lookup, const char *list, const char *owner,
                     const char *separators)
{
    lookup->owner = owner;
    for (const char *at = list; at != NULL && *list != '\0' && lookup->search->tries_left > 0;) {
        size_t length = strcspn(at, separators);
        if (try_folder(lookup, at, length)) {
            return true;
        }
        at = at[length] != '\0' ? at + length + 1 : NULL;
    }
    return false;
}

static bool try_rpaths(struct lookup *lookup, const struct pt_search_object *object)
{
    if (object->elf->runpath != NULL) {
        return false;
    }
    for (const struct pt_search_object *by = object; by != NULL; by = by->loaded_by) {
        if (by->elf->runpath == NULL && try_list(lookup, by->elf->rpath, by->path, ":")) {
            return true;
        }
    }
    return false;
}

static bool try_file(struct lookup *lookup, const char *path)
{
    lookup->length = 0;
    add_text(lookup, path);
    return try_path(lookup);
}

static bool try_system(struct lookup *lookup)
{
    const char *cached = pt_loader_cache_find(&lookup->search->cache, lookup->name);
    if (cached != NULL && cached[0] == '/' && try_file(lookup, cached)) {
        return true;
    }
    for (size_t i = 0; i < sizeof default_folders / sizeof default_folders[0]; i++) {
        if (try_folder(lookup, default_folders[i], strlen(default_folders[i]))) {
            return true;
        }
    }
    /* A loader that is not the system's has folders of its own, most often that beside it. */
    const char *beside = lookup->search->loader_folder;
    return beside != NULL && try_folder(lookup, beside, strlen(beside));
}

static bool look_up(struct lookup *lookup, const struct pt_search_object *object)
{
    if (strchr(lookup->name, '/') != NULL) {
        return try_file(lookup, lookup->name);
    }
    return try_rpaths(lookup, object) ||
           try_list(lookup, lookup->search->library_path, object->path, ":;") ||
           try_list(lookup, object->elf->runpath, object->path, ":") ||
           (!object->elf->no_default_folders && try_system(lookup));
}

char *pt_search_library(struct pt_search *search, const struct pt_search_object *object,
                        const char *name, struct pt_elf *ret_elf)
{
    struct lookup lookup = {.search = search, .name = name, .owner = object->path, .elf = ret_elf};
    if (name[0] == '\0' || !look_up(&lookup, object)) {
        return NULL;
    }
    char *path = strdup(lookup.path);
    if (path == NULL) {
        pt_elf_release(ret_elf);
    }
    return path;
}

void pt_search_start(struct pt_search *search, const char *loader)
{
    const char *slash = loader != NULL ? strrchr(loader, '/') : NULL;
    *search = (struct pt_search){.library_path = getenv("LD_LIBRARY_PATH"),
                                 .tries_left = PT_SEARCH_TRIES};
    if (slash != NULL) {
        search->loader_folder = strndup(loader, (size_t)(slash - loader));
    }
    pt_loader_cache_read(&search->cache, PT_LOADER_CACHE);
}

void pt_search_end(struct pt_search *search)
{
    free(search->loader_folder);
    search->loader_folder = NULL;
    pt_loader_cache_release(&search->cache);
}
