/* SPDX-License-Identifier: Apache-2.0 */
#include "manual/completion_kinds.h"

#include <ctype.h>
#include <string.h>

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (strcmp(name, *names) == 0) {
            return true;
        }
    }
    return false;
}

enum pt_completed pt_completed_value(const struct pt_flag *flag)
{
    static const char *const files[] = {"FILE", "LOG", "PATH", "FOLDER", "RULES", NULL};
    return is_one_of(flag->argument, files) ? PT_COMPLETED_FILE : PT_COMPLETED_ANY;
}

static bool is_letter(char c)
{
    return isalnum((unsigned char)c) != 0 || c == '_';
}

/* True where `word` stands in the text with no letter beside it. */
static bool has_word(const char *text, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word)) {
        if ((at == text || !is_letter(at[-1])) && !is_letter(at[length])) {
            return true;
        }
    }
    return false;
}

/* An operand that is none of these is a file, such as a report. */
enum pt_completed pt_completed_operand(const struct pt_manual *manual)
{
    static const struct {
        const char *word;
        enum pt_completed kind;
    } kinds[] = {{"PROGRAM", PT_COMPLETED_PROGRAM},
                 {"COMMAND", PT_COMPLETED_COMMAND},
                 {"SHELL", PT_COMPLETED_SHELL},
                 {"LOG", PT_COMPLETED_LOG}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (has_word(manual->synopsis, kinds[i].word)) {
            return kinds[i].kind;
        }
    }
    return PT_COMPLETED_FILE;
}

void pt_completed_put_words(FILE *out, const char *words)
{
    for (; *words != '\0'; words++) {
        putc(*words == '|' ? ' ' : *words, out);
    }
}

void pt_completed_put_commands(FILE *out)
{
    for (const struct pt_tool_command *command = pt_tool_commands(); command->name != NULL;
         command++) {
        fprintf(out, "%s%s", command == pt_tool_commands() ? "" : " ", command->name);
    }
}
