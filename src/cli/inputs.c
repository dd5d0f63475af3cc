/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/inputs.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "intake/read_log.h"
#include "log/log_reader.h"
#include "model/model_finish.h"
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
    if (code == PT_LOG_OPEN || code == PT_LOG_READ) {
        return pt_fail(PT_EXIT_USAGE,
                       "cannot read '%s': %s (%s); check the name and its permissions", path,
                       pt_log_text(code), strerror(errno));
    }
    if (code == PT_LOG_NOT_LOG || code == PT_LOG_NOT_FILE) {
        return pt_fail(
            PT_EXIT_USAGE,
            "cannot read '%s': %s; give a log written by libphasetap.so, or a folder of logs", path,
            pt_log_text(code));
    }
    return pt_fail(PT_EXIT_USAGE, "cannot read '%s': %s", path, pt_log_text(code));
}

static void warn_damage(const struct pt_process *process)
{
    const struct pt_log_facts *facts = &process->facts;
    if (facts->damaged_bytes > 0) {
        pt_warn("'%s' is damaged: %" PRIu64 " bytes in %" PRIu64
                " places were skipped; the rest was read",
                process->log_path, facts->damaged_bytes, facts->damaged_places);
    }
}

static int read_file(struct pt_model *model, const char *path)
{
    int code = pt_model_read(model, path);
    if (code == PT_LOG_OK) {
        warn_damage(model->processes[model->process_count - 1]);
    }
    return code;
}

static void read_found(struct pt_model *model, const char *path)
{
    int code = read_file(model, path);
    if (code != PT_LOG_OK) {
        pt_warn("skipped '%s': %s", path, pt_log_text(code));
    }
}

static int read_folder(struct pt_model *model, const char *folder)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_log_name, alphasort);
    if (count < 0) {
        return pt_fail(PT_EXIT_USAGE, "cannot list the folder '%s': %s; check its permissions",
                       folder, strerror(errno));
    }
    size_t before = model->process_count;
    for (int i = 0; i < count; i++) {
        char *path = NULL;
        if (asprintf(&path, "%s/%s", folder, entries[i]->d_name) >= 0) {
            read_found(model, path);
            free(path);
        }
        free(entries[i]);
    }
    free(entries);
    if (model->process_count == before) {
        return pt_fail(PT_EXIT_USAGE,
                       "the folder '%s' contains no phasetap log (a file ending in .bson); name "
                       "another folder",
                       folder);
    }
    return PT_EXIT_OK;
}

static int read_one(struct pt_model *model, const char *path)
{
    struct stat status;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        return read_folder(model, path);
    }
    int code = read_file(model, path);
    return code == PT_LOG_OK ? PT_EXIT_OK : pt_fail_log(code, path);
}

int pt_read_inputs(struct pt_model *model, int count, char **paths)
{
    for (int i = 0; i < count; i++) {
        int status = read_one(model, paths[i]);
        if (status != PT_EXIT_OK) {
            return status;
        }
    }
    pt_model_finish(model);
    for (size_t i = 0; i < model->warning_count; i++) {
        pt_warn("%s", model->notes[i]);
    }
    return PT_EXIT_OK;
}

static bool take_number(int64_t *ret_number, const char *option, const char *text)
{
    char *end = NULL;
    if (text == NULL) {
        return true;
    }
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || number < 0) {
        pt_fail(PT_EXIT_USAGE, "--%s takes a whole number that is not negative, not '%s'", option,
                text);
        return false;
    }
    *ret_number = number;
    return true;
}

bool pt_take_range(struct pt_model *model, const struct pt_range *range)
{
    return take_number(&model->since_ns, "since", range->since) &&
           take_number(&model->asking_pid, "asked-by", range->asked_by);
}
