/* SPDX-License-Identifier: Apache-2.0 */
#include "text/settings_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text/usage.h"

/* Relative values of XDG variables are not valid and mean: unset. */
static char *default_path(void)
{
    const char *config = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    char *path = NULL;
    int length = -1;
    if (config != NULL && config[0] == '/') {
        length = asprintf(&path, "%s/phasetap/config", config);
    } else if (home != NULL && home[0] == '/') {
        length = asprintf(&path, "%s/.config/phasetap/config", home);
    }
    return length >= 0 ? path : NULL;
}

/* Why it is not to be used, NULL: it may be. Root must not obey a file that another user can
 * write. /dev/null is an empty file. */
static const char *judge(int fd)
{
    struct stat status;
    if (fstat(fd, &status) != 0) {
        return strerror(errno);
    }
    if (S_ISCHR(status.st_mode)) {
        return NULL;
    }
    if (!S_ISREG(status.st_mode)) {
        return "it is no file; remove it, or name a file in PHASETAP_CONFIG";
    }
    if (status.st_uid != 0 && status.st_uid != geteuid()) {
        return "it belongs to another user; name a file of yours in PHASETAP_CONFIG";
    }
    return (status.st_mode & 0022) == 0 ? NULL : "other users can write to it; use 'chmod go-w'";
}

static const char *read_text(int fd, char **ret_text)
{
    size_t bytes = 0;
    ssize_t got = 0;
    char *text = *ret_text = calloc(1, PT_SETTINGS_BYTES_HIGHEST + 2);
    if (text == NULL) {
        return "out of memory";
    }
    while (bytes <= PT_SETTINGS_BYTES_HIGHEST &&
           (got = read(fd, text + bytes, PT_SETTINGS_BYTES_HIGHEST + 1 - bytes)) > 0) {
        bytes += (size_t)got;
    }
    if (got < 0) {
        return strerror(errno);
    }
    if (bytes > PT_SETTINGS_BYTES_HIGHEST) {
        return "it is longer than 64 KiB";
    }
    return strlen(text) == bytes ? NULL : "it is no text, as it has a byte 0";
}

/* A home that cannot be entered, as that of another user under sudo, has no settings for us. */
static bool is_absent(int error)
{
    return error == ENOENT || error == ENOTDIR || error == EACCES;
}

static bool read_path(const char *path, bool must, char **ret_text)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 && !must && is_absent(errno)) {
        return true;
    }
    const char *why = fd < 0 ? strerror(errno) : judge(fd);
    if (why == NULL) {
        why = read_text(fd, ret_text);
    }
    if (fd >= 0) {
        close(fd);
    }
    if (why != NULL) {
        pt_say("cannot use the configuration file '%s': %s", path, why);
        free(*ret_text);
        *ret_text = NULL;
    }
    return why == NULL;
}

bool pt_settings_file_read(char **ret_path, char **ret_text)
{
    const char *named = getenv("PHASETAP_CONFIG");
    bool must = named != NULL && named[0] != '\0';
    *ret_text = NULL;
    *ret_path = must ? strdup(named) : default_path();
    bool good = *ret_path == NULL || read_path(*ret_path, must, ret_text);
    if (!good || *ret_text == NULL) {
        free(*ret_path);
        *ret_path = NULL;
    }
    return good;
}
