/* SPDX-License-Identifier: Apache-2.0 */
/* Where the log would go. The rules are those of preload/host/log_path.c and preload/log. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/open_parent.h"
#include "check/environment.h"

#define MIB             (1024.0 * 1024.0)
#define ROOM_LEAST      (1.0 * MIB)
#define ROOM_COMMON     (256.0 * MIB) /* the default of PHASETAP_LIMIT */
#define DEFAULT_BELOW   "phasetap"
#define HOME_BELOW      ".local/state/phasetap"
#define NAME_ONE        "name a folder of this user in PHASETAP_OUTPUT, or with 'phasetap run -o'"
#define SYSTEMD_FOLDERS "for a systemd service LogsDirectory= makes one"

static void look_at_room(struct pt_findings *findings, const char *folder)
{
    struct statvfs room;
    if (statvfs(folder, &room) != 0) {
        pt_find(findings, PT_FINDING_NOTE, "the room left in '%s' is not known: %s", folder,
                strerror(errno));
        return;
    }
    double left = (double)room.f_bavail * (double)room.f_frsize;
    if ((room.f_flag & ST_RDONLY) != 0) {
        pt_find(findings, PT_FINDING_PROBLEM, "'%s' lies on a read-only file system; " NAME_ONE,
                folder);
    } else if (left < ROOM_LEAST || (room.f_files > 0 && room.f_favail == 0)) {
        pt_find(findings, PT_FINDING_PROBLEM,
                "the disk of '%s' is full (%.1f MiB, %llu files left); make room, or " NAME_ONE,
                folder, left / MIB, (unsigned long long)room.f_favail);
    } else if (left < ROOM_COMMON) {
        pt_find(findings, PT_FINDING_NOTE,
                "%.0f MiB are left for logs in '%s'; bound each log with PHASETAP_LIMIT",
                left / MIB, folder);
    } else {
        pt_find(findings, PT_FINDING_OK, "%.0f MiB are left for logs", left / MIB);
    }
}

/* What others could do to a log in it. True when the recorder accepts the folder. */
static bool look_at_owner(struct pt_findings *findings, const char *folder,
                          const struct stat *status)
{
    bool good = true;
    if (status->st_uid != geteuid() && status->st_uid != 0) {
        pt_find(findings, PT_FINDING_PROBLEM,
                "'%s' belongs to user %u, neither to this user (%u) nor to root, so no log is "
                "written there; " NAME_ONE,
                folder, status->st_uid, geteuid());
        good = false;
    }
    if ((status->st_mode & (S_IWGRP | S_IWOTH)) != 0 && (status->st_mode & S_ISVTX) == 0) {
        pt_find(findings, PT_FINDING_PROBLEM,
                "others can write into '%s' (mode %04o), so no log is written there; chmod go-w, "
                "or " NAME_ONE,
                folder, status->st_mode & 07777);
        good = false;
    }
    return good;
}

/* The folder itself is looked at by look_at_owner, one that is still to be made has a base. */
static bool look_at_parents(struct pt_findings *findings, const char *folder, bool itself)
{
    char *parent = pt_open_parent(folder, itself);
    bool good = parent == NULL;
    if (!good) {
        pt_find(findings, PT_FINDING_PROBLEM,
                "everybody can write into '%s' above the folder for logs, so no log is written "
                "there; chmod o-w, or " NAME_ONE,
                parent);
    }
    free(parent);
    return good;
}

static void look_at_access(struct pt_findings *findings, const char *folder,
                           const struct stat *status)
{
    if (faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) != 0) {
        pt_find(findings, PT_FINDING_PROBLEM,
                "this user (%u) cannot write into '%s' (owner %u, mode %04o): %s; " NAME_ONE
                "; " SYSTEMD_FOLDERS,
                geteuid(), folder, status->st_uid, status->st_mode & 07777, strerror(errno));
        return;
    }
    pt_find(findings, PT_FINDING_OK, "logs go into '%s' (owner %u, mode %04o)", folder,
            status->st_uid, status->st_mode & 07777);
    if (geteuid() == 0) {
        pt_find(findings, PT_FINDING_NOTE,
                "this is root: a process that becomes another user before its first driver call "
                "cannot make a log there; give it a folder of that user; " SYSTEMD_FOLDERS);
    }
}

