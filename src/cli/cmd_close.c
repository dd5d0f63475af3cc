/* SPDX-License-Identifier: Apache-2.0 */
/* `phasetap close`: completes the logs of processes that were killed. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/inputs.h"
#include "intake/close_log.h"
#include "log/log_reader.h"
#include "phasetap/ring_format.h"
#include "text/args.h"
#include "text/usage.h"

#define MEMORY_FOLDER "/dev/shm"

/* How the argument was given: a log that is named must be completed; one that still records is
 * passed over in a folder, and in memory also one of another container. */
enum named { BY_NAME, IN_FOLDER, IN_MEMORY };

static int report_refusal(const struct pt_close *c, const char *path, enum named named)
{
    if (c->state == PT_CLOSE_LIVES && named != BY_NAME) {
        printf("%s: process %" PRId64 " still records\n", path, c->pid);
        return PT_EXIT_OK;
    }
    if (c->state == PT_CLOSE_UNKNOWN && named == IN_MEMORY) {
        printf("%s: process %" PRId64 " belongs to another container\n", path, c->pid);
        return PT_EXIT_OK;
    }
    if (c->state == PT_CLOSE_LIVES) {
        return pt_fail(PT_EXIT_FAILED,
                       "process %" PRId64 " still records into '%s'; close it when the process has "
                       "ended",
                       c->pid, path);
    }
    if (c->state == PT_CLOSE_UNKNOWN) {
        return pt_fail(PT_EXIT_FAILED,
                       "cannot tell whether process %" PRId64 " still records into '%s': it ran in "
                       "another container, on another machine or before a reboot; if it is gone, "
                       "use --force",
                       c->pid, path);
    }
    return pt_fail(PT_EXIT_FAILED,
                   "the log '%s' of the killed process %" PRId64 " is gone or was replaced; "
                   "--force removes what is left of it in " MEMORY_FOLDER,
                   c->log_path, c->pid);
}

static int report_unreadable(const struct pt_close *c, const char *path, enum named named)
{
    if (named == BY_NAME) {
        return pt_fail_log(c->code, path);
    }
    pt_warn("skipped '%s': %s", path, pt_log_text(c->code));
    return PT_EXIT_OK;
}

static int report_result(const struct pt_close *c, const char *path, enum named named)
{
    switch (c->state) {
    case PT_CLOSE_DONE:
        printf("%s: completed\n", c->log_path);
        return PT_EXIT_OK;
    case PT_CLOSE_NOTHING:
        printf("%s: complete already\n", path);
        return PT_EXIT_OK;
    case PT_CLOSE_REMOVED:
        printf("%s: removed\n", path);
        return PT_EXIT_OK;
    case PT_CLOSE_NO_RING:
        pt_warn("skipped '%s': it is no ring of phasetap, or cannot be read", path);
        return PT_EXIT_OK;
    case PT_CLOSE_UNREADABLE:
        return report_unreadable(c, path, named);
    case PT_CLOSE_FAILED:
        return pt_fail(PT_EXIT_FAILED,
                       "cannot complete the log '%s': %s; it is readable as it is, try again later",
                       c->log_path, strerror(c->error));
    default:
        return report_refusal(c, path, named);
    }
}

static int close_log(const char *path, bool force, enum named named)
{
    struct pt_close result;
    pt_close_log(&result, path, force);
    return report_result(&result, path, named);
}

static int close_ring(const char *path, bool force)
{
    struct stat status;
    struct pt_close result;
    if (lstat(path, &status) != 0 || status.st_uid != geteuid()) {
        return PT_EXIT_OK;
    }
    pt_close_ring(&result, path, force);
    return report_result(&result, path, IN_MEMORY);
}

static bool ends_in(const char *name, const char *end)
{
    size_t length = strlen(name), end_length = strlen(end);
    return length > end_length && strcmp(name + length - end_length, end) == 0;
}

static int is_log_name(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && ends_in(entry->d_name, ".bson");
}

static int is_ring_name(const struct dirent *entry)
{
    return strncmp(entry->d_name, "phasetap-", strlen("phasetap-")) == 0 &&
           ends_in(entry->d_name, PT_RING_SUFFIX);
}

/* Every log, or every ring, in the folder; the worst status. */
static int close_folder(const char *folder, bool force, bool rings)
{
    struct dirent **entries = NULL;
    int worst = PT_EXIT_OK;
    int count = scandir(folder, &entries, rings ? is_ring_name : is_log_name, alphasort);
    if (count < 0) {
        return pt_fail(PT_EXIT_USAGE, "cannot list the folder '%s': %s; check its permissions",
                       folder, strerror(errno));
    }
    for (int i = 0; i < count; i++) {
        char *path = NULL;
        if (asprintf(&path, "%s/%s", folder, entries[i]->d_name) >= 0) {
            int status = rings ? close_ring(path, force) : close_log(path, force, IN_FOLDER);
            worst = status > worst ? status : worst;
            free(path);
        }
        free(entries[i]);
    }
    free(entries);
    return worst;
}

static int close_one(const char *path, bool force)
{
    struct stat status;
    bool folder = stat(path, &status) == 0 && S_ISDIR(status.st_mode);
    return folder ? close_folder(path, force, false) : close_log(path, force, BY_NAME);
}

static const struct pt_manual manual = {
    .name = "close",
    .synopsis = "close [--force] LOG... | close --all [--force]",
    .summary = "Complete the logs of processes that were killed.",
    .examples = "  phasetap close run.bson\n"
                "  phasetap close ~/.local/state/phasetap\n"
                "  phasetap close --all\n",
    .details = "The newest events of a killed process lie in a small file, its ring: in\n"
               "/dev/shm, or beside the log. close appends them to the log and removes the\n"
               "ring; then the log alone is complete and may be moved to another machine.\n"
               "phasetap run does this for its program, and each recording that starts does\n"
               "it for rings of the same user in /dev/shm.\n"
               "LOG is a file, or a folder, which stands for all files in it that end in\n"
               ".bson. A log is never touched while its process lives; in a folder, and\n"
               "with --all, such a log is passed over. --force is for a ring beside the log\n"
               "after a reboot or the end of a container, where it cannot be told whether\n"
               "the process lives: if it does, its log is damaged.\n"
               "Exit status: 0 success, also if there was nothing to do; 1 a log could not be\n"
               "completed (its process lives or may live, its log is gone, it cannot be\n"
               "written) or standard output failed; 2 wrong usage or an unreadable log. The\n"
               "others are completed all the same.\n",
    .usage_status = PT_EXIT_USAGE,
};

static int close_logs(int count, char **paths, bool force)
{
    int worst = PT_EXIT_OK;
    for (int i = 0; i < count; i++) {
        int status = close_one(paths[i], force);
        worst = status > worst ? status : worst;
    }
    return worst;
}

int pt_cmd_close(int argc, char **argv)
{
    const char *all = NULL, *force = NULL;
    const struct pt_flag flags[] = {
        {.name = "all", .value = &all, .help = "every ring of this user in /dev/shm"},
        {.name = "force",
         .value = &force,
         .help = "also if the process may live; with --all, remove rings without a log"},
        {.name = NULL},
    };
    int status = pt_args_parse(&manual, flags, &argc, argv);
    if (status != PT_ARGS_GO) {
        return status;
    }
    if ((all != NULL) == (argc > 0)) {
        return pt_fail(PT_EXIT_USAGE, "close takes logs or folders, or --all; see 'phasetap close "
                                      "--help'");
    }
    return all != NULL ? close_folder(MEMORY_FOLDER, force != NULL, true)
                       : close_logs(argc, argv, force != NULL);
}
