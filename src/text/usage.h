/* SPDX-License-Identifier: Apache-2.0 */
/*
 * usage.h: the one place that speaks to the user, on standard error. Each message is one line,
 * prefixed with the tool's name, and leaves in one write, so that lines of several processes do not
 * mix. It passes the filter of safe_text.h: a file name or a text from a log cannot drive a
 * terminal.
 */
#ifndef PHASETAP_USAGE_H
#define PHASETAP_USAGE_H

#include <stdbool.h>
#include <stddef.h>

/* Exit statuses of every command but `run`. */
enum pt_exit {
    PT_EXIT_OK = 0,
    PT_EXIT_FAILED = 1, /* output could not be written; `check`: the program will not be profiled */
    PT_EXIT_CHECK_IF = 3, /* `check`: it will be profiled if it loads or starts what is listed */
    PT_EXIT_USAGE = 2,    /* wrong usage or unreadable input */
    PT_EXIT_RULES = 4,    /* `report --check`: a rule did not pass */
    PT_EXIT_RUN_TOOL = 125,
    PT_EXIT_RUN_CANNOT_EXECUTE = 126,
    PT_EXIT_RUN_NOT_FOUND = 127,
};

/* Finds where the option that a message begins with ("--limit needs ...") got its value, other than
 * on the command line: writes "'FILE', line N" and returns true. Such a message then says so. */
typedef bool (*pt_origin_finder)(const char *name, size_t length, char *text, size_t bytes);
void pt_usage_origin(pt_origin_finder finder);

#define PT_PRINTF(format_at, first_at) __attribute__((format(printf, format_at, first_at)))

void pt_say(const char *format, ...) PT_PRINTF(1, 2);
void pt_warn(const char *format, ...) PT_PRINTF(1, 2);
/* Prints the sentence and returns `status`, so that a failing function ends in one line. */
int pt_fail(int status, const char *format, ...) PT_PRINTF(2, 3);

#endif
