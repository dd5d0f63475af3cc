/* SPDX-License-Identifier: Apache-2.0 */
#include "names/token.h"

#include <string.h>

#include <phasetap/names_format.h>

static const char *const words[] = {
#define WORD(constant, word) word "-",
    PT_TOKEN_KINDS(WORD)
#undef WORD
};
#define WORD_COUNT (sizeof words / sizeof words[0])

static bool are_digits(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        bool decimal = text[i] >= '0' && text[i] <= '9';
        if (!decimal && !(text[i] >= 'a' && text[i] <= 'f')) {
            return false;
        }
    }
    return true;
}

static enum pt_token_match match_word(const char *word, const char *text, size_t length)
{
    size_t chars = strlen(word);
    if (strncmp(text, word, length < chars ? length : chars) != 0) {
        return PT_TOKEN_NONE;
    }
    if (length <= chars) {
        return PT_TOKEN_BEGIN;
    }
    if (length - chars > PT_TOKEN_DIGITS || !are_digits(text + chars, length - chars)) {
        return PT_TOKEN_NONE;
    }
    return length - chars == PT_TOKEN_DIGITS ? PT_TOKEN_WHOLE : PT_TOKEN_BEGIN;
}

enum pt_token_match pt_token_match(const char *text, size_t length)
{
    enum pt_token_match best = PT_TOKEN_NONE;
    for (size_t i = 0; i < WORD_COUNT; i++) {
        enum pt_token_match match = match_word(words[i], text, length);
        best = match > best ? match : best;
    }
    return best;
}

bool pt_token_is(const char *text)
{
    for (size_t i = 0; i < WORD_COUNT; i++) {
        size_t chars = strlen(words[i]);
        if (strncmp(text, words[i], chars) == 0 && strcmp(text + chars, PT_TOKEN_HIDDEN) == 0) {
            return true;
        }
    }
    return pt_token_match(text, strlen(text)) == PT_TOKEN_WHOLE;
}
