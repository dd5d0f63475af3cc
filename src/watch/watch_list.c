/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/watch_list.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "watch/watch_find.h"

static bool is_number(const char *text, int64_t *ret_number)
{
    char *end = NULL;
    if (text[0] == '\0' || strspn(text, "0123456789") != strlen(text)) {
        return false;
    }
    errno = 0;
    *ret_number = strtoll(text, &end, 10);
    return errno == 0;
}

/* Only what will never be a log is refused: one that is empty, or not there, may become one. */
static int check_path(struct pt_watch_source *source)
{
    struct stat status;
    struct pt_watch_found found;
    source->kind = PT_WATCH_LOG;
    if (stat(source->name, &status) != 0) {
        return errno == ENOENT ? PT_LOG_OK : PT_LOG_OPEN;
    }
    if (S_ISDIR(status.st_mode)) {
        source->kind = PT_WATCH_FOLDER;
        return access(source->name, R_OK | X_OK) == 0 ? PT_LOG_OK : PT_LOG_OPEN;
    }
    int code = pt_watch_identify(source->name, &found);
    return code == PT_LOG_EMPTY ? PT_LOG_OK : code;
}

int pt_watch_list_add(struct pt_watch_list *list, const char *name)
{
    struct pt_watch_source source = {.kind = PT_WATCH_ALL, .name = name};
    if (name != NULL && is_number(name, &source.pid)) {
        source.kind = PT_WATCH_PID;
    } else if (name != NULL) {
        int code = check_path(&source);
        if (code != PT_LOG_OK) {
            return code;
        }
    }
    struct pt_watch_source *sources =
        pt_array_reach(list->sources, &list->source_room, list->source_count, 8, sizeof *sources);
    if (sources == NULL) {
        return PT_LOG_MEMORY;
    }
    list->sources = sources;
    sources[list->source_count++] = source;
    return PT_LOG_OK;
}

void pt_watch_list_release(struct pt_watch_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        pt_watch_process_free(list->processes[i]);
    }
    free(list->processes);
    free(list->sources);
    free(list->ignored);
    *list = (struct pt_watch_list){0};
}

static struct pt_watch_process *find(const struct pt_watch_list *list, const char *id)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->processes[i]->id, id) == 0) {
            return list->processes[i];
        }
    }
    return NULL;
}

static bool is_ignored(const struct pt_watch_list *list, const char *id)
{
    for (size_t i = 0; i < list->ignored_count; i++) {
        if (strcmp(list->ignored[i], id) == 0) {
            return true;
        }
    }
    return false;
}

static void ignore(struct pt_watch_list *list, const char *id)
{
    if (list->ignored_count >= PT_WATCH_IGNORED) {
        return;
    }
    char(*ignored)[PT_PART_ID_BYTES] = pt_array_reach(list->ignored, &list->ignored_room,
                                                      list->ignored_count, 64, sizeof *ignored);
    if (ignored != NULL) {
        list->ignored = ignored;
        memcpy(ignored[list->ignored_count++], id, PT_PART_ID_BYTES);
    }
}

static struct pt_watch_process *add_process(struct pt_watch_list *list, const char *path,
                                            const char *id)
{
    if (list->count >= PT_WATCH_PROCESSES) {
        return NULL;
    }
    struct pt_watch_process **processes = pt_array_reach(list->processes, &list->room, list->count,
                                                         8, sizeof(struct pt_watch_process *));
    if (processes == NULL) {
        return NULL;
    }
    list->processes = processes;
    processes[list->count] = pt_watch_process_new(path, id);
    return processes[list->count] != NULL ? processes[list->count++] : NULL;
}

/* A log under another name is a newer part of it, or the same file twice: the newer one is read. */
static void rename_to(struct pt_watch_process *watched, const char *path, int64_t part)
{
    char *copy = part > watched->path_part ? strdup(path) : NULL;
    if (copy != NULL) {
        free(watched->path);
        watched->path = copy;
        watched->path_part = part;
    }
}

/* The log of a process that is watched from now on, or is passed over. */
static void take_new(struct pt_watch_list *list, const char *path,
                     const struct pt_watch_found *found, bool named)
{
    bool wanted = named || list->looked || pt_owner_state(&found->owner) == PT_OWNER_LIVES;
    struct pt_watch_process *watched = wanted ? add_process(list, path, found->id) : NULL;
    if (watched != NULL) {
        watched->path_part = found->part;
    } else {
        list->passed_over += wanted;
        ignore(list, found->id);
    }
}

enum taken { NO_LOG_YET, NO_LOG, TAKEN };

