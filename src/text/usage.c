/* SPDX-License-Identifier: Apache-2.0 */
#include "text/usage.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "text/safe_text.h"

/* At most PIPE_BUF, so that a message is one write. */
#define MESSAGE_BYTES 4096

static pt_origin_finder find_origin;

void pt_usage_origin(pt_origin_finder finder)
{
    find_origin = finder;
}

/* `raw` has room for `bytes`; its message begins at `at`. */
static void add_origin(char *raw, size_t bytes, size_t at)
{
    char text[512];
    const char *name = raw + at + 2;
    if (find_origin == NULL || strncmp(raw + at, "--", 2) != 0 ||
        !find_origin(name, strcspn(name, " =,"), text, sizeof text)) {
        return;
    }
    size_t length = strlen(raw);
    snprintf(raw + length, bytes - length, " (set in %s)", text);
}

static void send_message(const char *kind, const char *format, va_list arguments)
{
    char raw[MESSAGE_BYTES];
    char message[MESSAGE_BYTES];
    int prefix = snprintf(raw, sizeof raw, "phasetap: %s", kind);
    vsnprintf(raw + prefix, sizeof raw - (size_t)prefix, format, arguments);
    add_origin(raw, sizeof raw, (size_t)prefix);
    pt_safe_text(message, sizeof message - 1, raw);
    size_t length = strlen(message);
    message[length++] = '\n';
    ssize_t written = write(STDERR_FILENO, message, length);
    (void)written; /* standard error is the last resort: there is nobody to tell */
}

void pt_say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    send_message("", format, arguments);
    va_end(arguments);
}

void pt_warn(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    send_message("warning: ", format, arguments);
    va_end(arguments);
}

int pt_fail(int status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    send_message("", format, arguments);
    va_end(arguments);
    return status;
}
