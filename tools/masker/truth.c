/* SPDX-License-Identifier: Apache-2.0 */
/* Ground truth: see truth.h. Recording a line is an append to a growing array of the thread. */
#include "truth.h"

#include "message.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef struct {
    truth_operation operation;
    int64_t start_ns;
    int64_t end_ns;
    int64_t cpu_ns;
    uint64_t documents;
    uint64_t bytes;
    const char *namespace; /* interned, may be NULL */
} truth_line;

/* What happened since the last call to the server ended. */
typedef struct {
    int64_t start_ns;
    int64_t cpu_start_ns;
    uint64_t consumed;
    uint64_t consumed_bytes;
    uint64_t appended;
    uint64_t appended_bytes;
    bool open;
} truth_gap;

struct truth_log {
    truth_log *next;
    bool enabled;
    pid_t thread; /* kernel thread id */
    truth_line *lines;
    size_t count;
    size_t capacity;
    size_t lost; /* lines that found no memory */
    truth_gap gap;
    const char *gap_namespace;
    int64_t call_start_ns;
    int64_t thread_start_ns;
};

typedef struct truth_name {
    struct truth_name *next;
    char text[];
} truth_name;

struct truth {
    char *file;           /* NULL: disabled */
    pthread_mutex_t lock; /* protects logs and names */
    truth_log *logs;
    truth_name *names;
};

static const char *const operation_names[] = {
    [TRUTH_NONE] = "none",
    [TRUTH_CLIENT_NEW] = "client_new",
    [TRUTH_POOL_NEW] = "pool_new",
    [TRUTH_POOL_POP] = "pool_pop",
    [TRUTH_PING] = "ping",
    [TRUTH_FIND] = "find",
    [TRUTH_GETMORE] = "getmore",
    [TRUTH_MASK] = "mask",
    [TRUTH_INSERT] = "insert",
    [TRUTH_REPLACE] = "replace",
    [TRUTH_CREATE_INDEXES] = "create_indexes",
    [TRUTH_QUEUE_WAIT] = "queue_wait",
    [TRUTH_THREAD] = "thread",
};

static int64_t clock_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool is_on(const truth_log *log)
{
    return log != NULL && log->enabled;
}

truth *truth_new(const char *file)
{
    truth *record = calloc(1, sizeof *record);
    if (record == NULL) {
        return NULL;
    }
    pthread_mutex_init(&record->lock, NULL);
    if (file != NULL && (record->file = strdup(file)) == NULL) {
        truth_free(record);
        return NULL;
    }
    return record;
}

void truth_free(truth *record)
{
    if (record == NULL) {
        return;
    }
    for (truth_log *log = record->logs, *next; log != NULL; log = next) {
        next = log->next;
        free(log->lines);
        free(log);
    }
    for (truth_name *name = record->names, *next; name != NULL; name = next) {
        next = name->next;
        free(name);
    }
    pthread_mutex_destroy(&record->lock);
    free(record->file);
    free(record);
}

truth_log *truth_log_open(truth *record)
{
    truth_log *log = calloc(1, sizeof *log);
    if (log == NULL) {
        return NULL;
    }
    log->enabled = record->file != NULL;
    log->thread = gettid();
    pthread_mutex_lock(&record->lock);
    truth_log **end = &record->logs;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = log;
    pthread_mutex_unlock(&record->lock);
    return log;
}

static const char *find_name(const truth *record, const char *text)
{
    for (const truth_name *name = record->names; name != NULL; name = name->next) {
        if (strcmp(name->text, text) == 0) {
            return name->text;
        }
    }
    return NULL;
}

const char *truth_intern(truth *record, const char *text)
{
    if (record->file == NULL) {
        return NULL;
    }
    pthread_mutex_lock(&record->lock);
    const char *found = find_name(record, text);
    if (found == NULL) {
        truth_name *name = malloc(sizeof *name + strlen(text) + 1);
        if (name != NULL) {
            strcpy(name->text, text);
            name->next = record->names;
            record->names = name;
            found = name->text;
        }
    }
    pthread_mutex_unlock(&record->lock);
    return found;
}

void truth_set_namespace(truth_log *log, const char *interned)
{
    if (log != NULL) {
        log->gap_namespace = interned;
    }
}

static bool grow(truth_log *log)
{
    const size_t capacity = log->capacity == 0 ? 256 : log->capacity * 2;
    truth_line *lines = realloc(log->lines, capacity * sizeof *lines);
    if (lines == NULL) {
        return false;
    }
    log->lines = lines;
    log->capacity = capacity;
    return true;
}

static size_t add_line(truth_log *log, const truth_line *line)
{
    if (log->count == log->capacity && !grow(log)) {
        log->lost++;
        return TRUTH_NO_LINE;
    }
    log->lines[log->count] = *line;
    return log->count++;
}

