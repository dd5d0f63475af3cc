/* SPDX-License-Identifier: Apache-2.0 */
#include "base/uri_text.h"

#include <string.h>

static size_t append(char *out, size_t at, size_t size_bytes, const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes && at + 1 < size_bytes; i++) {
        out[at++] = text[i];
    }
    return at;
}

/* A password may hold any character, '/', '@', quotes and blanks among them, although it should be
 * escaped: so everything up to the LAST '@' of the text goes. That may take more than it must,
 * never less. Options go up to the next blank. */
void pt_uri_text_without_user(char *out, size_t size_bytes, const char *text)
{
    size_t at = 0;
    for (const char *scheme = strstr(text, "://"); scheme; scheme = strstr(text, "://")) {
        const char *user_end = strrchr(scheme, '@');
        const char *host = user_end ? user_end + 1 : scheme + 3;
        size_t host_bytes = strcspn(host, "? \t\r\n");
        at = append(out, at, size_bytes, text, (size_t)(scheme + 3 - text));
        at = append(out, at, size_bytes, host, host_bytes);
        text = host + host_bytes;
        text += *text == '?' ? strcspn(text, " \t\r\n") : 0;
    }
    at = append(out, at, size_bytes, text, strlen(text));
    out[at] = '\0';
}
