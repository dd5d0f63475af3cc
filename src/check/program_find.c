/* SPDX-License-Identifier: Apache-2.0 */
#include "check/program_find.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PRELOAD_NAME "libphasetap.so"
#define AUDIT_NAME   "libphasetap-audit.so"
#define DEFAULT_PATH "/usr/local/bin:/usr/bin:/bin"

static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* One folder of PATH; an empty one means the current folder. */
static char *try_folder(const char *folder, size_t length, const char *name)
{
    char *path = NULL;
    if (asprintf(&path, "%.*s%s%s", (int)length, folder, length > 0 ? "/" : "./", name) < 0) {
        return NULL;
    }
    if (is_file(path) && access(path, X_OK) == 0) {
        return path;
    }
    free(path);
    return NULL;
}

char *pt_program_find(const char *name)
{
    if (strchr(name, '/') != NULL) {
        return access(name, F_OK) == 0 ? strdup(name) : NULL;
    }
    const char *path = getenv("PATH");
    for (const char *at = path != NULL ? path : DEFAULT_PATH; *name != '\0';) {
        size_t length = strcspn(at, ":");
        char *found = try_folder(at, length, name);
        if (found != NULL || at[length] == '\0') {
            return found;
        }
        at += length + 1;
    }
    return NULL;
}

static char *beside_tool(const char *folder, const char *library_folder)
{
    char *path = NULL;
    if (asprintf(&path, "%s/../%s/" PRELOAD_NAME, folder, library_folder) < 0) {
        return NULL;
    }
    char *resolved = is_file(path) ? realpath(path, NULL) : NULL;
    free(path);
    return resolved;
}

char *pt_audit_find(const char *preload)
{
    const char *slash = strrchr(preload, '/');
    char *path = NULL;
    int folder_length = slash != NULL ? (int)(slash - preload) + 1 : 0;
    if (asprintf(&path, "%.*s" AUDIT_NAME, folder_length, preload) < 0) {
        return NULL;
    }
    if (is_file(path)) {
        return path;
    }
    free(path);
    return NULL;
}

char *pt_preload_find(void)
{
    const char *given = getenv("PHASETAP_PRELOAD");
    if (given != NULL && given[0] != '\0') {
        return is_file(given) ? realpath(given, NULL) : NULL;
    }
    char folder[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", folder, sizeof folder - 1);
    char *slash = length > 0 ? memrchr(folder, '/', (size_t)length) : NULL;
    if (slash == NULL) {
        return NULL;
    }
    *slash = '\0';
    char *found = beside_tool(folder, PHASETAP_LIBDIR);
    return found != NULL ? found : beside_tool(folder, "lib");
}
