/* SPDX-License-Identifier: Apache-2.0 */
/* `phasetap audit`: what a log holds, and whether anything else than the format allows is in it. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/audit.h"
#include "audit/sha256.h"
#include "base/open_parent.h"
#include "cli/commands.h"
#include "cli/inputs.h"
#include "cli/stdin_log.h"
#include "log/bson_field.h"
#include "log/log_reader.h"
#include "text/args.h"
#include "text/safe_text.h"
#include "text/shown_path.h"
#include "text/time_text.h"
#include "text/usage.h"

#define PIECE_BYTES 65536

static void put_owner(const struct stat *status)
{
    const struct passwd *user = getpwuid(status->st_uid);
    const struct group *group = getgrgid(status->st_gid);
    printf("mode %04o, owner %u (%s), group %u (%s)\n", status->st_mode & 07777,
           (unsigned)status->st_uid, user != NULL ? user->pw_name : "no name",
           (unsigned)status->st_gid, group != NULL ? group->gr_name : "no name");
}

/* Of the same open file whose mode is shown: a name may be given to another file meanwhile. */
static bool put_hash(int fd)
{
    static uint8_t piece[PIECE_BYTES];
    char text[PT_SHA256_TEXT_BYTES];
    struct pt_sha256 hash;
    ssize_t got;
    pt_sha256_start(&hash);
    while ((got = read(fd, piece, sizeof piece)) > 0) {
        pt_sha256_add(&hash, piece, (size_t)got);
    }
    pt_sha256_text(&hash, text);
    printf("SHA-256: %s\n", text);
    return got == 0;
}

static void put_open_parent(const char *folder)
{
    char *parent = pt_open_parent(folder, false);
    if (parent != NULL) {
        printf("Note: everybody can write to ");
        pt_put_safe(stdout, parent);
        printf(" above the folder, so everybody can replace the log\n");
    }
    free(parent);
}

static void put_folder(const char *path)
{
    struct stat status;
    const char *slash = strrchr(path, '/');
    char *folder = slash != NULL ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    if (folder != NULL && stat(folder, &status) == 0) {
        printf("Folder: ");
        put_owner(&status);
        if ((status.st_mode & 0022) != 0 && (status.st_mode & S_ISVTX) == 0) {
            printf("Note: others can write to the folder, so they can replace the log\n");
        }
        put_open_parent(folder);
    }
    free(folder);
}

/* What came through a pipe says nothing about the file that it was. */
static bool has_name(const char *path)
{
    return pt_shown_path(path) == path;
}

static void put_access(const char *path, const struct stat *status)
{
    if (!has_name(path)) {
        printf("File: cannot tell mode and owner, as it came through a pipe\n");
        return;
    }
    printf("File: ");
    put_owner(status);
    if ((status->st_mode & 0077) != 0) {
        printf("Note: other users may have access to the file; the recorder makes it 0600\n");
    }
}

static bool put_file(const char *path)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    bool good = fd >= 0 && fstat(fd, &status) == 0;
    if (good) {
        printf("Log: ");
        pt_put_safe(stdout, pt_shown_path(path));
        printf("\nSize: %lld bytes\n", (long long)status.st_size);
        good = put_hash(fd);
        put_access(path, &status);
    }
    if (fd >= 0) {
        close(fd);
    }
    return good;
}

static void put_text(const struct pt_record *manifest, const char *label, const char *key)
{
    char *text = pt_field_text(manifest, key);
    printf("%s", label);
    pt_put_safe(stdout, text != NULL ? text : "unknown");
    free(text);
}

static void put_manifest(const struct pt_record *manifest)
{
    char text[PT_TIME_BYTES];
    pt_utc_time_text(text, pt_field_int(manifest, "realtime_ns", 0) / 1000000);
    printf("Manifest: format version %" PRId64, pt_field_int(manifest, "version", 0));
    put_text(manifest, ", phasetap ", "tool");
    put_text(manifest, ", program ", "program");
    printf(", pid %" PRId64 ", uid %" PRId64 ", opened %s", pt_field_int(manifest, "pid", 0),
           pt_field_int(manifest, "uid", -1), text);
    put_text(manifest, ", boot ", "boot_id");
    putchar('\n');
}

static int take(void *context, const struct pt_record *record)
{
    struct pt_audit *audit = context;
    if (audit->documents == 0 && record->kind == PT_KIND_MANIFEST) {
        put_manifest(record);
    }
    return pt_audit_record(context, record);
}

/* Bytes that are no complete document were not looked into, so nothing is proved about them. */
static int put_result(const struct pt_audit *audit, const struct pt_log_facts *facts)
{
    uint64_t opaque = facts->damaged_places + facts->torn;
    if (opaque > 0) {
        printf("Not checked: %" PRIu64 " bytes in %" PRIu64 " damaged places, %" PRIu64
               " incomplete documents\n",
               facts->damaged_bytes, facts->damaged_places, facts->torn);
    }
    if (audit->unknown == 0 && opaque == 0) {
        printf("Result: all of the %" PRId64 " documents, their fields and types are in the "
               "schema\n",
               audit->documents);
        return PT_EXIT_OK;
    }
    printf("Result: NOT PROVED: %" PRId64 " documents, fields or types are not in the schema, "
           "%" PRIu64 " places could not be checked\n",
           audit->unknown, opaque);
    return PT_EXIT_FAILED;
}

static int audit_log(const char *given)
{
    struct pt_log log;
    const char *path = pt_input_path(given);
    if (path == NULL) {
        return PT_EXIT_USAGE;
    }
    int code = pt_log_open(&log, path);
    if (code != PT_LOG_OK) {
        return pt_fail_log(code, path);
    }
    struct pt_audit *audit = calloc(1, sizeof *audit);
    int status = PT_EXIT_USAGE;
    if (audit == NULL || !put_file(path)) {
        status = pt_fail(PT_EXIT_USAGE, "cannot read '%s': %s; try again", pt_shown_path(path),
                         strerror(errno));
    } else {
        if (has_name(path)) {
            put_folder(path);
        }
        code = pt_log_walk(&log, take, audit);
        pt_audit_print(audit, stdout);
        status = code == PT_LOG_OK ? put_result(audit, &log.facts) : pt_fail_log(code, path);
        pt_audit_release(audit);
    }
    free(audit);
    pt_log_release(&log);
    return status;
}

int pt_cmd_audit(int argc, char **argv)
{
    static const struct pt_manual manual = {
        .name = "audit",
        .synopsis = "audit LOG",
        .summary = "Print what a log holds, and whether anything else is in it.",
        .examples = "  phasetap audit run.bson\n"
                    "  phasetap audit run.bson > run.audit && echo nothing else is in it\n",
        .details = "Prints hash, mode and owner of LOG, its manifest, and every kind of document,\n"
                   "field and type in it with counts. Values of texts are not printed. The\n"
                   "format is in docs/FORMAT.md, what it means for privacy in docs/PRIVACY.md.\n"
                   "Exit status: 0 everything in LOG is in the schema, 1 something is not, or\n"
                   "could not be checked (or standard output could not be written), 2 wrong\n"
                   "usage or an unreadable log.\n",
        .usage_status = PT_EXIT_USAGE,
    };
    static const struct pt_flag flags[] = {{.name = NULL}};
    int status = pt_args_parse(&manual, flags, &argc, argv);
    if (status != PT_ARGS_GO) {
        return status;
    }
    if (argc != 1) {
        return pt_fail(PT_EXIT_USAGE, "audit takes exactly one log; see 'phasetap audit --help'");
    }
    return audit_log(argv[0]);
}
