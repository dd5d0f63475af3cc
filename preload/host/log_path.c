/* SPDX-License-Identifier: Apache-2.0 */
#include "host/log_path.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/options.h"
#include "base/proc_file.h"
#include "base/text.h"
#include "log/name_file.h"
#include "log/name_ids.h"
#include "phasetap/ring_format.h"

/* Names tried with -1, -2, ...; in a container every process has the same number, so after these
 * the name gets the time: each further try costs one open, on NFS a round trip. */
#define PT_NUMBERED 8u
#define PT_TIMED    64u
/* Folders that are made when they are missing: `.local`, `state` and `phasetap`. */
#define PT_FOLDERS_MADE 3

enum output_kind { OUTPUT_NEW, OUTPUT_FILE, OUTPUT_FOLDER, OUTPUT_OTHER };

static enum output_kind kind_of(const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0) {
        return OUTPUT_NEW;
    }
    return S_ISDIR(info.st_mode)   ? OUTPUT_FOLDER
           : S_ISREG(info.st_mode) ? OUTPUT_FILE
                                   : OUTPUT_OTHER;
}

/* Makes the last folders of the path, private to the user; what exists stays as it is. Nothing is
 * made in `/`, and no home: a service whose HOME is /nonexistent must not get one because we ran as
 * root. */
static void make_folders(char *path, int count)
{
    char *slash = strrchr(path, '/');
    if (slash == NULL || slash == path) {
        return;
    }
    if (count > 1) {
        *slash = '\0';
        make_folders(path, count - 1);
        *slash = '/';
    }
    (void)mkdir(path, 0700);
}

static void two_digits(char *out, int value)
{
    out[0] = (char)('0' + value / 10 % 10);
    out[1] = (char)('0' + value % 10);
}

/* YYYYmmddTHHMMSSZ: gmtime_r without a time zone needs no lock. */
static void utc_time(char *out)
{
    time_t now = (time_t)(pt_clock_read_ns(CLOCK_REALTIME) / 1000000000);
    struct tm utc;
    gmtime_r(&now, &utc);
    two_digits(out, (utc.tm_year + 1900) / 100);
    two_digits(out + 2, (utc.tm_year + 1900) % 100);
    two_digits(out + 4, utc.tm_mon + 1);
    two_digits(out + 6, utc.tm_mday);
    out[8] = 'T';
    two_digits(out + 9, utc.tm_hour);
    two_digits(out + 11, utc.tm_min);
    two_digits(out + 13, utc.tm_sec);
    memcpy(out + 15, "Z", 2);
}

/* What a part may have beyond its size: the largest append, and as much for its first documents. */
#define PT_PART_EXCESS (2 * (int64_t)PT_INTENT_COUNT * PT_LARGE_BYTES)

/* A log that rotates has no other limit; where it cannot rotate, it must still end. Entries are
 * thinned from half of the limit on, which no part may reach that begins with a large append. */
static int64_t limit_bytes(void)
{
    return pt_options.ROTATE ? 2 * (PT_ROTATION_BYTES(pt_options.ROTATE) + PT_PART_EXCESS)
                             : pt_options.LIMIT;
}

static bool without_calls;

void pt_log_path_without_calls(void)
{
    without_calls = true;
}

/* The log, and with aliases the key file beside it. Where no key file can be, nothing will
 * translate the tokens: names are hashed then. */
static enum pt_reason create_files(const char *path, bool *exists)
{
    enum pt_reason reason = pt_log_create(path, limit_bytes(), exists);
    bool alias = pt_tokens_mode() == PT_NAMES_ALIAS;
    if (reason != PT_REASON_NONE || !alias || pt_name_file_create(path, exists)) {
        return reason;
    }
    if (*exists) { /* of another log: this one takes another name */
        pt_log_abandon();
        return PT_REASON_OPEN;
    }
    pt_tokens_lose_names();
    return PT_REASON_NONE;
}

/* `stem`[-number].bson; without a number the bare file name given by the user. */
static bool try_name(char *path, const char *stem, const char *end, uint64_t attempt,
                     enum pt_reason *reason)
{
    char number[24];
    size_t at = 0;
    bool exists;
    bool fits = pt_text_append(path, PT_PATH_BYTES, &at, stem);
    if (attempt > 0) {
        pt_text_decimal(number, attempt);
        fits = fits && pt_text_append(path, PT_PATH_BYTES, &at, "-") &&
               pt_text_append(path, PT_PATH_BYTES, &at, number);
    }
    fits = fits && pt_text_append(path, PT_PATH_BYTES, &at, end);
    if (!fits) {
        *reason = PT_REASON_OPEN;
        return true;
    }
    *reason = create_files(path, &exists);
    return !exists;
}

/* Tries the name, then the name with -1, -2, ..., then with the time in ns, for as long as a file
 * of that name exists. */
