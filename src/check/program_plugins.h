/* SPDX-License-Identifier: Apache-2.0 */
/*
 * program_plugins.h: shared objects that a program may load while it runs, and that bring the
 * driver along. Nothing is executed.
 *
 * Programs have the folders of their plugins compiled in. So every absolute path of a folder that
 * stands as a text in the program, in its libraries or (once more, for a plugin with plugins of its
 * own, as PHP in Apache) in a plugin is searched for objects, with the folders directly below it.
 * Whether the program loads what is found is up to its configuration. A folder that only a
 * configuration names is not found.
 *
 * Standard library folders, /etc, /proc, /sys, /dev and /run are left out. Folders, files and bytes
 * are limited. One thread.
 */
#ifndef PHASETAP_PROGRAM_PLUGINS_H
#define PHASETAP_PROGRAM_PLUGINS_H

#include <stdbool.h>
#include <stddef.h>

#include "check/program_libraries.h"

#define PT_PLUGINS_HIGHEST 8 /* kept; there may be more */

enum pt_plugin_kind {
    PT_PLUGIN_NONE,
    PT_PLUGIN_LINKED, /* with the shared driver */
    PT_PLUGIN_COPY,   /* has a copy that exports its functions */
    PT_PLUGIN_HIDDEN  /* has a copy whose calls cannot be seen */
};

struct pt_plugins {
    struct {
        char *path;
        enum pt_plugin_kind kind;
    } items[PT_PLUGINS_HIGHEST];
    size_t count;
};

/* Release in any case. */
void pt_plugins_find(struct pt_plugins *plugins, const char *program,
                     const struct pt_libraries *libraries);
void pt_plugins_release(struct pt_plugins *plugins);

#endif
