/* SPDX-License-Identifier: Apache-2.0 */
/* The only file that writes to standard error. */
#include "message.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void message_error(const char *format, ...)
{
    char line[1024] = "masker: ";
    const size_t prefix = strlen(line);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line + prefix, sizeof line - prefix - 1, format, arguments);
    va_end(arguments);
    const size_t length = strlen(line);
    line[length] = '\n';
    if (write(STDERR_FILENO, line, length + 1) < 0) {
        return; /* a closed standard error leaves the exit status as the only channel */
    }
}