static enum pt_reason open_fresh(char *path, const char *stem, const char *end)
{
    enum pt_reason reason = PT_REASON_OPEN;
    for (unsigned attempt = 0; attempt < PT_NUMBERED + PT_TIMED; attempt++) {
        if (try_name(path, stem, end,
                     attempt < PT_NUMBERED ? attempt : (uint64_t)pt_clock_read_ns(CLOCK_REALTIME),
                     &reason)) {
            break;
        }
    }
    return reason;
}

/* Where this program has left one before, no other one is made. */
static enum pt_reason open_without_calls(char *path, char *stem, size_t at, const char *end)
{
    enum pt_reason reason = PT_REASON_OPEN;
    bool fits = pt_text_append(stem, PT_PATH_BYTES, &at, "-unseen");
    bool made = fits && try_name(path, stem, end, 0, &reason);
    return made || !fits ? reason : PT_REASON_DISABLED;
}

/* A token differs from process to process, and a log without calls is to be the only one. */
static const char *shown_program(char token[PT_TOKEN_BYTES], const char *program)
{
    bool hidden = pt_tokens_mode() != PT_NAMES_PLAIN;
    return hidden && without_calls ? "program" : pt_name_shown(token, PT_OF_PROGRAM, program);
}

static enum pt_reason open_in_folder(char *path, const char *folder)
{
    char stem[PT_PATH_BYTES];
    char part[PT_PROGRAM_BYTES], token[PT_TOKEN_BYTES];
    size_t at = 0;
    pt_text_append(stem, sizeof stem, &at, folder);
    pt_text_append(stem, sizeof stem, &at, "/");
    pt_program_name(part, sizeof part);
    pt_text_append(stem, sizeof stem, &at, shown_program(token, part));
    if (without_calls) {
        return open_without_calls(path, stem, at, ".bson");
    }
    pt_text_append(stem, sizeof stem, &at, "-");
    utc_time(part);
    pt_text_append(stem, sizeof stem, &at, part);
    pt_text_append(stem, sizeof stem, &at, "-");
    pt_text_decimal(part, (uint64_t)getpid());
    pt_text_append(stem, sizeof stem, &at, part);
    return open_fresh(path, stem, ".bson");
}

static enum pt_reason open_beside(char *path, const char *file)
{
    char stem[PT_PATH_BYTES];
    char pid[24];
    size_t at = 0;
    pt_text_append(stem, sizeof stem, &at, file);
    const char *end = at > 5 && strcmp(stem + at - 5, ".bson") == 0 ? ".bson" : "";
    at -= strlen(end);
    stem[at] = '\0';
    if (without_calls) {
        return open_without_calls(path, stem, at, end);
    }
    pt_text_append(stem, sizeof stem, &at, "-");
    pt_text_decimal(pid, (uint64_t)getpid());
    pt_text_append(stem, sizeof stem, &at, pid);
    return open_fresh(path, stem, end);
}

static bool absolute_output(char *out)
{
    size_t at = 0;
    bool fits = true;
    out[0] = '\0';
    if (pt_options.OUTPUT[0] != '/') {
        fits = pt_options.folder[0] && pt_text_append(out, PT_PATH_BYTES, &at, pt_options.folder) &&
               pt_text_append(out, PT_PATH_BYTES, &at, "/");
    }
    return fits && pt_text_append(out, PT_PATH_BYTES, &at, pt_options.OUTPUT);
}

static enum pt_reason open_default(char *path)
{
    char folder[PT_PATH_BYTES];
    size_t at = 0;
    if (pt_options.state_folder[0] == '\0' ||
        !pt_text_append(folder, sizeof folder, &at, pt_options.state_folder) ||
        !pt_text_append(folder, sizeof folder, &at, "/phasetap")) {
        return PT_REASON_HOME;
    }
    make_folders(folder, PT_FOLDERS_MADE);
    if (kind_of(folder) != OUTPUT_FOLDER) {
        return PT_REASON_HOME;
    }
    return open_in_folder(path, folder);
}

enum pt_reason pt_log_path_open(char *path, bool first_process)
{
    char output[PT_PATH_BYTES];
    if (pt_options.OUTPUT[0] == '\0') {
        return open_default(path);
    }
    if (!absolute_output(output)) {
        return PT_REASON_OPEN;
    }
    enum output_kind kind = kind_of(output);
    if (kind == OUTPUT_OTHER) { /* as /dev/null: a file beside it would be a surprise */
        return PT_REASON_NOT_FILE;
    }
    if (kind == OUTPUT_FOLDER) {
        return open_in_folder(path, output);
    }
    enum pt_reason reason;
    if (first_process && try_name(path, output, "", 0, &reason)) {
        return reason;
    }
    return open_beside(path, output);
}
