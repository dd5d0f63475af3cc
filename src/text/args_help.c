/* SPDX-License-Identifier: Apache-2.0 */
#include "text/args_help.h"

#include <stdio.h>
#include <string.h>

#define HELP_COLUMN 28
#define HELP_WIDTH  48 /* of the column on the right: lines end before column 80 */

/* The length of the piece of a text that fits into one line; at least one word. */
static int piece_length(const char *text)
{
    size_t length = strcspn(text, " ");
    while (text[length] == ' ') {
        size_t next = length + 1 + strcspn(text + length + 1, " ");
        if (next > HELP_WIDTH) {
            break;
        }
        length = next;
    }
    return (int)length;
}

static void print_row(const char *left, const char *help)
{
    int length = piece_length(help);
    printf("  %-*s %.*s\n", HELP_COLUMN, left, length, help);
    for (help += length; *help == ' '; help += length) {
        help++;
        length = piece_length(help);
        printf("  %-*s %.*s\n", HELP_COLUMN, "", length, help);
    }
}

static void print_flag(const struct pt_flag *flag)
{
    char left[96];
    char letter[8] = "";
    if (flag->letter != 0) {
        snprintf(letter, sizeof letter, "-%c, ", flag->letter);
    }
    snprintf(left, sizeof left, "%s--%s%s%s", letter, flag->name, flag->argument != NULL ? " " : "",
             flag->argument != NULL ? flag->argument : "");
    print_row(left, flag->help);
}

void pt_args_help(const struct pt_manual *manual, const struct pt_flag *flags)
{
    printf("Usage: phasetap %s\n%s\n\nExamples:\n%s\nOptions:\n", manual->synopsis, manual->summary,
           manual->examples);
    for (const struct pt_flag *flag = flags; flag->name != NULL; flag++) {
        print_flag(flag);
    }
    print_row("-h, --help", "print this text");
    print_row("-V, --version", "print the version");
    printf("\n%s", manual->details);
}