/* A log that was found. `named`: by the user himself. */
static enum taken take_log(struct pt_watch_list *list, const char *path, bool named)
{
    struct pt_watch_found found;
    int code = pt_watch_identify(path, &found);
    if (code != PT_LOG_OK) {
        return code == PT_LOG_EMPTY ? NO_LOG_YET : NO_LOG;
    }
    struct pt_watch_process *known = find(list, found.id);
    if (known != NULL) {
        rename_to(known, path, found.part);
    } else if (!is_ignored(list, found.id)) {
        take_new(list, path, &found, named);
    }
    return TAKEN;
}

static bool is_log_name(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return entry->d_name[0] != '.' && length > 5 &&
           strcmp(entry->d_name + length - 5, ".bson") == 0;
}

static void list_folder(struct pt_watch_list *list, struct pt_watch_source *source)
{
    DIR *folder = opendir(source->name);
    struct dirent *entry;
    source->again = folder == NULL;
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        char *path = NULL;
        if (is_log_name(entry) && asprintf(&path, "%s/%s", source->name, entry->d_name) >= 0) {
            source->again |= take_log(list, path, false) == NO_LOG_YET;
            free(path);
        }
    }
    if (folder != NULL) {
        closedir(folder);
    }
}

/* A folder is listed anew when something in it was made, removed or renamed. The kernel stamps it
 * with a clock of some ms, so one that changed just before it was listed is listed once more. */
static void ask_folder(struct pt_watch_list *list, struct pt_watch_source *source)
{
    struct stat status;
    if (stat(source->name, &status) != 0) {
        return;
    }
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    bool changed = status.st_mtim.tv_sec != source->mtime.tv_sec ||
                   status.st_mtim.tv_nsec != source->mtime.tv_nsec;
    if (changed || source->again) {
        list_folder(list, source);
        source->again |= now.tv_sec - status.st_mtim.tv_sec < 2;
        source->mtime = status.st_mtim;
    }
}

static void take_ring(void *context, const struct pt_ring_owner *owner)
{
    take_log(context, owner->log_path, false);
}

/* The log may lie elsewhere by now: then it is looked for again. */
static void ask_pid(struct pt_watch_list *list, struct pt_watch_source *source)
{
    char *path = source->found || source->lost ? NULL : pt_watch_log_of(source->pid);
    if (path != NULL) {
        source->found = take_log(list, path, true) == TAKEN;
    } else if (!source->found) {
        source->lost = !pt_watch_pid_exists(source->pid);
    }
    free(path);
}

static void ask(struct pt_watch_list *list, struct pt_watch_source *source)
{
    size_t before = list->count;
    switch (source->kind) {
    case PT_WATCH_PID:
        ask_pid(list, source);
        return;
    case PT_WATCH_LOG: /* another program may write into the same file later */
        source->found |= take_log(list, source->name, true) == TAKEN;
        return;
    case PT_WATCH_FOLDER:
        ask_folder(list, source);
        break;
    case PT_WATCH_ALL:
        pt_watch_each_ring(take_ring, list);
        break;
    }
    source->found |= list->count > before;
}

/* The log of another program that the same process became is there. */
static bool was_replaced(const struct pt_watch_list *list, const struct pt_process *process)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct pt_process *other = list->processes[i]->process;
        if (other != process && other->pid == process->pid && other->pid > 0 &&
            other->start_ticks == process->start_ticks && other->start_ns > process->start_ns &&
            pt_process_same_place(other, process)) {
            return true;
        }
    }
    return false;
}

static void look_at(struct pt_watch_list *list, struct pt_watch_process *watched, int64_t now_ns)
{
    if (watched->over) {
        return;
    }
    bool replaced = !watched->live.has_end && was_replaced(list, watched->process);
    pt_watch_process_look(watched, now_ns);
    if (replaced) {
        watched->process->ending = PT_ENDED_EXEC;
        watched->over = true;
    }
}

void pt_watch_list_look(struct pt_watch_list *list, int64_t now_ns)
{
    for (size_t i = 0; i < list->source_count; i++) {
        ask(list, &list->sources[i]);
    }
    list->looked = true;
    for (size_t i = 0; i < list->count; i++) {
        look_at(list, list->processes[i], now_ns);
    }
}

bool pt_watch_list_has_news(const struct pt_watch_list *list)
{
    for (size_t i = 0; i < list->source_count; i++) {
        if (!list->sources[i].found && !list->sources[i].lost) {
            return true;
        }
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct pt_watch_process *watched = list->processes[i];
        if (!watched->over && (!watched->read || !pt_watch_process_runs(watched))) {
            return true;
        }
    }
    return false;
}

bool pt_watch_list_is_over(const struct pt_watch_list *list)
{
    for (size_t i = 0; i < list->source_count; i++) {
        if (!list->sources[i].found && !list->sources[i].lost) {
            return false;
        }
    }
    for (size_t i = 0; i < list->count; i++) {
        if (!list->processes[i]->over) {
            return false;
        }
    }
    return true;
}
