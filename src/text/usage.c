/* SPDX-License-Identifier: Apache-2.0 */
#include "text/usage.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MESSAGE_BYTES 4096

char *pt_printable(char *text)
{
    for (unsigned char *c = (unsigned char *)text; *c != '\0'; c++) {
        if (*c < 0x20 || *c == 0x7f) {
            *c = '?';
        }
    }
    return text;
}

static void send_message(const char *kind, const char *format, va_list arguments)
{
    char message[MESSAGE_BYTES];
    int prefix = snprintf(message, sizeof message, "phasetap: %s", kind);
    vsnprintf(message + prefix, sizeof message - (size_t)prefix - 1, format, arguments);
    pt_printable(message);
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
