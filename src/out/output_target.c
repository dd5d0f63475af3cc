/* SPDX-License-Identifier: Apache-2.0 */
#include "out/output_target.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text/usage.h"

#define MARK_BYTES 256 /* of a file that are compared with a mark */

int pt_target_descriptor(const char *path)
{
    static const char *const prefixes[] = {"/dev/fd/", "/proc/self/fd/"};
    if (strcmp(path, "/dev/stdout") == 0) {
        return STDOUT_FILENO;
    }
    if (strcmp(path, "/dev/stderr") == 0) {
        return STDERR_FILENO;
    }
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        const char *number = path + strlen(prefixes[i]);
        if (strncmp(path, prefixes[i], strlen(prefixes[i])) == 0 &&
            strspn(number, "0123456789") == strlen(number) && *number != '\0' &&
            strlen(number) < 7) {
            return atoi(number);
        }
    }
    return -1;
}

bool pt_target_is_input(const struct stat *status, const struct pt_output_rules *rules)
{
    struct stat input;
    for (size_t i = 0; i < rules->input_count; i++) {
        if (stat(rules->inputs[i], &input) == 0 && input.st_dev == status->st_dev &&
            input.st_ino == status->st_ino) {
            return true;
        }
    }
    return false;
}

static bool starts_with(const char *bytes, size_t length, const char *mark)
{
    for (size_t i = 0; i < length && *mark != '\0'; i++) {
        if (isspace((unsigned char)bytes[i])) {
            continue;
        }
        if (bytes[i] != *mark++) {
            return false;
        }
    }
    return *mark == '\0';
}

/* Opened without waiting: between the look and this it may have become a pipe. */
static bool has_mark(int folder, const char *name, const char *mark)
{
    char bytes[MARK_BYTES];
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    ssize_t got = fd >= 0 ? pread(fd, bytes, sizeof bytes, 0) : -1;
    if (fd >= 0) {
        close(fd);
    }
    return got > 0 && starts_with(bytes, (size_t)got, mark);
}

const char *pt_output_option(const struct pt_output_rules *rules)
{
    return rules->option != NULL ? rules->option : "-o";
}

static enum pt_target refuse(const char *path, const struct pt_output_rules *rules, const char *why,
                             const char *remedy)
{
    pt_say("'%s' was not written: %s; %s with %s", path, why, remedy, pt_output_option(rules));
    return PT_TARGET_REFUSED;
}

static enum pt_target refuse_existing(const char *path, const struct pt_output_rules *rules)
{
    pt_say("'%s' was not written: it exists%s; name another file with %s, or replace it with "
           "--force",
           path, rules->mark != NULL ? " and is no phasetap output of this kind" : "",
           pt_output_option(rules));
    return PT_TARGET_REFUSED;
}

static enum pt_target judge_file(int folder, const char *name, const char *path,
                                 const struct stat *status, const struct pt_output_rules *rules)
{
    if (pt_target_is_input(status, rules)) {
        return refuse(path, rules, "it is one of the logs that were read", "name another file");
    }
    if (rules->force || status->st_size == 0 ||
        (rules->mark != NULL && has_mark(folder, name, rules->mark))) {
        return PT_TARGET_FILE;
    }
    return refuse_existing(path, rules);
}

enum pt_target pt_target_judge(int folder, const char *name, const char *path,
                               const struct pt_output_rules *rules)
{
    struct stat status;
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return errno == ENOENT ? PT_TARGET_NEW
                               : refuse(path, rules, strerror(errno), "name another file");
    }
    switch (status.st_mode & S_IFMT) {
    case S_IFREG:
        return judge_file(folder, name, path, &status, rules);
    case S_IFCHR:
    case S_IFIFO:
        return PT_TARGET_STREAM;
    case S_IFLNK:
        return refuse(path, rules, "it is a symbolic link", "name the file itself");
    case S_IFDIR:
        return refuse(path, rules, "it is a folder", "name a file");
    default:
        return refuse(path, rules, "it is neither a file nor a pipe", "name a file");
    }
}
