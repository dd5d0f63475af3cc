/* SPDX-License-Identifier: Apache-2.0 */
/* `phasetap names`: the names behind the tokens of logs recorded with PHASETAP_NAMES=alias. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <phasetap/names_format.h>

#include "cli/commands.h"
#include "cli/inputs.h"
#include "log/names_mode.h"
#include "names/key_file.h"
#include "names/translate.h"
#include "text/args.h"
#include "text/safe_text.h"
#include "text/usage.h"

#define LOG_SUFFIX ".bson"

static bool ends_in(const char *text, size_t length, const char *end)
{
    size_t bytes = strlen(end);
    return length >= bytes && memcmp(text + length - bytes, end, bytes) == 0;
}

/* The number that rotation puts in front of `.bson` (NAME.3.bson, NAME.3-1.bson) or behind it
 * (logrotate: NAME.bson.3) ends at `end`; where it begins, with its dot; 0: there is none. */
static size_t number_before(const char *path, size_t end)
{
    size_t at = end;
    while (at > 0 && (isdigit((unsigned char)path[at - 1]) || path[at - 1] == '-')) {
        at--;
    }
    return at > 0 && at < end && path[at - 1] == '.' ? at - 1 : 0;
}

/* Where the key file of this log, or of this part of a log, lies; to be freed. */
static char *key_path_of(const char *log, bool as_part)
{
    char *path = NULL;
    size_t length = strlen(log);
    bool suffixed = ends_in(log, length, LOG_SUFFIX);
    size_t end = suffixed ? length - strlen(LOG_SUFFIX) : length;
    size_t stem = as_part ? number_before(log, end) : end;
    if (stem == 0 || asprintf(&path, "%.*s%s%s", (int)stem, log, suffixed ? LOG_SUFFIX : "",
                              PT_KEY_FILE_SUFFIX) < 0) {
        return NULL;
    }
    return path;
}

/* Why there is nothing to translate: the log's manifest says how it was recorded. */
static int fail_without_keys(const char *path)
{
    struct pt_log log;
    int code = pt_log_open(&log, path);
    if (code != PT_LOG_OK) {
        return pt_fail_log(code, path);
    }
    enum pt_names_mode mode = pt_log_names_mode(&log);
    pt_log_release(&log);
    if (mode == PT_NAMES_ALIAS) {
        pt_say("the key file of '%s' is not beside it; name the file '%s%s' instead of the log",
               path, path, PT_KEY_FILE_SUFFIX);
    } else if (mode == PT_NAMES_HASH) {
        pt_say("the names in '%s' are hashed and cannot be translated back (PHASETAP_NAMES=hash, "
               "or its key file could not be made)",
               path);
    } else {
        pt_say("'%s' holds names as they are; there is nothing to translate", path);
    }
    return PT_EXIT_USAGE;
}

static int read_keys(struct pt_keys *keys, const char *path)
{
    if (!pt_keys_read(keys, path)) {
        return pt_fail(PT_EXIT_USAGE, "cannot read the key file '%s': %s; check its permissions",
                       path, strerror(errno != 0 ? errno : ENOMEM));
    }
    return PT_EXIT_OK;
}

/* `path` is a key file, or a log with one beside it. */
static int add_keys(struct pt_keys *keys, const char *path)
{
    if (pt_key_file_is(path)) {
        return read_keys(keys, path);
    }
    for (int as_part = 0; as_part < 2; as_part++) {
        char *beside = key_path_of(path, as_part != 0);
        bool found = beside != NULL && pt_key_file_is(beside);
        int status = found ? read_keys(keys, beside) : PT_EXIT_OK;
        free(beside);
        if (found) {
            return status;
        }
    }
    return fail_without_keys(path);
}

static void print_table(const struct pt_keys *keys)
{
    for (size_t i = 0; i < keys->count; i++) {
        printf("%-24s ", keys->items[i].token);
        pt_put_safe(stdout, keys->items[i].name);
        putchar('\n');
    }
}

static int apply(const struct pt_keys *keys)
{
    switch (pt_translate(keys, stdin, stdout)) {
    case PT_TRANSLATED_BINARY:
        return pt_fail(PT_EXIT_USAGE, "standard input is no text; 'names --apply' translates "
                                      "summaries, JSON, CSV and other texts");
    case PT_TRANSLATED_UNREAD:
        return pt_fail(PT_EXIT_USAGE, "cannot read standard input: %s; try again", strerror(errno));
    default:
        return PT_EXIT_OK;
    }
}

static int run(int count, char **paths, bool as_filter)
{
    struct pt_keys keys = {0};
    int status = PT_EXIT_OK;
    for (int i = 0; i < count && status == PT_EXIT_OK; i++) {
        status = add_keys(&keys, paths[i]);
    }
    if (status == PT_EXIT_OK) {
        pt_keys_sort(&keys);
        if (as_filter) {
            status = apply(&keys);
        } else {
            print_table(&keys);
        }
    }
    pt_keys_release(&keys);
    return status;
}

int pt_cmd_names(int argc, char **argv)
{
    static const struct pt_manual manual = {
        .name = "names",
        .synopsis = "names [--apply] LOG...",
        .summary = "Translate the tokens of logs recorded with PHASETAP_NAMES=alias.",
        .examples = "  phasetap names run.bson\n"
                    "  phasetap summary run.bson | phasetap names --apply run.bson\n"
                    "  phasetap report run.bson | phasetap names --apply run.bson > report.json\n",
        .details =
            "Prints each token and its name. The names are in the key file LOG.names, which\n"
            "may be given in place of LOG when it is kept elsewhere. --apply copies standard\n"
            "input to standard output with names in place of tokens; in them, the characters\n"
            "\" \\ , ; < > & ' %, control and invisible characters are written as %XX, so\n"
            "that JSON, CSV and HTML stay valid. docs/PRIVACY.md explains tokens.\n"
            "Exit status: 0 done, 1 standard output could not be written, 2 wrong usage, a\n"
            "file that cannot be read, or a log without a key file.\n",
        .usage_status = PT_EXIT_USAGE,
    };
    const char *as_filter = NULL;
    const struct pt_flag flags[] = {
        {.name = "apply", .help = "be a filter: names in place of tokens", .value = &as_filter},
        {.name = NULL},
    };
    int status = pt_args_parse(&manual, flags, &argc, argv);
    if (status != PT_ARGS_GO) {
        return status;
    }
    if (argc == 0) {
        return pt_fail(PT_EXIT_USAGE, "names needs a log or key file; see 'phasetap names --help'");
    }
    return run(argc, argv, as_filter != NULL);
}
