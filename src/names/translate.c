/* SPDX-License-Identifier: Apache-2.0 */
#include "names/translate.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include <phasetap/names_format.h>

#include "names/token.h"
#include "text/safe_text.h"

/* What was read and may be the begin of a token. */
struct pending {
    char bytes[PT_TOKEN_BYTES];
    size_t count;
};

static void put_escaped(FILE *out, const char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "%%%02X", (unsigned)(uint8_t)bytes[i]);
    }
}

static void put_name(FILE *out, const char *name)
{
    size_t left = strlen(name);
    while (left > 0) {
        uint32_t point;
        size_t bytes = pt_utf8_next(name, left, &point);
        bool special = point < 0x80 && strchr("\"\\,;<>&'%", (int)point) != NULL;
        if (special || point == PT_UTF8_INVALID || pt_point_is_hidden(point)) {
            put_escaped(out, name, bytes);
        } else {
            fwrite(name, 1, bytes, out);
        }
        name += bytes;
        left -= bytes;
    }
}

static void put_token(const struct pt_keys *keys, struct pending *pending, FILE *out)
{
    pending->bytes[pending->count] = '\0';
    const char *name = pt_keys_find(keys, pending->bytes);
    if (name != NULL) {
        put_name(out, name);
    } else {
        fputs(pending->bytes, out);
    }
    pending->count = 0;
}

/* Passes on what cannot be the begin of a token any more. */
static void settle(const struct pt_keys *keys, struct pending *pending, FILE *out)
{
    enum pt_token_match match = PT_TOKEN_NONE;
    while (pending->count > 0 &&
           (match = pt_token_match(pending->bytes, pending->count)) == PT_TOKEN_NONE) {
        putc_unlocked(pending->bytes[0], out);
        memmove(pending->bytes, pending->bytes + 1, --pending->count);
    }
    if (pending->count > 0 && match == PT_TOKEN_WHOLE) {
        put_token(keys, pending, out);
    }
}

/* A control character that neither separates lines and fields nor colours a terminal. */
static bool is_binary(int byte)
{
    return byte >= 0 && byte < ' ' && byte != '\t' && byte != '\n' && byte != '\r' &&
           byte != '\x1b';
}

enum pt_translated pt_translate(const struct pt_keys *keys, FILE *in, FILE *out)
{
    struct pending pending = {.count = 0};
    int byte;
    errno = 0;
    while ((byte = getc_unlocked(in)) != EOF && !is_binary(byte)) {
        pending.bytes[pending.count++] = (char)byte;
        settle(keys, &pending, out);
    }
    fwrite(pending.bytes, 1, pending.count, out);
    return byte != EOF  ? PT_TRANSLATED_BINARY
           : ferror(in) ? PT_TRANSLATED_UNREAD
                        : PT_TRANSLATED_ALL;
}
