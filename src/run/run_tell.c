/* SPDX-License-Identifier: Apache-2.0 */
/* What `phasetap run` says at the end. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log/log_reader.h"
#include "run/run.h"
#include "run/run_living.h"
#include "text/usage.h"

#define LOGS_SHOWN       8
#define STATE_BIT(state) (1u << (state))
#define READABLE         (STATE_BIT(PT_RUN_LOG_GOOD) | STATE_BIT(PT_RUN_LOG_LIVES))

static const char *reason_text(int32_t reason)
{
    switch (reason) {
#define REASON_CASE(id, constant, text)                                                            \
    case id:                                                                                       \
        return text;
        PT_REASONS(REASON_CASE)
    default:
        return "reason not known";
    }
}

/* True when a shell would take the path as one word. */
static bool is_plain(const char *path)
{
    return strspn(path,
                  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:,@%") ==
           strlen(path);
}

/* " A 'B C'" of the logs in these states, as many as fit. Returns how many there are. */
static size_t list_logs(const struct pt_run_news *news, unsigned states, char *line, size_t room,
                        size_t *ret_shown)
{
    size_t count = 0, at = 0;
    line[0] = '\0';
    *ret_shown = 0;
    for (size_t i = 0; i < news->log_count; i++) {
        const char *path = news->logs[i].path;
        size_t needs = strlen(path) + 4;
        if ((states & STATE_BIT(news->logs[i].state)) == 0) {
            continue;
        }
        if (count++ == *ret_shown && *ret_shown < LOGS_SHOWN && at + needs < room) {
            const char *quote = is_plain(path) ? "" : "'";
            at += (size_t)snprintf(line + at, room - at, " %s%s%s", quote, path, quote);
            (*ret_shown)++;
        }
    }
    return count;
}

/* The command to type next, with all logs that fit. */
static void tell_next(const struct pt_run_news *news)
{
    char line[3072];
    size_t shown;
    size_t count = list_logs(news, READABLE, line, sizeof line, &shown);
    if (count > shown) {
        pt_say("%zu logs written; next: phasetap report%s (and %zu more)", count, line,
               count - shown);
    } else if (count > 0) {
        pt_say("%s written; next: phasetap report%s", count == 1 ? "log" : "logs", line);
    }
    if (news->logs_beyond > 0) {
        pt_say("%" PRId64 " more logs were reported than can be listed here; they lie in the same "
               "folder",
               news->logs_beyond);
    }
}

/* A daemon goes on after the program that started it, and may make its log only later. */
static void tell_living(const struct pt_run_news *news, const char *address)
{
    char line[3072];
    size_t shown;
    struct pt_run_living living;
    size_t count = list_logs(news, STATE_BIT(PT_RUN_LOG_LIVES), line, sizeof line, &shown);
    if (count > 0) {
        pt_say("%zu %s still running and recording:%s", count,
               count == 1 ? "process is" : "processes are", line);
    } else if (address[0] != '\0' && pt_run_living_find(address, &living)) {
        pt_say("process %d ('%s') still runs; its log begins with its first driver call",
               (int)living.pid, living.name);
    }
}

static void tell_broken(const struct pt_run_log *log)
{
    if (log->state == PT_RUN_LOG_MISSING) {
        pt_warn("the log '%s' of process %" PRId64 " is not there: it was removed, or the process "
                "sees other folders than this one (a container, chroot); look for it there",
                log->path, log->sender.pid);
    } else if (log->state == PT_RUN_LOG_UNREADABLE) {
        pt_warn("the log '%s' of process %" PRId64 " cannot be read: %s", log->path,
                log->sender.pid, log->why);
    }
}

/* Calls that bypassed the preload object, as reported by the object itself. */
static void tell_unseen(const struct pt_run_news *news, bool audited)
{
    char text[PT_UNSEEN_BYTES];
    for (size_t i = 0; i < news->unseen_count; i++) {
        pt_unseen_sentence(text, &news->unseen[i], news->calls > 0, audited);
        pt_say("%s", text);
    }
}

static const char *advice_of(int32_t reason)
{
    switch (reason) {
    case PT_REASON_OPEN:
    case PT_REASON_DIRECTORY:
    case PT_REASON_PARENT:
    case PT_REASON_HOME:
        return "; name a folder that this user owns with -o, and see 'phasetap check "
               "--environment' under the same user";
    case PT_REASON_DISK:
        return "; make room, or name another disk with -o";
    case PT_REASON_NOT_FILE:
        return "; name a file or a folder with -o";
    default:
        return "";
    }
}

static void tell_off(const struct pt_run_off *off)
{
    char user[48] = "";
    char more[48] = "";
    if (off->first.uid >= 0) {
        snprintf(user, sizeof user, " (user %" PRId64 ")", off->first.uid);
    }
    if (off->count > 1) {
        snprintf(more, sizeof more, " and %" PRId64 " more", off->count - 1);
    }
    pt_warn("recording was disabled in process %" PRId64 "%s%s: %s%s", off->first.pid, user, more,
            reason_text(off->reason), advice_of(off->reason));
}

static bool is_disabled(const struct pt_run_news *news)
{
    return news->off_count > 0 && news->off[0].reason == PT_REASON_DISABLED &&
           !pt_run_options_enabled();
}

/* A log without a call, of a process that could record. */
static void tell_empty(const struct pt_run_news *news)
{
    if (news->calls == 0 && news->unseen_count == 0 && news->off_count == 0) {
        pt_say(PT_NOTHING_SEEN "the processes that recorded made none");
    }
}

void pt_run_tell(const struct pt_run_news *news, const struct pt_run_plan *plan,
                 const struct pt_run_result *result)
{
    char line[8];
    size_t shown;
    for (size_t i = 0; i < news->off_count; i++) {
        if (news->off[i].reason != PT_REASON_DISABLED) { /* the user's own wish */
            tell_off(&news->off[i]);
        }
    }
    for (size_t i = 0; i < news->log_count; i++) {
        tell_broken(&news->logs[i]);
    }
    tell_unseen(news, plan->audit != NULL);
    if (list_logs(news, READABLE, line, sizeof line, &shown) > 0) {
        tell_empty(news);
        tell_living(news, plan->listener.address);
        tell_next(news);
    } else if (is_disabled(news) ||
               (news->off_count == 0 && news->unseen_count == 0 && news->log_count == 0)) {
        pt_run_tell_no_log(news, plan, result);
    }
}