static void look_at_folder(struct pt_findings *findings, const char *folder)
{
    struct stat status;
    if (stat(folder, &status) != 0) {
        pt_find(findings, PT_FINDING_PROBLEM, "the folder '%s' for logs: %s; make it, or " NAME_ONE,
                folder, strerror(errno));
    } else if (!S_ISDIR(status.st_mode)) {
        pt_find(findings, PT_FINDING_PROBLEM, "'%s' is no folder; " NAME_ONE, folder);
    } else if (look_at_owner(findings, folder, &status) &&
               look_at_parents(findings, folder, false)) {
        look_at_access(findings, folder, &status);
        look_at_room(findings, folder);
    }
}

/* A file that exists is never written to; only its kind matters. */
static void look_at_file(struct pt_findings *findings, const char *path)
{
    struct stat status;
    errno = 0;
    if (lstat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode)) {
        pt_find(findings, PT_FINDING_PROBLEM,
                "PHASETAP_OUTPUT '%s' is neither a regular file nor a folder, so nothing is "
                "recorded; " NAME_ONE,
                path);
        return;
    }
    if (errno == ENAMETOOLONG) {
        pt_find(findings, PT_FINDING_PROBLEM,
                "the name in PHASETAP_OUTPUT is too long for its file system (mostly 255 bytes), "
                "so no log is written; choose a shorter one");
        return;
    }
    if (lstat(path, &status) == 0) {
        pt_find(findings, PT_FINDING_NOTE,
                "'%s' exists and is not overwritten: a number is added to the name of the next "
                "log",
                path);
    }
    char *folder = strdup(path);
    char *slash = folder != NULL ? strrchr(folder, '/') : NULL;
    if (slash == NULL) {
        look_at_folder(findings, ".");
    } else {
        slash[slash == folder] = '\0';
        look_at_folder(findings, folder);
    }
    free(folder);
}

static void look_at_output(struct pt_findings *findings, const char *output)
{
    struct stat status;
    if (output[0] != '/') {
        pt_find(findings, PT_FINDING_NOTE,
                "PHASETAP_OUTPUT '%s' is relative to the folder each program is started in; an "
                "absolute path is safer for services",
                output);
    }
    if (stat(output, &status) == 0 && S_ISDIR(status.st_mode)) {
        look_at_folder(findings, output);
    } else {
        look_at_file(findings, output);
    }
}

/* The default folder is made when the first log is; it needs a base that is there. */
static void look_at_base(struct pt_findings *findings, const char *variable, const char *base,
                         const char *below)
{
    char folder[1024];
    struct stat status;
    snprintf(folder, sizeof folder, "%s/%s", base, below);
    if (stat(folder, &status) == 0) {
        look_at_folder(findings, folder);
    } else if (stat(base, &status) != 0) {
        pt_find(findings, PT_FINDING_PROBLEM,
                "%s names '%s', which does not exist and is not made; " NAME_ONE
                "; " SYSTEMD_FOLDERS,
                variable, base);
    } else if (faccessat(AT_FDCWD, base, W_OK | X_OK, AT_EACCESS) != 0) {
        pt_find(findings, PT_FINDING_PROBLEM,
                "'%s' does not exist, and this user (%u) cannot write into '%s': %s; " NAME_ONE,
                folder, geteuid(), base, strerror(errno));
    } else if (look_at_parents(findings, base, true)) {
        pt_find(findings, PT_FINDING_OK, "logs go into '%s', which the first one makes", folder);
        look_at_room(findings, base);
    }
}

void pt_environment_output(struct pt_findings *findings)
{
    const char *output = getenv("PHASETAP_OUTPUT");
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    if (output != NULL && output[0] != '\0') {
        look_at_output(findings, output);
    } else if (state != NULL && state[0] == '/') {
        look_at_base(findings, "XDG_STATE_HOME", state, DEFAULT_BELOW);
    } else if (home != NULL && home[0] == '/') {
        look_at_base(findings, "HOME", home, HOME_BELOW);
    } else {
        pt_find(findings, PT_FINDING_PROBLEM,
                "there is no folder for logs: neither PHASETAP_OUTPUT, XDG_STATE_HOME nor HOME is "
                "set; " NAME_ONE "; " SYSTEMD_FOLDERS);
    }
}
