/* SPDX-License-Identifier: Apache-2.0 */
#include "check/program_plugins.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check/driver_inside.h"
#include "check/elf_file.h"

#define FOLDERS_HIGHEST 64
#define FILES_HIGHEST   2000
#define FILE_BYTES      (64u * 1024 * 1024)
#define PATH_BYTES      256u
#define PARTS_LOWEST    3 /* "/usr/lib/collectd" */

/* Folders in the order in which they were found; those of plugins behind those of the program. */
struct search {
    struct pt_plugins *found;
    char *folders[FOLDERS_HIGHEST];
    size_t folder_count;
    size_t files_left;
    bool take_folders; /* those that the files read now name */
};

static bool begins(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static bool is_shared_object(const char *name)
{
    size_t length = strlen(name);
    return length > 3 && strcmp(name + length - 3, ".so") == 0;
}

static int parts_of(const char *path)
{
    int parts = 0;
    for (size_t i = 0; path[i] != '\0'; i++) {
        parts += path[i] == '/' && path[i + 1] != '/' && path[i + 1] != '\0';
    }
    return parts;
}

/* The libraries there are no plugins, and there are thousands. */
static bool is_standard(const char *path)
{
    static const char *const others[] = {"/etc/", "/proc/", "/sys/", "/dev/", "/run/", "/var/"};
    const char *slash = strrchr(path, '/');
    bool standard = strstr(slash, "-linux-gnu") != NULL || strcmp(path, "/usr/local/lib") == 0;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        standard |= begins(path, others[i]);
    }
    return standard;
}

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool is_candidate(const char *path)
{
    return parts_of(path) >= PARTS_LOWEST && !is_standard(path) && is_folder(path);
}

static void add_folder(struct search *search, const char *name)
{
    char *path = realpath(name, NULL);
    bool known = path == NULL || search->folder_count == FOLDERS_HIGHEST || !is_candidate(path);
    for (size_t i = 0; !known && i < search->folder_count; i++) {
        known = strcmp(search->folders[i], path) == 0;
    }
    if (known) {
        free(path);
    } else {
        search->folders[search->folder_count++] = path;
    }
}

/* A folder, or a file in one. */
static void take_text(struct search *search, const char *text, size_t length)
{
    char path[PATH_BYTES];
    if (length >= sizeof path) {
        return;
    }
    memcpy(path, text, length);
    for (path[length] = '\0'; length > 1 && path[length - 1] == '/';) {
        path[--length] = '\0';
    }
    add_folder(search, path);
    char *slash = strrchr(path, '/');
    if (slash > path) {
        *slash = '\0';
        add_folder(search, path);
    }
}

/* Texts that begin with a slash, alone or in a list with colons. */
static void take_texts(struct search *search, const char *bytes, size_t count)
{
    for (size_t at = 0; at < count; at++) {
        bool starts =
            bytes[at] == '/' && (at == 0 || bytes[at - 1] == '\0' || bytes[at - 1] == ':');
        size_t end = at;
        while (starts && end < count && bytes[end] > ' ' && bytes[end] < 127 && bytes[end] != ':') {
            end++;
        }
        if (starts && end < count && (bytes[end] == '\0' || bytes[end] == ':')) {
            take_text(search, bytes + at, end - at);
        }
        at = starts && end > at ? end - 1 : at;
    }
}

static void read_texts(struct search *search, const char *path)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    bool fits = fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
                status.st_size > 0 && status.st_size <= (off_t)FILE_BYTES;
    char *bytes = fits ? malloc((size_t)status.st_size) : NULL;
    ssize_t got = bytes != NULL ? pread(fd, bytes, (size_t)status.st_size, 0) : 0;
    if (got > 0) {
        take_texts(search, bytes, (size_t)got);
    }
    free(bytes);
    if (fd >= 0) {
        close(fd);
    }
}

static enum pt_plugin_kind kind_of(const char *path)
{
    struct pt_elf elf;
    enum pt_plugin_kind kind = PT_PLUGIN_NONE;
    if (pt_elf_read(path, &elf) == PT_ELF_OK && elf.same_architecture) {
        bool linked = pt_elf_needs(&elf, "libmongoc-1.0.so", NULL) ||
                      pt_elf_needs(&elf, "libmongoc2.so", NULL);
        bool seen = elf.exports_driver && !elf.symbolic;
        kind = linked                                            ? PT_PLUGIN_LINKED
               : seen                                            ? PT_PLUGIN_COPY
               : elf.exports_driver || pt_driver_is_inside(path) ? PT_PLUGIN_HIDDEN
                                                                 : PT_PLUGIN_NONE;
    }
    pt_elf_release(&elf);
    return kind;
}

/* A folder may be listed and be below another one that is. */
static bool is_found(const struct pt_plugins *found, const char *path)
{
    for (size_t i = 0; i < found->count; i++) {
        if (strcmp(found->items[i].path, path) == 0) {
            return true;
        }
    }
    return false;
}

static void look_at_file(struct search *search, const char *path)
{
    struct pt_plugins *found = search->found;
    enum pt_plugin_kind kind = kind_of(path);
    search->files_left--;
    if (kind != PT_PLUGIN_NONE && found->count < PT_PLUGINS_HIGHEST && !is_found(found, path)) {
        char *copy = strdup(path);
        found->items[found->count].path = copy;
        found->items[found->count].kind = kind;
        found->count += copy != NULL;
    }
    if (search->take_folders) {
        read_texts(search, path);
    }
}

static void look_in(struct search *search, const char *folder, bool below)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char *path = NULL;
        const char *name = entries[i]->d_name;
        bool usable =
            name[0] != '.' && search->files_left > 0 && asprintf(&path, "%s/%s", folder, name) >= 0;
        if (usable && is_shared_object(name)) {
            look_at_file(search, path);
        } else if (usable && below && is_candidate(path)) {
            look_in(search, path, false);
        }
        free(path);
        free(entries[i]);
    }
    free(entries);
}

void pt_plugins_find(struct pt_plugins *plugins, const char *program,
                     const struct pt_libraries *libraries)
{
    *plugins = (struct pt_plugins){.count = 0};
    struct search search = {.found = plugins, .files_left = FILES_HIGHEST, .take_folders = true};
    read_texts(&search, program);
    for (size_t i = 0; i < libraries->count; i++) {
        if (libraries->items[i].path != NULL) {
            read_texts(&search, libraries->items[i].path);
        }
    }
    size_t own = search.folder_count;
    for (size_t i = 0; i < search.folder_count; i++) {
        search.take_folders = i < own;
        look_in(&search, search.folders[i], true);
    }
    for (size_t i = 0; i < search.folder_count; i++) {
        free(search.folders[i]);
    }
}

void pt_plugins_release(struct pt_plugins *plugins)
{
    for (size_t i = 0; i < plugins->count; i++) {
        free(plugins->items[i].path);
    }
    plugins->count = 0;
}
