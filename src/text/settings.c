/* SPDX-License-Identifier: Apache-2.0 */
#include "text/settings.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <phasetap/option_value.h>

#include "text/near_word.h"
#include "text/settings_file.h"
#include "text/usage.h"

#define BLANKS       " \t\r"
#define REASON_BYTES 256

/* The file while it is read, and the command that wants its options. */
struct reading {
    const char *path;
    int line;
    const char *section; /* NULL: none yet */
    const struct pt_manual *manual;
    const struct pt_flag *flags;
    const struct pt_args_given *given;
};

/* Where the values in use stand, for messages about them. */
static struct {
    const char *path;
    struct {
        const char *name;
        int line;
    } rows[PT_ARGS_GIVEN_HIGHEST];
    size_t count;
} used;

void pt_args_given_add(struct pt_args_given *given, const char **value)
{
    if (given->count < PT_ARGS_GIVEN_HIGHEST) {
        given->values[given->count++] = value;
    }
}

static bool is_given(const struct pt_args_given *given, const struct pt_flag *flag)
{
    for (size_t i = 0; i < given->count; i++) {
        if (given->values[i] == flag->value) {
            return true;
        }
    }
    const char *variable = flag->variable != NULL ? getenv(flag->variable) : NULL;
    return variable != NULL && variable[0] != '\0';
}

static bool wrong(const struct reading *reading, const char *format, ...) PT_PRINTF(2, 3);

static bool wrong(const struct reading *reading, const char *format, ...)
{
    char reason[REASON_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    pt_say("cannot use the configuration file '%s', line %d: %s", reading->path, reading->line,
           reason);
    return false;
}

static bool unknown_option(const struct reading *reading, const char *name)
{
    struct pt_near_word near;
    char hint[PT_NEAR_HINT_BYTES];
    pt_near_begin(&near, name);
    pt_flags_offer(&near, reading->flags);
    return wrong(reading, "'%s' is no option of %s;%s 'phasetap %s --help' lists them", name,
                 reading->manual->name, pt_near_hint(&near, "", hint), reading->manual->name);
}

/* "--limit needs a size ..., not '1X'" does not say where the 1X stands; its user may not know. */
static bool tell_origin(const char *name, size_t length, char *text, size_t bytes)
{
    for (size_t i = used.count; i-- > 0;) {
        if (strlen(used.rows[i].name) == length && memcmp(used.rows[i].name, name, length) == 0) {
            snprintf(text, bytes, "'%s', line %d", used.path, used.rows[i].line);
            return true;
        }
    }
    return false;
}

static void use(const struct reading *reading, const struct pt_flag *flag, const char *value)
{
    if (is_given(reading->given, flag)) {
        return;
    }
    *flag->value = value;
    if (used.count < PT_ARGS_GIVEN_HIGHEST) {
        used.path = reading->path;
        used.rows[used.count].name = flag->name;
        used.rows[used.count++].line = reading->line;
        pt_usage_origin(tell_origin);
    }
}

/* `brief`, `brief = yes`; `brief = no` is as if the line were not there, or the flag `no-brief`. */
static bool take_switch(const struct reading *reading, const struct pt_flag *flag,
                        const char *value)
{
    char opposite[64];
    int64_t on = 1;
    if (value != NULL && !pt_option_switch(value, &on)) {
        return wrong(reading, "'%s' takes yes or no, not '%s'", flag->name, value);
    }
    snprintf(opposite, sizeof opposite, "no-%s", flag->name);
    if (on == 0) {
        flag = pt_flag_find(reading->flags, opposite, strlen(opposite));
    }
    if (flag != NULL) {
        use(reading, flag, flag->sets != NULL ? flag->sets : "1");
    }
    return true;
}

static bool take_option(const struct reading *reading, const char *name, const char *value)
{
    const struct pt_flag *flag = pt_flag_find(reading->flags, name, strlen(name));
    if (flag == NULL) {
        return unknown_option(reading, name);
    }
    if (flag->argument == NULL) {
        return take_switch(reading, flag, value);
    }
    if (value == NULL || value[0] == '\0') {
        return wrong(reading, "'%s' needs a value: %s = %s", name, name, flag->argument);
    }
    use(reading, flag, value);
    return true;
}

static bool take_section(struct reading *reading, char *line)
{
    char *end = strchr(line, ']');
    if (end == NULL || end[1 + strspn(end + 1, BLANKS)] != '\0') {
        return wrong(reading, "a section is [COMMAND], alone on its line");
    }
    *end = '\0';
    reading->section = line + 1;
    struct pt_near_word near;
    char hint[PT_NEAR_HINT_BYTES];
    pt_near_begin(&near, reading->section);
    for (const struct pt_tool_command *command = pt_tool_commands(); command->name != NULL;
         command++) {
        if (strcmp(command->name, reading->section) == 0) {
            return true;
        }
        pt_near_offer(&near, command->name);
    }
    return wrong(reading, "there is no command '%s';%s 'phasetap --help' lists them",
                 reading->section, pt_near_hint(&near, "", hint));
}

/* Ends the text at its last character that is no blank, and returns where it begins. */
static char *trim(char *text)
{
    text += strspn(text, BLANKS);
    size_t length = strlen(text);
    while (length > 0 && strchr(BLANKS, text[length - 1]) != NULL) {
        length--;
    }
    text[length] = '\0';
    return text;
}

static bool take_line(struct reading *reading, char *line)
{
    line = trim(line);
    if (line[0] == '\0' || line[0] == '#') {
        return true;
    }
    if (line[0] == '[') {
        return take_section(reading, line);
    }
    char *equals = strchr(line, '=');
    if (equals != NULL) {
        *equals = '\0';
    }
    char *name = trim(line);
    if (name[0] == '\0' || name[0] == '-' || strpbrk(name, BLANKS) != NULL) {
        return wrong(reading, "expected an option without dashes, as in 'color = always'");
    }
    if (reading->section == NULL) {
        return wrong(reading, "'%s' stands before the first [COMMAND]", name);
    }
    bool ours = strcmp(reading->section, reading->manual->name) == 0;
    return !ours || take_option(reading, name, equals != NULL ? trim(equals + 1) : NULL);
}

bool pt_settings_apply_text(const char *path, char *text, const struct pt_manual *manual,
                            const struct pt_flag *flags, const struct pt_args_given *given)
{
    struct reading reading = {.path = path, .manual = manual, .flags = flags, .given = given};
    bool good = true;
    for (char *line = text; line != NULL && good;) {
        char *end = strchr(line, '\n');
        if (end != NULL) {
            *end = '\0';
        }
        reading.line++;
        good = take_line(&reading, line);
        line = end != NULL ? end + 1 : NULL;
    }
    return good;
}

bool pt_settings_apply(const struct pt_manual *manual, const struct pt_flag *flags,
                       const struct pt_args_given *given)
{
    /* Values and messages point into them to the end of the process. */
    static char *path, *text;
    if (pt_tool_commands()->name == NULL || path != NULL) {
        return true;
    }
    return pt_settings_file_read(&path, &text) &&
           (text == NULL || pt_settings_apply_text(path, text, manual, flags, given));
}
