/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.h (preload): the values of the options of phasetap/options.h, and what else must be known
 * of the moment when the object was loaded.
 *
 * The constructor reads them once (host/load.c), because some hosts, PHP among them, empty their
 * environment before the first driver call. Read-only afterwards; any layer, any thread.
 *
 * An empty variable counts as unset, an invalid one has the fallback of pt_option_fallback(). The
 * manifest names the invalid ones, because somebody asked for something and did not get it. Values
 * of the environment never reach the log.
 */
#ifndef PT_PRELOAD_OPTIONS_H
#define PT_PRELOAD_OPTIONS_H

#include <stdint.h>

#include "base/text.h"
#include "phasetap/options.h"

#define PT_UNKNOWN_KEPT 8 /* names; further ones are only counted */

struct pt_options {
#define PT_OPTION_FIELD_PATH(name)     char name[PT_PATH_BYTES];
#define PT_OPTION_FIELD_SECONDS(name)  int64_t name;
#define PT_OPTION_FIELD_BYTES(name)    int64_t name;
#define PT_OPTION_FIELD_SWITCH(name)   int64_t name;
#define PT_OPTION_FIELD_CHOICE(name)   int64_t name;
#define PT_OPTION_FIELD_ROTATION(name) int64_t name;
#define PT_OPTION_FIELD(name, kind, default_value, minimum, maximum, words, help)                  \
    PT_OPTION_FIELD_##kind(name)
    PT_OPTIONS(PT_OPTION_FIELD)
    char handshake[96];               /* where `phasetap run` listens (tell.h); empty: nowhere */
    char run[PT_RUN_ID_CHARS + 1];    /* PHASETAP_RUN as it is; then the id (host/run_id.h) */
    char state_folder[PT_PATH_BYTES]; /* $XDG_STATE_HOME or ~/.local/state; empty: neither is known
                                       */
    char folder[PT_PATH_BYTES];       /* working directory when loaded, for a relative OUTPUT */
    int64_t loaded_ns;                /* CLOCK_MONOTONIC when loaded */
    int32_t loaded_pid;               /* process that loaded the object; a forked child differs */
    uint32_t invalid;       /* bit by enum pt_option_id: set, but not valid: the fallback is used */
    uint32_t unknown_count; /* PHASETAP_* variables that phasetap does not read */
    char unknown[PT_UNKNOWN_KEPT][PT_VARIABLE_BYTES]; /* the first of their names */
};

extern struct pt_options pt_options;

/* Fills pt_options. A value that cannot be read gives the default. In the constructor only. */
void pt_options_read(void);

#endif
