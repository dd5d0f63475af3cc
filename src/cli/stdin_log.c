/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/stdin_log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text/shown_path.h"
#include "text/usage.h"

#define PIECE_BYTES 65536

static char found[PATH_MAX];

/* False: the file has no name that leads to it. */
static bool take_name(const struct stat *status)
{
    struct stat named;
    ssize_t length = readlink("/proc/self/fd/0", found, sizeof found - 1);
    if (length <= 0) {
        return false;
    }
    found[length] = '\0';
    return found[0] == '/' && stat(found, &named) == 0 && named.st_dev == status->st_dev &&
           named.st_ino == status->st_ino;
}

static int make_unnamed(const char *folder)
{
    char path[PATH_MAX];
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) {
        return fd;
    }
    snprintf(path, sizeof path, "%s/phasetap-XXXXXX", folder);
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0) {
        unlink(path);
    }
    return fd;
}

static bool write_all(int fd, const char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t written = write(fd, bytes, count);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        bytes += written > 0 ? written : 0;
        count -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

static bool copy(int fd)
{
    static char piece[PIECE_BYTES];
    ssize_t got;
    do {
        got = read(STDIN_FILENO, piece, sizeof piece);
        if (got > 0 && !write_all(fd, piece, (size_t)got)) {
            return false;
        }
    } while (got > 0 || (got < 0 && errno == EINTR));
    return got == 0;
}

static bool keep(void)
{
    const char *given = getenv("TMPDIR");
    const char *folder = given != NULL && given[0] == '/' ? given : "/tmp";
    int fd = make_unnamed(folder);
    if (fd < 0 || !copy(fd)) {
        pt_say("cannot keep standard input in '%s': %s; set TMPDIR to a folder with room, or name "
               "the log",
               folder, strerror(errno));
        return false;
    }
    snprintf(found, sizeof found, PT_UNNAMED_FOLDER "%d", fd);
    return true;
}

static bool take_input(void)
{
    struct stat status;
    if (fstat(STDIN_FILENO, &status) != 0) {
        pt_say("cannot read standard input: %s; name the log", strerror(errno));
        return false;
    }
    if (isatty(STDIN_FILENO) == 1) {
        pt_say("standard input is a terminal; redirect it from a log, or name the log");
        return false;
    }
    return (S_ISREG(status.st_mode) && take_name(&status)) || keep();
}

const char *pt_input_path(const char *given)
{
    if (strcmp(given, "-") != 0) {
        return given;
    }
    if (found[0] == '\0' && !take_input()) {
        found[0] = '\0';
        return NULL;
    }
    return found;
}
