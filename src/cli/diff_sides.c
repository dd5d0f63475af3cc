/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/diff_sides.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/inputs.h"
#include "cli/rule_inputs.h"
#include "report/report.h"
#include "text/usage.h"

#define REPORT_BYTES_HIGHEST (256u << 20)
#define WHY_BYTES            256

static bool ends_in(const char *name, const char *suffix)
{
    size_t length = strlen(name);
    size_t end = strlen(suffix);
    return name[0] != '.' && length > end && strcmp(name + length - end, suffix) == 0;
}

static int is_report_name(const struct dirent *entry)
{
    return ends_in(entry->d_name, ".json");
}

static int is_log_name(const struct dirent *entry)
{
    return ends_in(entry->d_name, ".bson");
}

/* Begins as a report does; blanks make no difference. */
static bool has_mark(const char *path)
{
    const char *mark = PT_REPORT_MARK;
    FILE *file = fopen(path, "re");
    int c = file != NULL ? fgetc(file) : EOF;
    for (; c != EOF && *mark != '\0'; c = fgetc(file)) {
        if (!isspace(c) && c != *mark++) {
            break;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return *mark == '\0';
}

static int add_run(struct pt_side *side, struct pt_run_figures *run)
{
    if (pt_side_add(side, run)) {
        return PT_EXIT_OK;
    }
    return pt_fail(PT_EXIT_USAGE, "cannot compare '%s': out of memory", side->name);
}

static int add_report(struct pt_side *side, const char *path)
{
    struct pt_run_figures run;
    char why[WHY_BYTES];
    size_t length;
    char *text = pt_read_text(path, REPORT_BYTES_HIGHEST, &length);
    if (text == NULL) {
        return pt_fail(PT_EXIT_USAGE, "cannot read '%s': %s%s", path, strerror(errno),
                       errno == EFBIG ? "; make the report with --entries 0" : "");
    }
    bool good = pt_run_figures_of_report(&run, text, length, path, why, sizeof why);
    free(text);
    int status =
        good ? add_run(side, &run) : pt_fail(PT_EXIT_USAGE, "cannot read '%s': %s", path, why);
    pt_run_figures_release(&run);
    return status;
}

static void add_model(void *context, const struct pt_model *model)
{
    struct pt_side *side = context;
    struct pt_run_figures run;
    const char *source = model->process_count > 0 ? model->processes[0]->log_path : side->name;
    if (pt_run_figures_of_model(&run, model, source)) {
        pt_side_add(side, &run);
    }
    pt_run_figures_release(&run);
}

static int add_logs(struct pt_side *side, char *path)
{
    struct pt_log_list list = {0};
    const struct pt_range range = {.since = NULL};
    size_t before = side->count;
    int status = pt_inputs_find(&list, 1, &path);
    if (status == PT_EXIT_OK) {
        status = pt_inputs_each_run(&list, &range, add_model, side);
    }
    if (status == PT_EXIT_OK && side->count != before + (size_t)list.runs) {
        status = pt_fail(PT_EXIT_USAGE, "cannot compare '%s': out of memory", path);
    }
    pt_log_list_release(&list);
    return status;
}

static void free_names(struct dirent **entries, int count)
{
    for (int i = 0; i < count; i++) {
        free(entries[i]);
    }
    free(entries);
}

static int count_logs(const char *folder)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_log_name, NULL);
    free_names(entries, count);
    return count;
}

/* JSON files that are no reports are none of ours. */
static int add_reports(struct pt_side *side, const char *folder)
{
    struct dirent **entries = NULL;
    int status = PT_EXIT_OK;
    int count = scandir(folder, &entries, is_report_name, alphasort);
    for (int i = 0; i < count && status == PT_EXIT_OK; i++) {
        char *path = NULL;
        if (asprintf(&path, "%s/%s", folder, entries[i]->d_name) < 0) {
            path = NULL;
        }
        if (path != NULL && has_mark(path)) {
            status = add_report(side, path);
        }
        free(path);
    }
    free_names(entries, count);
    return status;
}

static int add_folder(struct pt_side *side, char *folder)
{
    int status = add_reports(side, folder);
    if (status != PT_EXIT_OK) {
        return status;
    }
    int logs = count_logs(folder);
    if (logs > 0 || (logs == 0 && side->count == 0) || logs < 0) {
        return add_logs(side, folder);
    }
    return PT_EXIT_OK;
}

/* Only a report comes through a pipe, which can be read but once. */
static bool is_report(const char *path, const struct stat *status)
{
    return !S_ISREG(status->st_mode) || has_mark(path);
}

int pt_side_read(struct pt_side *side, const char *path)
{
    struct stat status;
    char *copy = strdup(path);
    int result = PT_EXIT_USAGE;
    side->name = path;
    if (copy == NULL) {
        result = pt_fail(PT_EXIT_USAGE, "cannot compare '%s': out of memory", path);
    } else if (stat(path, &status) != 0) {
        result = pt_fail(PT_EXIT_USAGE, "cannot read '%s': %s; check the name and its permissions",
                         path, strerror(errno));
    } else if (S_ISDIR(status.st_mode)) {
        result = add_folder(side, copy);
    } else if (is_report(path, &status)) {
        result = add_report(side, path);
    } else {
        result = add_logs(side, copy);
    }
    free(copy);
    return result;
}
