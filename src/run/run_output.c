/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <phasetap/names_format.h>

#include "log/names_mode.h"
#include "names/key_file.h"
#include "out/folders.h"
#include "run/run.h"
#include "text/usage.h"

/* `.local`, `state` and `phasetap`, as the preload object does. */
#define FOLDERS_MADE 3

static char *join(const char *folder, const char *name)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s", folder, name) >= 0 ? path : NULL;
}

/* The program may change its folder before the preload object opens the log. */
static char *make_absolute(const char *path)
{
    if (path[0] == '/') {
        return strdup(path);
    }
    char *folder = getcwd(NULL, 0);
    char *joined = folder != NULL ? join(folder, path) : NULL;
    free(folder);
    return joined;
}

/* $XDG_STATE_HOME/phasetap, by default ~/.local/state/phasetap. A relative value is not valid and
 * means: unset. */
static char *default_folder(void)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    if (state != NULL && state[0] == '/') {
        return join(state, "phasetap");
    }
    return home != NULL && home[0] == '/' ? join(home, ".local/state/phasetap") : NULL;
}

/* Makes the last folders of the path when they are missing, at most `count`. A home that does not
 * exist is not made, nor anything in `/`: a service's HOME is often /nonexistent. */
static bool make_folders(char *path, int count)
{
    char *slash = strrchr(path, '/');
    if (count > 1 && slash != NULL && slash != path) {
        *slash = '\0';
        make_folders(path, count - 1);
        *slash = '/';
    }
    if (slash == path) {
        return false;
    }
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

static char *use_default(void)
{
    char *folder = default_folder();
    if (folder == NULL) {
        pt_say(
            "no folder for the log: neither XDG_STATE_HOME nor HOME is set; name a file with -o");
        return NULL;
    }
    if (!make_folders(folder, FOLDERS_MADE)) {
        pt_say("cannot create the folder '%s': %s; name a file with -o", folder, strerror(errno));
        free(folder);
        return NULL;
    }
    return folder;
}

/* It translates the tokens of a log that is replaced. */
static void remove_key_file(const char *log)
{
    char *path = NULL;
    if (asprintf(&path, "%s%s", log, PT_KEY_FILE_SUFFIX) >= 0) {
        if (pt_key_file_is(path)) {
            unlink(path);
        }
        free(path);
    }
}

/* Only a log may be replaced: a wrong -o must not cost a file of the user's. */
static bool clear_place(const char *path, const struct stat *status, bool quiet)
{
    struct pt_log log;
    int code = S_ISREG(status->st_mode) ? pt_log_open(&log, path) : PT_LOG_NOT_FILE;
    if (code != PT_LOG_OK) {
        pt_say("'%s' exists and is not a phasetap log, so it was not overwritten; name another "
               "file with -o",
               path);
        return false;
    }
    bool has_keys = pt_log_names_mode(&log) == PT_NAMES_ALIAS;
    pt_log_release(&log);
    if (unlink(path) != 0) {
        pt_say("cannot replace the existing log '%s': %s; name another file with -o", path,
               strerror(errno));
        return false;
    }
    if (has_keys) { /* else the file is another log's, which was moved away */
        remove_key_file(path);
    }
    if (!quiet) {
        pt_say("replacing the existing log '%s'", path);
    }
    return true;
}

/* A new file needs a folder; those that are missing are made, as for every other output. */
static bool make_place(char *path)
{
    struct stat status;
    if (!pt_folders_make(path) || (lstat(path, &status) != 0 && errno != ENOENT)) {
        pt_say("cannot create the log '%s': its folder cannot be made: %s; name another file with "
               "-o",
               path, strerror(errno));
        return false;
    }
    return true;
}

/* `-o logs/`: the names of logs are put together with a slash. A symbolic link keeps its own, which
 * makes it the folder that it leads to. */
static void drop_last_slash(char *path)
{
    struct stat status;
    char *slash = strrchr(path, '/');
    if (slash == NULL || slash == path || slash[1] != '\0') {
        return;
    }
    *slash = '\0';
    if (lstat(path, &status) != 0 || !S_ISDIR(status.st_mode)) {
        *slash = '/';
    }
}

static bool prepare(char *path, bool quiet)
{
    struct stat status;
    if (lstat(path, &status) != 0) {
        return make_place(path);
    }
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        return true;
    }
    return clear_place(path, &status, quiet);
}

char *pt_run_output(const char *given, bool quiet)
{
    if (given == NULL || given[0] == '\0') {
        return use_default();
    }
    char *path = make_absolute(given);
    if (path == NULL) {
        pt_say("cannot resolve '%s': the current folder is unknown; give an absolute path with -o",
               given);
        return NULL;
    }
    if (!prepare(path, quiet)) {
        free(path);
        return NULL;
    }
    drop_last_slash(path);
    return path;
}
