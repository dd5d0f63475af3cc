/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/range.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <phasetap/option_value.h>

#include "base/saturate.h"
#include "text/usage.h"

static bool is_number(const char *text)
{
    return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

static bool take_number(int64_t *ret_number, const char *option, const char *text)
{
    if (text == NULL) {
        return true;
    }
    errno = 0;
    *ret_number = strtoll(text, NULL, 10);
    if (errno != 0 || !is_number(text)) {
        pt_fail(PT_EXIT_USAGE, "--%s takes a whole number that is not negative, not '%s'", option,
                text);
        return false;
    }
    return true;
}

/* Since 1970, when the first process started; 0: there is none. */
static int64_t start_of(const struct pt_log_list *list, int run)
{
    int64_t start_ns = INT64_MAX;
    for (size_t i = 0; i < list->count; i++) {
        const struct pt_log_identity *log = &list->logs[i];
        bool counts = run == PT_ALL_RUNS || log->run_number == run;
        start_ns = counts ? pt_min(start_ns, log->start_ns) : start_ns;
    }
    return start_ns == INT64_MAX ? 0 : start_ns;
}

/* ".25": behind it; digits beyond the ninth count for nothing. */
static int64_t take_fraction(const char **at)
{
    int64_t unit_ns = PT_SECOND_NS, fraction_ns = 0;
    for (*at += **at == '.'; pt_option_is_digit(**at); (*at)++) {
        unit_ns /= 10;
        fraction_ns += (**at - '0') * unit_ns;
    }
    return fraction_ns;
}

/* "2026-11-25T15:45:12.5Z", also with a blank instead of the T; 0: it is none. */
static int64_t utc_ns(const char *text)
{
    struct tm tm = {0};
    const char *rest = strptime(text, "%Y-%m-%d", &tm);
    bool day = rest != NULL && (*rest == 'T' || *rest == ' ');
    rest = day ? strptime(rest + 1, "%H:%M:%S", &tm) : NULL;
    int64_t fraction_ns = rest != NULL ? take_fraction(&rest) : 0;
    if (rest == NULL || strcmp(rest, "Z") != 0) {
        return 0;
    }
    return pt_add(pt_mul(timegm(&tm), PT_SECOND_NS), fraction_ns);
}

/* A moment since 1970. */
static bool take_moment(int64_t *ret_ns, const char *option, const char *text, int64_t start_ns)
{
    int64_t from_start_ns = 0;
    if (text == NULL) {
        return true;
    }
    if (!is_number(text) && pt_option_ns(text, &from_start_ns)) {
        *ret_ns = pt_max(1, pt_add(start_ns, from_start_ns));
        return true;
    }
    *ret_ns = utc_ns(text);
    if (*ret_ns <= 0) {
        pt_fail(PT_EXIT_USAGE,
                "--%s takes a time from the start of the run, such as 90s or 1.5m, or a UTC time "
                "such as 2026-11-25T15:45:12Z, not '%s'",
                option, text);
        return false;
    }
    return true;
}

bool pt_take_range(struct pt_model *model, const struct pt_range *range,
                   const struct pt_log_list *list, int run)
{
    struct pt_selection *selection = &model->selection;
    int64_t start_ns = start_of(list, run);
    bool by_clock = range->since != NULL && is_number(range->since);
    bool ok = by_clock ? take_number(&model->since_ns, "since", range->since)
                       : take_moment(&selection->since_ns, "since", range->since, start_ns);
    ok = ok && take_moment(&selection->until_ns, "until", range->until, start_ns) &&
         take_number(&model->asking_pid, "asked-by", range->asked_by);
    if (ok && selection->until_ns > 0 && selection->until_ns <= selection->since_ns) {
        pt_fail(PT_EXIT_USAGE, "--until %s is not behind --since %s", range->until, range->since);
        return false;
    }
    return ok;
}
