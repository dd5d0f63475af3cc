/* SPDX-License-Identifier: Apache-2.0 */
/*
 * settings.h: the configuration file of the tool, which gives options a value that are neither on
 * the command line nor, where they have one, in their environment variable. The preload object
 * never reads it.
 *
 * The file is the one that PHASETAP_CONFIG names, else $XDG_CONFIG_HOME/phasetap/config, else
 * ~/.config/phasetap/config; a missing file is an empty one, unless PHASETAP_CONFIG names it.
 * docs/INSTALL.md has the grammar: lines `[COMMAND]`, `option`, `option = value`, `# comment`, and
 * empty ones; an option is spelt as on the command line, without dashes.
 *
 * A file that others than its user can write is refused: it could make root write anywhere. Any
 * mistake ends the command with a message that names file and line. Options of other commands are
 * not looked at. Without a table of commands (pt_tool_commands_set), as in unit tests, no file is
 * read.
 *
 * Main thread; once for a process.
 */
#ifndef PHASETAP_SETTINGS_H
#define PHASETAP_SETTINGS_H

#include "text/command.h"

/* What the command line set: the addresses of the values (struct pt_flag). */
#define PT_ARGS_GIVEN_HIGHEST 96
struct pt_args_given {
    const char **values[PT_ARGS_GIVEN_HIGHEST];
    size_t count;
};
void pt_args_given_add(struct pt_args_given *given, const char **value);

/* Sets the values that the file has and that were not given. False after a message. */
bool pt_settings_apply(const struct pt_manual *manual, const struct pt_flag *flags,
                       const struct pt_args_given *given);

/* The same with the text of a file, which is changed and must live as long as the values; `path` is
 * for messages. For tests. */
bool pt_settings_apply_text(const char *path, char *text, const struct pt_manual *manual,
                            const struct pt_flag *flags, const struct pt_args_given *given);

#endif
