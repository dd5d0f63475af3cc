/* SPDX-License-Identifier: Apache-2.0 */
/*
 * folder_check.h: whether somebody else could replace, remove or read what is put in a folder.
 *
 * The folder itself must belong to root or to this user, and neither its group nor others may write
 * it, unless it has the sticky bit, as /tmp has. Above it, up to the root, no folder may be
 * writable by everybody, who could put another folder in its place, unless it has the sticky bit
 * and belongs to root or to this user. A group that can write a parent is trusted: distributions
 * have such folders (/var/log, /usr/local). Parents are those of the place that the path leads to,
 * whatever symbolic links are in it.
 *
 * src/base/open_parent.h applies the same rule to parents. No state, no descriptor; keeps nothing.
 */
#ifndef PT_FOLDER_CHECK_H
#define PT_FOLDER_CHECK_H

#include <sys/stat.h>

#include "phasetap/log_format.h"

/* PT_REASON_NONE; DIRECTORY or PARENT: others can write; OPEN: it cannot be looked at. `info` gets
 * the folder's. */
enum pt_reason pt_folder_check(const char *folder, struct stat *info);

#endif
