/* SPDX-License-Identifier: Apache-2.0 */
#include "uri_text.h"

#include <string.h>

/* Ends of a URI in running text. A password may hold any other character, '/' and '@' among them, although it should be escaped: so the LAST '@' counts. */
static size_t uri_bytes(const char *uri)
{
    return strcspn(uri, " \t\r\n\"'<>");
}

static const char *last_at(const char *start, size_t bytes)
{
    const char *found = NULL;
    for (size_t i = 0; i < bytes; i++) {
        found = start[i] == '@' ? start + i : found;
    }
    return found;
}

void pt_uri_text_without_user(char *out, size_t size_bytes, const char *text)
{
    size_t at = 0;
    while (*text && at + 1 < size_bytes) {
        if (strncmp(text, "://", 3) != 0) {
            out[at++] = *text++;
            continue;
        }
        size_t bytes = uri_bytes(text);
        const char *user_end = last_at(text, bytes);
        const char *host = user_end ? user_end + 1 : text + 3;
        size_t host_bytes = strcspn(host, "?");
        size_t left = (size_t)(text + bytes - host);
        host_bytes = host_bytes < left ? host_bytes : left;
        for (size_t i = 0; i < 3 && at + 1 < size_bytes; i++) {
            out[at++] = "://"[i];
        }
        for (size_t i = 0; i < host_bytes && at + 1 < size_bytes; i++) {
            out[at++] = host[i];
        }
        text += bytes;
    }
    out[at] = '\0';
}
