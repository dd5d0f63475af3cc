/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/inputs.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/progress_line.h"
#include "cli/stdin_log.h"
#include "intake/read_log.h"
#include "log/log_reader.h"
#include "model/model_finish.h"
#include "text/shown_path.h"
#include "text/usage.h"

static bool ends_in_bson(const char *name)
{
    size_t length = strlen(name);
    return length > 5 && strcmp(name + length - 5, ".bson") == 0;
}

static int is_log_name(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && ends_in_bson(entry->d_name);
}

int pt_fail_log(int code, const char *path)
{
    path = pt_shown_path(path);
    if (code == PT_LOG_OPEN || code == PT_LOG_READ) {
        return pt_fail(PT_EXIT_USAGE,
                       "cannot read '%s': %s (%s); check the name and its permissions", path,
                       pt_log_text(code), strerror(errno));
    }
    if (code == PT_LOG_NOT_LOG || code == PT_LOG_NOT_FILE) {
        return pt_fail(PT_EXIT_USAGE, "cannot read '%s': %s; give a log written by libphasetap.so",
                       path, pt_log_text(code));
    }
    return pt_fail(PT_EXIT_USAGE, "cannot read '%s': %s", path, pt_log_text(code));
}

static void warn_damage(const struct pt_process *process)
{
    const struct pt_log_facts *facts = &process->facts;
    if (facts->damaged_bytes > 0) {
        pt_warn("'%s' is damaged: %" PRIu64 " bytes in %" PRIu64
                " places were skipped; the rest was read",
                pt_shown_path(process->log_path), facts->damaged_bytes, facts->damaged_places);
    }
}

static void add_found(struct pt_log_list *list, const char *path)
{
    int code = pt_log_list_add(list, path);
    if (code != PT_LOG_OK) {
        pt_warn("skipped '%s': %s", path, pt_log_text(code));
    }
}

static int add_folder(struct pt_log_list *list, const char *folder)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_log_name, alphasort);
    if (count < 0) {
        return pt_fail(PT_EXIT_USAGE, "cannot list the folder '%s': %s; check its permissions",
                       folder, strerror(errno));
    }
    size_t before = list->count + list->repeated;
    for (int i = 0; i < count; i++) {
        char *path = NULL;
        if (asprintf(&path, "%s/%s", folder, entries[i]->d_name) >= 0) {
            add_found(list, path);
            free(path);
        }
        free(entries[i]);
    }
    free(entries);
    if (list->count + list->repeated == before) {
        return pt_fail(PT_EXIT_USAGE,
                       "the folder '%s' contains no phasetap log (a file ending in .bson); name "
                       "another folder",
                       folder);
    }
    return PT_EXIT_OK;
}

static int add_one(struct pt_log_list *list, const char *given)
{
    struct stat status;
    const char *path = pt_input_path(given);
    if (path == NULL) {
        return PT_EXIT_USAGE;
    }
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        return add_folder(list, path);
    }
    int code = pt_log_list_add(list, path);
    return code == PT_LOG_OK ? PT_EXIT_OK : pt_fail_log(code, path);
}

int pt_inputs_find(struct pt_log_list *list, int count, char **paths)
{
    for (int i = 0; i < count; i++) {
        int status = add_one(list, paths[i]);
        if (status != PT_EXIT_OK) {
            return status;
        }
    }
    pt_log_list_divide(list);
    return PT_EXIT_OK;
}

const char **pt_inputs_paths(const struct pt_log_list *list)
{
    const char **paths = calloc(list->count + 1, sizeof *paths);
    for (size_t i = 0; i < list->count && paths != NULL; i++) {
        paths[i] = list->logs[i].path;
    }
    return paths;
}

static bool is_of(const struct pt_log_identity *log, int run)
{
    return run == PT_ALL_RUNS || log->run_number == run;
}

static int64_t bytes_of(const struct pt_log_list *list, int run)
{
    struct stat status;
    int64_t bytes = 0;
    for (size_t i = 0; i < list->count; i++) {
        bool counts = is_of(&list->logs[i], run) && stat(list->logs[i].path, &status) == 0;
        bytes += counts ? status.st_size : 0;
    }
    return bytes;
}

/* A code of log_reader.h, and the log that it is about. */
static int read_logs(struct pt_model *model, const struct pt_log_list *list, int run,
                     const char **ret_path)
{
    int code = PT_LOG_OK;
    pt_progress_start(bytes_of(list, run));
    for (size_t i = 0; i < list->count && code == PT_LOG_OK; i++) {
        *ret_path = list->logs[i].path;
        code = is_of(&list->logs[i], run) ? pt_model_read(model, *ret_path) : PT_LOG_OK;
    }
    int saved = errno;
    pt_progress_stop();
    errno = saved;
    return code;
}

int pt_inputs_read(struct pt_model *model, const struct pt_log_list *list, int run)
{
    const char *path = NULL;
    int code = read_logs(model, list, run, &path);
    if (code != PT_LOG_OK) {
        return pt_fail_log(code, path);
    }
    for (size_t i = 0; i < model->process_count; i++) {
        warn_damage(model->processes[i]);
    }
    pt_model_finish(model);
    for (size_t i = 0; i < model->warning_count; i++) {
        pt_warn("%s", model->notes[i]);
    }
    return PT_EXIT_OK;
}

int pt_inputs_each_run(const struct pt_log_list *list, const struct pt_range *range,
                       pt_run_handler handler, void *context)
{
    int status = PT_EXIT_OK;
    for (int run = 0; run < list->runs && status == PT_EXIT_OK; run++) {
        struct pt_model model;
        pt_model_init(&model, 0);
        status = pt_take_range(&model, range, list, run) ? pt_inputs_read(&model, list, run)
                                                         : PT_EXIT_USAGE;
        if (status == PT_EXIT_OK) {
            handler(context, &model);
        }
        pt_model_release(&model);
    }
    return status;
}

bool pt_inputs_are_apart(const struct pt_log_list *list, bool merge)
{
    if (merge || list->runs < 2) {
        return false;
    }
    pt_warn("these logs are of %d runs, which are listed; name the logs of one run for its report, "
            "or add all up with --merge",
            list->runs);
    return true;
}
