/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ignored_options.h: PHASETAP_* variables of a recorded process that had no effect, from the
 * manifest of its log: known ones with an invalid value, and unknown ones, such as a misspelt
 * option. Owned by the process that holds it. Logs hold names only, never values.
 */
#ifndef PHASETAP_IGNORED_OPTIONS_H
#define PHASETAP_IGNORED_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "log/log_reader.h"

#define PT_IGNORED_HIGHEST 16 /* of each sort; a log with more is damaged or forged */
#define PT_IGNORED_BYTES   640

struct pt_ignored_variable {
    char *name;
    int64_t used; /* in the option's unit; of invalid ones only */
};

struct pt_ignored_options {
    struct pt_ignored_variable invalid[PT_IGNORED_HIGHEST];
    struct pt_ignored_variable unknown[PT_IGNORED_HIGHEST];
    size_t invalid_count, unknown_count;
    int64_t unknown_total; /* named or not */
};

/* `ignored` is zeroed before. */
void pt_ignored_read(struct pt_ignored_options *ignored, const struct pt_record *manifest);
void pt_ignored_release(struct pt_ignored_options *ignored);

/* What happened and what to do, as one line. */
void pt_ignored_invalid_sentence(char text[PT_IGNORED_BYTES], const char *variable, int64_t used);
void pt_ignored_unknown_sentence(char text[PT_IGNORED_BYTES], const char *variable);

#endif
