/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/watch_process.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/array.h"
#include "intake/read_log.h"
#include "log/bson_field.h"
#include "log/log_reader.h"
#include "log/log_stream.h"
#include "watch/watch_stop.h"
#include "watch/watch_take.h"

#define OPEN_ATTEMPTS 4
#define ATTEMPT_NS    2000000

struct pt_watch_process *pt_watch_process_new(const char *path, const char id[PT_PART_ID_BYTES])
{
    struct pt_watch_process *watched = calloc(1, sizeof *watched);
    if (watched == NULL) {
        return NULL;
    }
    memcpy(watched->id, id, PT_PART_ID_BYTES);
    watched->path = strdup(path);
    watched->process = pt_process_new(path);
    if (watched->path == NULL || watched->process == NULL) {
        pt_watch_process_free(watched);
        return NULL;
    }
    watched->process->ending = PT_ENDED_RUNNING;
    return watched;
}

void pt_watch_process_free(struct pt_watch_process *watched)
{
    if (watched == NULL) {
        return;
    }
    pt_process_free(watched->process);
    pt_watch_counts_release(&watched->base);
    pt_watch_counts_release(&watched->live);
    free(watched->marks[0].threads_done);
    free(watched->marks[1].threads_done);
    free(watched->path);
    free(watched);
}

/* To whom the documents of one walk go. The last look, after a signal, is not cut short. */
struct taker {
    struct pt_watch_process *watched;
    struct pt_watch_counts *counts;
    bool last;
};

static bool field_is_true(const struct pt_record *record, const char *key)
{
    bson_t document;
    bson_iter_t iter;
    return pt_iter_open(record->data, record->length_bytes, &document, &iter) &&
           bson_iter_find(&iter, key) && bson_iter_as_bool(&iter);
}

static int take(void *context, const struct pt_record *record)
{
    const struct taker *taker = context;
    struct pt_process *process = taker->watched->process;
    if (record->kind == PT_KIND_MANIFEST) {
        pt_process_manifest(process, record);
        taker->watched->of_run = field_is_true(record, "run_given");
    }
    pt_names_learn(&process->names, record);
    pt_watch_take(taker->counts, record);
    return pt_watch_is_stopped() && !taker->last ? 1 : 0;
}

static bool is_same_log(const struct pt_watch_process *watched, const struct pt_log *log)
{
    return log->ring_id != NULL && strcmp(log->ring_id, watched->id) == 0;
}

/* A process that has closed its ring and lives on would never be read again. */
static bool is_patient(const struct pt_watch_process *watched)
{
    return watched->missed_at_ns == 0 ||
           watched->looked_at_ns - watched->missed_at_ns < PT_WATCH_PATIENCE_NS;
}

static bool open_once(struct pt_watch_process *watched, struct pt_log *log, bool runs)
{
    if (pt_log_open_from(log, watched->path, watched->place.part) != PT_LOG_OK) {
        return false;
    }
    bool ring_gone = runs && watched->had_ring && log->ring.path == NULL;
    bool between = ring_gone || !pt_log_goes_on(log, &watched->place);
    if (is_same_log(watched, log) && !(between && is_patient(watched))) {
        return true;
    }
    pt_log_release(log);
    return false;
}

/* A process that replaces its file, or appends without a pause, may be met between two steps, and
 * so may another one that folds the ring of a killed process. */
static bool open_log(struct pt_watch_process *watched, struct pt_log *log, bool runs)
{
    static const struct timespec pause = {.tv_nsec = ATTEMPT_NS};
    bool opened = open_once(watched, log, runs);
    for (int attempt = 1; attempt < OPEN_ATTEMPTS && !opened; attempt++) {
        nanosleep(&pause, NULL);
        opened = open_once(watched, log, runs);
    }
    return opened;
}

/* What the ring holds goes into a copy, since it will be read again, in the log. */
static bool read_log(struct pt_watch_process *watched, struct pt_log *log)
{
    struct taker base = {watched, &watched->base, pt_watch_is_stopped()};
    struct taker live = {watched, &watched->live, true};
    if (pt_log_walk_new(log, &watched->place, take, &base) != 0) {
        pt_watch_counts_release(&watched->base); /* some may have been added: read all anew */
        watched->place = (struct pt_log_place){0};
        return false;
    }
    return pt_watch_copy(&watched->live, &watched->base) && pt_log_walk_ring(log, take, &live) == 0;
}

static bool in_our_time(const struct pt_process *process)
{
    struct stat status;
    int64_t own = stat("/proc/self/ns/time", &status) == 0 ? (int64_t)status.st_ino : 0;
    return process->time_namespace == 0 || process->time_namespace == own;
}

