/* SPDX-License-Identifier: Apache-2.0 */
#include "log/name_token.h"

#include <stdint.h>
#include <string.h>
#include <sys/random.h>

#include "base/siphash.h"
#include "base/text.h"
#include "phasetap/log_format.h"

#define PT_HASHED_BYTES 1024u /* no name is longer */

static enum pt_names_mode names_mode;
static uint8_t key[PT_SIPHASH_KEY_BYTES];
static bool has_key;

static int digit_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "NAME:TOKEN" with a token of 32 hexadecimal digits: nobody but the run's processes knows it. */
static bool take_key_of_run(const char *handshake)
{
    const char *colon = strchr(handshake, ':');
    const char *digits = colon ? colon + 1 : "";
    if (strlen(digits) != (size_t)2 * PT_SIPHASH_KEY_BYTES) {
        return false;
    }
    for (size_t i = 0; i < sizeof key; i++) {
        int high = digit_of(digits[2 * i]), low = digit_of(digits[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        key[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

void pt_tokens_begin(enum pt_names_mode mode, const char *handshake)
{
    names_mode = mode;
    has_key = mode != PT_NAMES_PLAIN &&
              (take_key_of_run(handshake) ||
               getrandom(key, sizeof key, GRND_NONBLOCK) == (ssize_t)sizeof key);
}

enum pt_names_mode pt_tokens_mode(void)
{
    return names_mode;
}

void pt_tokens_lose_names(void)
{
    if (names_mode == PT_NAMES_ALIAS) {
        names_mode = PT_NAMES_HASH;
    }
}

static uint64_t hash_of(enum pt_token_kind kind, const char *text)
{
    uint8_t bytes[1 + PT_HASHED_BYTES];
    size_t length = strnlen(text, PT_HASHED_BYTES);
    bytes[0] = (uint8_t)kind;
    memcpy(bytes + 1, text, length);
    return pt_siphash(key, bytes, 1 + length);
}

static void append_digits(char out[PT_TOKEN_BYTES], size_t *at, uint64_t hash)
{
    uint8_t bytes[sizeof hash];
    char digits[PT_TOKEN_DIGITS + 1];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(hash >> (56 - 8 * i));
    }
    pt_text_hex(digits, bytes, sizeof bytes);
    pt_text_append(out, PT_TOKEN_BYTES, at, digits);
}

/* These say nothing about the program, and the report puts annotated phases beside them. */
static bool is_recognised_phase(enum pt_token_kind kind, const char *text)
{
    static const char *const phases[] = {
#define PHASE(id, constant, name, reported) name,
        PT_PHASES(PHASE)
#undef PHASE
    };
    for (size_t i = 0; kind == PT_TOKEN_PHASE && i < sizeof phases / sizeof phases[0]; i++) {
        if (strcmp(text, phases[i]) == 0) {
            return true;
        }
    }
    return false;
}

const char *pt_token_of(char out[PT_TOKEN_BYTES], enum pt_token_kind kind, const char *text)
{
    static const char *const words[] = {
#define WORD(constant, word) word "-",
        PT_TOKEN_KINDS(WORD)
#undef WORD
    };
    size_t at = 0;
    if (names_mode == PT_NAMES_PLAIN || text[0] == '\0' || is_recognised_phase(kind, text)) {
        return text;
    }
    pt_text_append(out, PT_TOKEN_BYTES, &at, words[kind]);
    if (has_key) {
        append_digits(out, &at, hash_of(kind, text));
    } else {
        pt_text_append(out, PT_TOKEN_BYTES, &at, PT_TOKEN_HIDDEN);
    }
    return out;
}