void truth_thread_start(truth_log *log)
{
    if (is_on(log)) {
        log->thread_start_ns = clock_ns(CLOCK_MONOTONIC);
    }
}

static void end_gap(truth_log *log, int64_t now_ns)
{
    const truth_gap *gap = &log->gap;
    if (gap->open && (gap->consumed > 0 || gap->appended > 0)) {
        const bool reading = gap->consumed > 0;
        add_line(log, &(truth_line){.operation = TRUTH_MASK,
                                    .start_ns = gap->start_ns,
                                    .end_ns = now_ns,
                                    .cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) - gap->cpu_start_ns,
                                    .documents = reading ? gap->consumed : gap->appended,
                                    .bytes = reading ? gap->consumed_bytes : gap->appended_bytes,
                                    .namespace = log->gap_namespace});
    }
    log->gap = (truth_gap){.open = false};
}

/* What was read is masked even if no call follows. */
void truth_thread_end(truth_log *log)
{
    if (is_on(log)) {
        const int64_t now_ns = clock_ns(CLOCK_MONOTONIC);
        end_gap(log, now_ns);
        add_line(log, &(truth_line){.operation = TRUTH_THREAD,
                                    .start_ns = log->thread_start_ns,
                                    .end_ns = now_ns});
    }
}

void truth_call_begin(truth_log *log)
{
    if (is_on(log)) {
        end_gap(log, clock_ns(CLOCK_MONOTONIC));
        log->call_start_ns = clock_ns(CLOCK_MONOTONIC);
    }
}

size_t truth_call_end(truth_log *log, truth_operation operation, const char *interned,
                      uint64_t documents, uint64_t bytes)
{
    if (!is_on(log)) {
        return TRUTH_NO_LINE;
    }
    const int64_t now_ns = clock_ns(CLOCK_MONOTONIC);
    size_t line = TRUTH_NO_LINE;
    if (operation != TRUTH_NONE) {
        line = add_line(log, &(truth_line){.operation = operation,
                                           .start_ns = log->call_start_ns,
                                           .end_ns = now_ns,
                                           .documents = documents,
                                           .bytes = bytes,
                                           .namespace = interned});
    }
    log->gap = (truth_gap){
        .start_ns = now_ns, .cpu_start_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID), .open = true};
    return line;
}

void truth_set_amount(truth_log *log, size_t line, uint64_t documents, uint64_t bytes)
{
    if (line != TRUTH_NO_LINE) {
        log->lines[line].documents = documents;
        log->lines[line].bytes = bytes;
    }
}

void truth_consumed(truth_log *log, uint32_t length_bytes)
{
    if (log != NULL) {
        log->gap.consumed++;
        log->gap.consumed_bytes += length_bytes;
    }
}

void truth_appended(truth_log *log, uint32_t length_bytes)
{
    if (log != NULL) {
        log->gap.appended++;
        log->gap.appended_bytes += length_bytes;
    }
}

int64_t truth_wait_begin(const truth_log *log)
{
    return is_on(log) ? clock_ns(CLOCK_MONOTONIC) : 0;
}

void truth_wait_end(truth_log *log, int64_t begin_ns)
{
    if (is_on(log)) {
        add_line(log, &(truth_line){.operation = TRUTH_QUEUE_WAIT,
                                    .start_ns = begin_ns,
                                    .end_ns = clock_ns(CLOCK_MONOTONIC),
                                    .namespace = log->gap_namespace});
    }
}

static void print_log(const truth_log *log, FILE *out)
{
    for (size_t i = 0; i < log->count; i++) {
        const truth_line *line = &log->lines[i];
        fprintf(out,
                "%d\t%s\t%" PRId64 "\t%" PRId64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRId64 "\t%s\n",
                (int)log->thread, operation_names[line->operation], line->start_ns, line->end_ns,
                line->documents, line->bytes, line->cpu_ns,
                line->namespace != NULL ? line->namespace : "-");
    }
}

static size_t print_all(const truth *record, FILE *out)
{
    size_t lost = 0;
    fputs("thread\toperation\tstart_ns\tend_ns\tdocuments\tbytes\tcpu_ns\tnamespace\n", out);
    for (const truth_log *log = record->logs; log != NULL; log = log->next) {
        print_log(log, out);
        lost += log->lost;
    }
    return lost;
}

bool truth_write(truth *record)
{
    if (record->file == NULL) {
        return true;
    }
    FILE *out = fopen(record->file, "w");
    if (out == NULL) {
        message_error("cannot create the ground truth file '%s': %s; choose another path",
                      record->file, strerror(errno));
        return false;
    }
    const size_t lost = print_all(record, out);
    const bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed) {
        message_error("cannot write the ground truth file '%s': %s", record->file, strerror(errno));
        return false;
    }
    if (lost > 0) {
        message_error("the ground truth file '%s' misses %zu lines: out of memory", record->file,
                      lost);
        return false;
    }
    return true;
}