/* `phasetap run`, the parent of a process that has just ended, still has to write how. */
static bool parent_is_run(const struct pt_process *process)
{
    char path[64];
    char name[32] = "";
    snprintf(path, sizeof path, "/proc/%" PRId64 "/comm", process->ppid);
    FILE *file = fopen(path, "re");
    bool read = file != NULL && fgets(name, sizeof name, file) != NULL;
    if (file != NULL) {
        fclose(file);
    }
    return read && strcmp(name, "phasetap\n") == 0;
}

/* Nothing more will come: its last document is there, or it was gone before the log was read. */
static bool is_complete(const struct pt_watch_process *watched, int64_t now_ns, bool ran)
{
    const struct pt_process *process = watched->process;
    bool last_read = process->has_end || !ran;
    bool may_be_told = watched->of_run && process->ending != PT_ENDED_CANNOT_TELL;
    int64_t waited_ns = now_ns - watched->gone_at_ns;
    int64_t patience_ns = parent_is_run(process) ? PT_WATCH_RUN_NS : PT_WATCH_GRACE_NS;
    return process->has_run_end || (last_read && (!may_be_told || waited_ns >= patience_ns));
}

/* `ran`: it still did when its log was read. */
static void judge(struct pt_watch_process *watched, int64_t now_ns, bool ran)
{
    struct pt_process *process = watched->process;
    process->has_end = watched->live.has_end;
    process->has_run_end = watched->live.has_run_end;
    process->exit_status = watched->live.exit_status;
    process->exit_signal = watched->live.exit_signal;
    process->exited_ns = watched->live.exited_ns;
    process->last_ns = watched->live.last_ns;
    process->ending = pt_ending_of(process);
    bool ended = process->ending != PT_ENDED_RUNNING;
    watched->clock_is_ours = !ended && in_our_time(process);
    if (ended && watched->gone_at_ns == 0) {
        watched->gone_at_ns = now_ns;
    }
    watched->over = ended && is_complete(watched, now_ns, ran);
}

bool pt_watch_process_runs(const struct pt_watch_process *watched)
{
    struct pt_process now = *watched->process;
    now.has_end = false;
    now.has_run_end = false;
    return pt_ending_of(&now) == PT_ENDED_RUNNING;
}

static bool read_once(struct pt_watch_process *watched, bool runs)
{
    struct pt_log log;
    if (!open_log(watched, &log, runs)) {
        return false;
    }
    bool good = read_log(watched, &log);
    watched->had_ring = log.ring.path != NULL;
    watched->read |= good;
    pt_log_release(&log);
    return good;
}

void pt_watch_process_look(struct pt_watch_process *watched, int64_t now_ns)
{
    /* Asked before the log is read: what a process did before it was gone is in log and ring. */
    bool runs = !watched->read || pt_watch_process_runs(watched);
    watched->looked_at_ns = now_ns;
    if (read_once(watched, runs)) {
        watched->missed_at_ns = 0;
    } else if (watched->missed_at_ns == 0) {
        watched->missed_at_ns = now_ns;
    }
    if (watched->read) {
        judge(watched, now_ns, runs);
    } else if (!is_patient(watched)) {
        watched->process->ending = PT_ENDED_CANNOT_TELL;
        watched->over = true;
    }
}

static void store(struct pt_watch_mark *mark, const struct pt_watch_counts *counts, int64_t now_ns)
{
    int64_t *done = mark->threads_done;
    if (counts->slots > 0) {
        done = pt_array_reach(done, &mark->slots, counts->slots - 1, 16, sizeof *done);
    }
    if (done == NULL && counts->slots > 0) {
        return;
    }
    mark->threads_done = done;
    for (size_t i = 0; i < counts->slots; i++) {
        const struct pt_watch_thread *thread = &counts->threads[i];
        done[i] = counts->writes ? thread->written : thread->read;
    }
    mark->at_ns = now_ns;
    mark->done = pt_watch_done(counts);
    mark->writes = counts->writes;
    memcpy(mark->parts_ns, counts->parts_ns, sizeof mark->parts_ns);
}

void pt_watch_process_mark(struct pt_watch_process *watched, int64_t now_ns, int64_t window_ns)
{
    struct pt_watch_mark *older = &watched->marks[0];
    struct pt_watch_mark *newer = &watched->marks[1];
    if (older->at_ns == 0 || window_ns == 0) {
        store(older, &watched->live, now_ns);
        store(newer, &watched->live, now_ns);
    } else if (now_ns - newer->at_ns >= window_ns) {
        struct pt_watch_mark swapped = *older;
        *older = *newer;
        *newer = swapped;
        store(newer, &watched->live, now_ns);
    }
}

void pt_watch_process_state_text(const struct pt_watch_process *watched, char *text, size_t room)
{
    if (!pt_watch_process_has_ended(watched)) {
        snprintf(text, room, "running");
    } else if (!watched->over) {
        snprintf(text, room, "-");
    } else {
        pt_process_ending_text(watched->process, text, room);
    }
}
