/* SPDX-License-Identifier: Apache-2.0 */
/* Sentences in lines of the page's width. */
#include <stdlib.h>
#include <string.h>

#include "render/columns.h"
#include "render/page.h"
#include "text/safe_text.h"

static size_t without_marks(const char *word, size_t length)
{
    while (length > 0 && strchr(".,;:)", word[length - 1]) != NULL) {
        length--;
    }
    return length;
}

static bool is_unit(const char *word, size_t length)
{
    static const char *const units[] = {"ns",  "us",  "ms",  "s", "B", "KiB",
                                        "MiB", "GiB", "TiB", "%", "h", "m"};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strlen(units[i]) == length && memcmp(word, units[i], length) == 0) {
            return true;
        }
    }
    return false;
}

static bool ends_in_digit(const char *text, size_t length)
{
    return length > 0 && text[length - 1] >= '0' && text[length - 1] <= '9';
}

/* "4m 05s" breaks nowhere either. */
static bool is_second_half(const char *before, size_t length, const char *word, size_t word_length)
{
    return length > 1 && ends_in_digit(before, length - 1) &&
           strchr("mhd", before[length - 1]) != NULL && word_length > 1 &&
           ends_in_digit(word, word_length - 1) && strchr("smh", word[word_length - 1]) != NULL;
}

/* The length of the piece at `text` that must not be broken. */
static size_t next_piece(const char *text)
{
    size_t length = strcspn(text, " ");
    while (text[length] == ' ') {
        const char *word = text + length + 1;
        size_t word_length = strcspn(word, " ");
        size_t bare = without_marks(word, word_length);
        bool joined = (ends_in_digit(text, length) && is_unit(word, bare)) ||
                      is_second_half(text, length, word, bare);
        if (!joined) {
            break;
        }
        length += 1 + word_length;
    }
    return length;
}

/* The bytes of the longest beginning of `text` that breaks at a blank and fits in `columns`; at
 * least one piece. */
static size_t line_length(const char *text, int columns)
{
    size_t length = next_piece(text);
    while (text[length] == ' ') {
        size_t longer = length + 1 + next_piece(text + length + 1);
        if (pt_text_fit(text, columns) < longer) {
            break;
        }
        length = longer;
    }
    return length;
}

static void put_tag(const struct pt_page *page, const char *tag, int at)
{
    if (tag != NULL) {
        pt_page_pad(page, page->width - (int)strlen(tag) - at);
        pt_page_put(page, PT_PLAIN, tag);
    }
}

static void put_lines(const struct pt_page *page, const struct pt_paragraph *p, const char *text)
{
    const char *tag = p->tag;
    int at = p->first != NULL ? pt_text_columns(p->first) : p->indent;
    pt_page_put(page, p->first_style, p->first != NULL ? p->first : "");
    pt_page_pad(page, p->first != NULL ? 0 : at);
    do {
        int taken = tag != NULL ? (int)strlen(tag) + 1 : 0;
        size_t length = line_length(text, page->width - at - taken);
        pt_page_put_n(page, p->style, text, length);
        put_tag(page, tag, at + pt_text_columns(text) - pt_text_columns(text + length));
        fputc('\n', page->out);
        text += length;
        text += strspn(text, " ");
        pt_page_pad(page, *text != '\0' ? p->indent : 0);
        at = p->indent;
        tag = NULL;
    } while (*text != '\0');
}

void pt_page_paragraph(const struct pt_page *page, const struct pt_paragraph *paragraph)
{
    size_t room = strlen(paragraph->text) * PT_SAFE_CHARACTER_BYTES + 1;
    char *text = malloc(room);
    if (text != NULL) {
        put_lines(page, paragraph, pt_safe_text(text, room, paragraph->text));
        free(text);
    }
}
