/* SPDX-License-Identifier: Apache-2.0 */
/* What the preload objects reported, line by line: "loaded NAME", "log PATH", "off REASON PID",
 * "unseen WHY OBJECT". Lines of a newer preload object that are not known here are ignored. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/run.h"

#define ROOT_BYTES 1024

/* Several processes may tell of the same. */
static void take_unseen(struct pt_run_news *news, const char *text)
{
    char *object = NULL;
    int32_t why = (int32_t)strtol(text, &object, 10);
    object += *object == ' ';
    for (size_t i = 0; i < news->unseen_count; i++) {
        if (news->unseen[i].why == why && strcmp(news->unseen[i].object, object) == 0) {
            return;
        }
    }
    char *copy = news->unseen_count < PT_RUN_UNSEEN_HIGHEST ? strdup(object) : NULL;
    if (copy != NULL) {
        news->unseen[news->unseen_count++] = (struct pt_unseen_driver){.why = why, .object = copy};
    }
}

static void take_off(struct pt_run_news *news, const char *text, struct pt_run_sender sender)
{
    int32_t reason = (int32_t)strtol(text, NULL, 10);
    for (size_t i = 0; i < news->off_count; i++) {
        if (news->off[i].reason == reason && news->off[i].first.uid == sender.uid) {
            news->off[i].count++;
            return;
        }
    }
    if (news->off_count < PT_RUN_OFF_HIGHEST) {
        news->off[news->off_count++] =
            (struct pt_run_off){.reason = reason, .first = sender, .count = 1};
    }
}

void pt_run_news_add_log(struct pt_run_news *news, const char *path, struct pt_run_sender sender)
{
    for (size_t i = 0; i < news->log_count; i++) {
        if (strcmp(news->logs[i].path, path) == 0) {
            return;
        }
    }
    char *copy = news->log_count < PT_RUN_LOGS_HIGHEST ? strdup(path) : NULL;
    if (copy == NULL) {
        news->logs_beyond++;
        return;
    }
    news->logs[news->log_count++] = (struct pt_run_log){.path = copy, .sender = sender};
}

/* A process that changed its root reports a path below it. */
static void take_log(struct pt_run_news *news, const char *path, struct pt_run_sender sender)
{
    char link[64];
    char root[ROOT_BYTES];
    char *seen = NULL;
    snprintf(link, sizeof link, "/proc/%" PRId64 "/root", sender.pid);
    ssize_t length = readlink(link, root, sizeof root - 1);
    root[length > 0 ? length : 0] = '\0';
    if (root[0] == '\0' || strcmp(root, "/") == 0 || asprintf(&seen, "%s%s", root, path) < 0) {
        pt_run_news_add_log(news, path, sender);
        return;
    }
    pt_run_news_add_log(news, seen, sender);
    free(seen);
}

static void take_loaded(struct pt_run_news *news, const char *name, struct pt_run_sender sender,
                        pid_t child)
{
    news->loads++;
    if (sender.pid == child) {
        snprintf(news->child_name, sizeof news->child_name, "%s", name);
    }
}

void pt_run_news_take(struct pt_run_news *news, char *line, struct pt_run_sender sender,
                      pid_t child)
{
    if (strncmp(line, "loaded", 6) == 0) {
        take_loaded(news, line[6] == ' ' ? line + 7 : "", sender, child);
    } else if (strncmp(line, "log /", 5) == 0) {
        take_log(news, line + 4, sender);
    } else if (strncmp(line, "off ", 4) == 0) {
        take_off(news, line + 4, sender);
    } else if (strncmp(line, "unseen ", 7) == 0) {
        take_unseen(news, line + 7);
    }
}

void pt_run_news_release(struct pt_run_news *news)
{
    for (size_t i = 0; i < news->log_count; i++) {
        free(news->logs[i].path);
    }
    for (size_t i = 0; i < news->unseen_count; i++) {
        free(news->unseen[i].object);
    }
    news->log_count = 0;
    news->unseen_count = 0;
}
