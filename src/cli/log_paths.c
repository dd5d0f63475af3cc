/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log_paths.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "cli/inputs.h"
#include "log/log_reader.h"
#include "text/usage.h"

static int is_log_name(const struct dirent *entry)
{
    const char *end = strrchr(entry->d_name, '.');
    return entry->d_name[0] != '.' && end != NULL && strcmp(end, ".bson") == 0;
}

/* Takes `path`. */
static bool add(struct pt_log_paths *paths, char *path, bool found)
{
    char **items =
        pt_array_reach(paths->items, &paths->room, paths->count, 16, sizeof *paths->items);
    paths->items = items != NULL ? items : paths->items;
    bool *flags =
        pt_array_reach(paths->found, &paths->found_room, paths->count, 16, sizeof *paths->found);
    paths->found = flags != NULL ? flags : paths->found;
    if (path == NULL || items == NULL || flags == NULL) {
        free(path);
        return false;
    }
    paths->found[paths->count] = found;
    paths->items[paths->count++] = path;
    return true;
}

static bool add_found(struct pt_log_paths *paths, const char *folder, const char *name)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s", folder, name) >= 0 && add(paths, path, true);
}

static int add_folder(struct pt_log_paths *paths, const char *folder)
{
    struct dirent **entries = NULL;
    bool good = true;
    int count = scandir(folder, &entries, is_log_name, alphasort);
    if (count < 0) {
        return pt_fail(PT_EXIT_USAGE, "cannot list the folder '%s': %s; check its permissions",
                       folder, strerror(errno));
    }
    for (int i = 0; i < count; i++) {
        good = good && add_found(paths, folder, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    if (count == 0) {
        return pt_fail(PT_EXIT_USAGE,
                       "the folder '%s' contains no phasetap log (a file ending in .bson); name "
                       "another folder",
                       folder);
    }
    return good ? PT_EXIT_OK : pt_fail(PT_EXIT_USAGE, "out of memory");
}

int pt_log_paths_list(struct pt_log_paths *paths, int count, char **arguments)
{
    int status = PT_EXIT_OK;
    for (int i = 0; i < count && status == PT_EXIT_OK; i++) {
        struct stat info;
        if (stat(arguments[i], &info) == 0 && S_ISDIR(info.st_mode)) {
            status = add_folder(paths, arguments[i]);
        } else if (!add(paths, strdup(arguments[i]), false)) {
            status = pt_fail(PT_EXIT_USAGE, "out of memory");
        }
    }
    return status;
}

void pt_log_paths_release(struct pt_log_paths *paths)
{
    for (size_t i = 0; i < paths->count; i++) {
        free(paths->items[i]);
    }
    free(paths->items);
    free(paths->found);
    *paths = (struct pt_log_paths){0};
}

int pt_log_paths_failed(const struct pt_log_paths *paths, size_t at, int code)
{
    if (!paths->found[at]) {
        return pt_fail_log(code, paths->items[at]);
    }
    pt_warn("skipped '%s': %s", paths->items[at], pt_log_text(code));
    return PT_EXIT_OK;
}
