/* SPDX-License-Identifier: Apache-2.0 */
/* The records of events: lines of text, and which numbers they have shown so far. */
#include "events.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { LABELS_MAX = 1024, LABEL_BYTES = 32, TEXTS = 8, LINES_MAX = 4096 };

struct label {
    const char *name;
    unsigned char value[LABEL_BYTES];
    size_t bytes;
    unsigned number;
};

struct record {
    FILE *out; /* NULL for the shared record, which collects its lines */
    struct label labels[LABELS_MAX];
    unsigned label_count;
    char texts[TEXTS][64];
    unsigned next_text;
};

char events_contexts[3];
static __thread struct record *mine;
static struct record shared;
static char *lines[LINES_MAX];
static unsigned line_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool pool_used, threads_used;

const char *events_context_name(const void *context)
{
    return context == EVENTS_A   ? "A"
           : context == EVENTS_B ? "B"
           : context == EVENTS_C ? "C"
           : context             ? "unknown"
                                 : "none";
}

void events_begin_thread(FILE *out)
{
    mine = calloc(1, sizeof *mine);
    if (mine == NULL) {
        abort();
    }
    mine->out = out;
}

void events_end_thread(void)
{
    free(mine);
    mine = NULL;
}

void events_use_pool(void)
{
    pool_used = true;
}

void events_use_threads(void)
{
    threads_used = true;
}

static struct record *record_for(bool background)
{
    return mine == NULL || (background && pool_used) ? &shared : mine;
}

static void keep(const char *line)
{
    pthread_mutex_lock(&lock);
    if (line_count == LINES_MAX) {
        abort();
    }
    lines[line_count++] = strdup(line);
    pthread_mutex_unlock(&lock);
}

void events_say(bool background, const char *format, ...)
{
    struct record *record = record_for(background);
    char *line = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&line, format, arguments) < 0) {
        abort();
    }
    va_end(arguments);
    if (record == &shared) {
        keep(line);
    } else {
        fprintf(record->out, "%s\n", line);
    }
    free(line);
}

static bool is_same(const struct label *label, const char *name, const void *value, size_t bytes)
{
    return strcmp(label->name, name) == 0 && label->bytes == bytes &&
           memcmp(label->value, value, bytes) == 0;
}

static unsigned label_number(struct record *record, const char *name, const void *value,
                             size_t bytes)
{
    unsigned of_this_name = 0;
    for (unsigned i = 0; i < record->label_count; i++) {
        if (is_same(&record->labels[i], name, value, bytes)) {
            return record->labels[i].number;
        }
        of_this_name += strcmp(record->labels[i].name, name) == 0;
    }
    if (record->label_count == LABELS_MAX || bytes > LABEL_BYTES) {
        abort();
    }
    struct label *added = &record->labels[record->label_count++];
    *added = (struct label){.name = name, .bytes = bytes, .number = of_this_name + 1};
    memcpy(added->value, value, bytes);
    return added->number;
}

const char *events_label(bool background, const char *name, const void *value, size_t bytes)
{
    struct record *record = record_for(background);
    if (threads_used && strcmp(name, "session") == 0) {
        return name;
    }
    pthread_mutex_lock(&lock);
    char *text = record->texts[record->next_text++ % TEXTS];
    snprintf(text, sizeof record->texts[0], "%s#%u", name,
             label_number(record, name, value, bytes));
    pthread_mutex_unlock(&lock);
    return text;
}

const char *events_number(bool background, const char *name, int64_t value)
{
    return events_label(background, name, &value, sizeof value);
}

static int compare(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

void events_print_shared(bool once)
{
    pthread_mutex_lock(&lock);
    qsort(lines, line_count, sizeof lines[0], compare);
    for (unsigned i = 0; i < line_count; i++) {
        if (!once || i == 0 || strcmp(lines[i], lines[i - 1]) != 0) {
            printf("background %s\n", lines[i]);
        }
    }
    for (unsigned i = 0; i < line_count; i++) {
        free(lines[i]);
    }
    line_count = 0;
    pthread_mutex_unlock(&lock);
}
