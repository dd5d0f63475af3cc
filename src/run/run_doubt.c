/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why there is no log. "No call was seen" is said only of processes that were under observation to
 * their end; of all others the sentence is "cannot tell, because ...".
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "check/program_check.h"
#include "run/run.h"
#include "run/run_living.h"
#include "text/usage.h"

#define CANNOT_TELL                                                                                \
    "there is no log, and phasetap cannot tell whether libmongoc was called, because "
#define LOST                                                                                       \
    "LD_PRELOAD was lost on the way (as by env -i, sudo, a wrapper that sets its own, a "          \
    "set-user-ID "                                                                                 \
    "or static program); start 'phasetap run' behind what drops it"

/* A daemon that has not called the driver yet. */
static bool tell_living(const struct pt_run_plan *plan)
{
    struct pt_run_living living;
    if (plan->listener.address[0] == '\0' || !pt_run_living_find(plan->listener.address, &living)) {
        return false;
    }
    pt_say("there is no log yet: process %" PRId64 " ('%s'), which '%s' started, still runs; its "
           "log begins with its first driver call, in '%s' or beside it",
           (int64_t)living.pid, living.name, plan->arguments[0], plan->output);
    return true;
}

/* The object was loaded into nothing at all. */
static void tell_not_loaded(const struct pt_run_plan *plan, const struct pt_check *check)
{
    const char *program = plan->arguments[0];
    if (check->verdict == PT_VERDICT_UNREADABLE) {
        pt_say(CANNOT_TELL "libphasetap.so was not loaded; '%s' cannot be checked: %s", program,
               check->why_unreadable);
    } else if (pt_verdict_answer(check->verdict) != PT_ANSWER_NO ||
               check->verdict == PT_VERDICT_NOT_LINKED) {
        pt_say(CANNOT_TELL "libphasetap.so was not loaded into '%s', or could not report from "
                           "another network namespace; the program's user must be able to read "
                           "'%s'",
               program, plan->preload);
    } else {
        pt_say(CANNOT_TELL "libphasetap.so was not loaded; '%s': %s; remedy: %s", program,
               pt_verdict_what(check->verdict), pt_verdict_advice(check->verdict));
    }
}

/* The program itself ended as something else than we were loaded into. */
static bool tell_lost(const struct pt_run_news *news, const struct pt_run_plan *plan,
                      const struct pt_run_result *result)
{
    if (news->child_name[0] == '\0') {
        pt_say(CANNOT_TELL "libphasetap.so was loaded into programs that '%s' started, but not "
                           "into itself: " LOST,
               plan->arguments[0]);
        return true;
    }
    if (result->last_name[0] == '\0' || strcmp(result->last_name, news->child_name) == 0) {
        return false;
    }
    pt_say(CANNOT_TELL "libphasetap.so was loaded into '%s', but the process ended as '%s', which "
                       "did not load it: " LOST,
           news->child_name, result->last_name);
    return true;
}

/* Under observation to the end. Of a program that starts others, or loads plugins, that is not all.
 */
static void tell_none_seen(const struct pt_run_news *news, const char *program,
                           const struct pt_check *check)
{
    if (check->verdict == PT_VERDICT_UNREADABLE) {
        pt_say("no libmongoc call was seen, so there is no log; '%s' cannot be checked: %s",
               program, check->why_unreadable);
    } else if (pt_verdict_answer(check->verdict) == PT_ANSWER_YES) {
        pt_say("no libmongoc call was seen, so there is no log; of '%s': %s, but it ended without "
               "a call that used the network",
               program, pt_verdict_what(check->verdict));
    } else {
        pt_say("no libmongoc call was seen in the programs that libphasetap.so was loaded into "
               "(%" PRId64 "), so there is no log; programs started without LD_PRELOAD are not "
               "seen; '%s': %s; remedy: %s",
               news->loads, program, pt_verdict_what(check->verdict),
               pt_verdict_advice(check->verdict));
    }
}

void pt_run_tell_no_log(const struct pt_run_news *news, const struct pt_run_plan *plan,
                        const struct pt_run_result *result)
{
    struct pt_check check;
    if (!pt_run_options_enabled()) {
        pt_say("there is no log, since --no-enable or PHASETAP_ENABLE disabled the recording");
        return;
    }
    if (tell_living(plan)) {
        return;
    }
    pt_check_program(&check, plan->arguments[0]);
    if (news->loads == 0) {
        tell_not_loaded(plan, &check);
    } else if (!tell_lost(news, plan, result)) {
        tell_none_seen(news, plan->arguments[0], &check);
    }
    pt_check_release(&check);
}
