/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log_paths.h: the LOG arguments of a command as a list of files: a folder stands for all `.bson`
 * files in it, by name. A file that was named must be a log; in a folder, a file that is none is
 * skipped with a warning.
 */
#ifndef PHASETAP_LOG_PATHS_H
#define PHASETAP_LOG_PATHS_H

#include <stdbool.h>
#include <stddef.h>

struct pt_log_paths {
    char **items;
    size_t count, room;
    bool *found; /* by item: it was found in a folder */
    size_t found_room;
};

/* PT_EXIT_OK, or PT_EXIT_USAGE after a message. Release in either case. */
int pt_log_paths_list(struct pt_log_paths *paths, int count, char **arguments);
void pt_log_paths_release(struct pt_log_paths *paths);

/* Item `at` could not be read (a code of PT_LOG_CODES): PT_EXIT_OK after a warning when it was only
 * found, else PT_EXIT_USAGE after a message. */
int pt_log_paths_failed(const struct pt_log_paths *paths, size_t at, int code);

#endif
