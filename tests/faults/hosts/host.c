/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the command line and executes it; see host.h. */
#include "host.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *host_uri;

static char **next_step;

static const struct host_step *const all_steps[] = {
    host_work_steps,     host_thread_steps, host_process_steps, host_limit_steps,
    host_identity_steps, host_signal_steps, host_end_steps,
};

void host_say(const char *format, ...)
{
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (length > 0 && write(STDOUT_FILENO, line, (size_t)length) < 0) {
        _exit(121);
    }
}

void host_result(const char *what, bool good)
{
    host_say("%s: %s\n", what, good ? "ok" : strerrorname_np(errno));
}

void host_refuse(const char *what)
{
    fprintf(stderr, "host: cannot use the step '%s'\n", what);
    _exit(120);
}

long host_number(const char *text)
{
    char *end = NULL;
    const long value = strtol(text, &end, 0);
    if (end == text) {
        host_refuse(text);
    }
    return value * (*end == 'K' ? 1L << 10 : *end == 'M' ? 1L << 20 : 1L);
}

static const struct host_step *step_named(const char *name, size_t length)
{
    for (size_t table = 0; table < sizeof all_steps / sizeof all_steps[0]; table++) {
        for (const struct host_step *step = all_steps[table]; step->name != NULL; step++) {
            if (strlen(step->name) == length && strncmp(step->name, name, length) == 0) {
                return step;
            }
        }
    }
    return NULL;
}

/* `children=5{` is the step `children{` with the argument 5. */
static void run_step(const char *word)
{
    char name[64];
    char argument[256] = "";
    const char *equals = strchr(word, '=');
    const size_t length = equals == NULL ? strlen(word) : (size_t)(equals - word);
    const bool opens = word[strlen(word) - 1] == '{';
    snprintf(name, sizeof name, "%.*s%s", (int)length, word, opens && equals != NULL ? "{" : "");
    if (equals != NULL) {
        snprintf(argument, sizeof argument, "%.*s", (int)(strlen(equals + 1) - opens), equals + 1);
    }
    const struct host_step *step = step_named(name, strlen(name));
    if (step == NULL) {
        host_refuse(word);
    }
    step->run(argument);
}

static void run_until_brace(void)
{
    while (*next_step != NULL && strcmp(*next_step, "}") != 0) {
        run_step(*next_step++);
    }
}

void host_block(void)
{
    run_until_brace();
    if (*next_step != NULL) {
        next_step++;
    }
}

void host_skip_block(void)
{
    for (int depth = 1; depth > 0; next_step++) {
        if (*next_step == NULL) {
            host_refuse("{ without }");
        }
        depth += (*next_step)[strlen(*next_step) - 1] == '{';
        depth -= strcmp(*next_step, "}") == 0;
    }
}

char **host_rest(void)
{
    return next_step;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: host URI STEP...\n");
        return 120;
    }
    host_uri = argv[1];
    next_step = argv + 2;
    mongoc_init();
    run_until_brace();
    return 0;
}
