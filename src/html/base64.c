/* SPDX-License-Identifier: Apache-2.0 */
#include "html/base64.h"

#include <stdlib.h>

#define PADDING 64 /* the digit */

static void encode(char *to, const uint8_t *bytes, size_t count)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    for (size_t i = 0; i < count; i += 3) {
        uint32_t word = (uint32_t)bytes[i] << 16;
        word |= i + 1 < count ? (uint32_t)bytes[i + 1] << 8 : 0;
        word |= i + 2 < count ? bytes[i + 2] : 0;
        *to++ = digits[word >> 18];
        *to++ = digits[word >> 12 & 63];
        *to++ = digits[i + 1 < count ? word >> 6 & 63 : PADDING];
        *to++ = digits[i + 2 < count ? word & 63 : PADDING];
    }
}

void pt_json_base64(struct pt_json *json, const char *key, const uint8_t *bytes, size_t count)
{
    size_t length = (count + 2) / 3 * 4;
    char *text = malloc(length + 1);
    if (text == NULL) {
        pt_json_null(json, key);
        return;
    }
    encode(text, bytes, count);
    pt_json_bytes(json, key, text, length);
    free(text);
}
