/* SPDX-License-Identifier: Apache-2.0 */
/* The messages of `phasetap run` after the program has ended. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log/log_reader.h"
#include "check/program_check.h"
#include "run/run.h"
#include "text/usage.h"

#define LOGS_SHOWN 8

static const char *reason_text(int32_t reason)
{
    switch (reason) {
#define REASON_CASE(id, constant, text)                                                            \
    case id:                                                                                       \
        return text;
        PT_REASONS(REASON_CASE)
    default:
        return "unknown reason";
    }
}

/* True when a shell would take the path as one word. */
static bool is_plain(const char *path)
{
    return strspn(path,
                  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:,@%") ==
           strlen(path);
}

/* The command to type next, with all logs that fit. */
static void tell_next(const struct pt_run_news *news)
{
    char line[3072];
    size_t at = 0;
    size_t shown = 0;
    while (shown < news->log_count && shown < LOGS_SHOWN) {
        const char *quote = is_plain(news->logs[shown]) ? "" : "'";
        int length =
            snprintf(line + at, sizeof line - at, " %s%s%s", quote, news->logs[shown], quote);
        if (length < 0 || (size_t)length >= sizeof line - at) {
            line[at] = '\0';
            break;
        }
        at += (size_t)length;
        shown++;
    }
    if (shown < news->log_count) {
        pt_say("%zu logs written; next: phasetap report%s (and %zu more)", news->log_count, line,
               news->log_count - shown);
    } else {
        pt_say("%s written; next: phasetap report%s", news->log_count == 1 ? "log" : "logs", line);
    }
}

static void tell_no_log(const struct pt_run_news *news, const char *program)
{
    struct pt_check check;
    pt_check_program(&check, program);
    const char *seen =
        news->loaded ? "no libmongoc call was seen" : "libphasetap.so was not loaded";
    if (check.verdict == PT_VERDICT_UNREADABLE) {
        pt_say("%s, so there is no log; '%s' cannot be checked: %s", seen, program,
               check.why_unreadable);
    } else if (pt_verdict_profiled(check.verdict)) {
        pt_say("%s, so there is no log; '%s': %s, but it made no call that used the network", seen,
               program, pt_verdict_what(check.verdict));
    } else {
        pt_say("%s, so there is no log; '%s': %s; remedy: %s", seen, program,
               pt_verdict_what(check.verdict), pt_verdict_advice(check.verdict));
    }
    pt_check_release(&check);
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

void pt_run_tell(const struct pt_run_news *news, const char *program, bool audited)
{
    if (news->off_reason != 0) {
        pt_warn("recording was disabled in process %" PRId64 ": %s", news->off_pid,
                reason_text(news->off_reason));
    }
    tell_unseen(news, audited);
    if (news->log_count > 0) {
        if (news->calls == 0 && news->unseen_count == 0 && news->off_reason == 0) {
            pt_say(PT_NOTHING_SEEN "the program made none");
        }
        tell_next(news);
    } else if (news->off_reason == 0 && news->unseen_count == 0) {
        tell_no_log(news, program);
    }
}
