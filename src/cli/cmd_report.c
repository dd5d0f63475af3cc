/* SPDX-License-Identifier: Apache-2.0 */
/* `phasetap report`: the JSON report. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/commands.h"
#include "cli/inputs.h"
#include "report/report.h"
#include "text/args.h"
#include "text/usage.h"

#define ENTRIES_HIGHEST 100000000L

/* As the original did: folders of the output that are missing are made. */
static bool make_parents(const char *path)
{
    char *copy = strdup(path);
    if (copy == NULL) {
        return false;
    }
    for (char *slash = strchr(copy + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST) {
            break; /* opening the file will tell why */
        }
        *slash = '/';
    }
    free(copy);
    return true;
}

static int fail_output(const char *path, int error)
{
    return pt_fail(PT_EXIT_FAILED, "cannot write '%s': %s; name another file with -o", path,
                   strerror(error));
}

static int write_file(const struct pt_model *model, const char *path)
{
    make_parents(path);
    /* Names of databases and what the program annotated are nobody else's business: a new file is
     * private. */
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (out == NULL) {
        return fail_output(path, errno);
    }
    errno = 0;
    pt_report_json(model, out);
    bool failed = ferror(out) != 0;
    int error = errno;
    if (fclose(out) != 0) {
        error = errno;
        failed = true;
    }
    return failed ? fail_output(path, error) : PT_EXIT_OK;
}

static bool parse_entries(const char *text, size_t *ret_limit)
{
    if (text == NULL) {
        return true;
    }
    char *end = NULL;
    errno = 0;
    long number = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || number < 0 || number > ENTRIES_HIGHEST) {
        return false;
    }
    *ret_limit = (size_t)number;
    return true;
}

static int report(size_t entries_limit, const struct pt_range *range, int count, char **paths,
                  const char *output)
{
    struct pt_model model;
    pt_model_init(&model, entries_limit);
    int status =
        pt_take_range(&model, range) ? pt_read_inputs(&model, count, paths) : PT_EXIT_USAGE;
    if (status == PT_EXIT_OK && output != NULL && strcmp(output, "-") != 0) {
        status = write_file(&model, output);
    } else if (status == PT_EXIT_OK) {
        pt_report_json(&model, stdout);
    }
    pt_model_release(&model);
    return status;
}

static const struct pt_manual manual = {
    .name = "report",
    .synopsis = "report [-o FILE] [--entries N] LOG...",
    .summary = "Write the JSON report of one or more logs.",
    .examples = "  phasetap report run.bson -o report.json\n"
                "  phasetap report run.bson | jq .total_runtime_formatted\n"
                "  phasetap report ~/.local/state/phasetap -o all.json\n",
    .details = "LOG is a file, or a folder, which stands for all files in it that end in\n"
               ".bson (files that are not logs are skipped with a warning). Several logs are\n"
               "merged into one report. Counts, sums and percentiles always cover all\n"
               "entries; --entries limits only the entries that are listed.\n"
               "Exit status: 0 success (damaged parts of a log are skipped with a warning),\n"
               "1 the report could not be written, 2 wrong usage or an unreadable log (then\n"
               "nothing is written).\n",
    .usage_status = PT_EXIT_USAGE,
};

int pt_cmd_report(int argc, char **argv)
{
    const char *output = NULL;
    const char *entries = NULL;
    struct pt_range range = {NULL, NULL};
    size_t entries_limit = PT_ENTRIES_DEFAULT;
    const struct pt_flag flags[] = {
        {.name = "output",
         .letter = 'o',
         .argument = "FILE",
         .value = &output,
         .help = "write to FILE instead of standard output; create missing folders"},
        {.name = "entries",
         .argument = "N",
         .value = &entries,
         .help = "list at most the first N entries of each phase (default 10000)"},
        PT_RANGE_FLAGS(range),
        {.name = NULL},
    };
    int status = pt_args_parse(&manual, flags, &argc, argv);
    if (status != PT_ARGS_GO) {
        return status;
    }
    if (!parse_entries(entries, &entries_limit)) {
        return pt_fail(PT_EXIT_USAGE, "--entries takes a whole number from 0 to %ld, not '%s'",
                       ENTRIES_HIGHEST, entries);
    }
    if (argc == 0) {
        return pt_fail(PT_EXIT_USAGE,
                       "report needs at least one log; see 'phasetap report --help'");
    }
    return report(entries_limit, &range, argc, argv, output);
}
