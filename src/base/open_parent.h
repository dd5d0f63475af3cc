/* SPDX-License-Identifier: Apache-2.0 */
/*
 * open_parent.h: the folder above a log in which everybody could put another folder in the place of
 * the log's own. The rule is that of preload/log/folder_check.h. Any thread.
 */
#ifndef PHASETAP_OPEN_PARENT_H
#define PHASETAP_OPEN_PARENT_H

#include <stdbool.h>

/* The nearest folder above `folder`, or from `folder` itself on, that everybody can write and that
 * has no sticky bit of root's or this user's; its path, to be freed. NULL: there is none, or the
 * folder cannot be looked at. */
char *pt_open_parent(const char *folder, bool itself);

#endif
