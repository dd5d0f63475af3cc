/* SPDX-License-Identifier: Apache-2.0 */
/*
 * output_target.h: what stands at the place where an output is to go, and whether it may be
 * written there. Callers of output.h need the rules only. Any thread.
 */
#ifndef PHASETAP_OUTPUT_TARGET_H
#define PHASETAP_OUTPUT_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

struct pt_output_rules {
    const char *mark; /* how a file begins that may be replaced, blanks left out; NULL: none may */
    bool force;       /* replace any regular file but an input */
    const char *const *inputs; /* paths */
    size_t input_count;
    const char *option; /* the option that names the output, for messages; NULL: -o */
};

enum pt_target {
    PT_TARGET_NEW,     /* nothing is there */
    PT_TARGET_FILE,    /* a file that may be replaced */
    PT_TARGET_STREAM,  /* a pipe or character device: written in place */
    PT_TARGET_REFUSED, /* the user was told why */
};

/* The option that a message names. */
const char *pt_output_option(const struct pt_output_rules *rules);

/* `folder` is a descriptor of the folder, `name` the last part of `path`, which is for messages. */
enum pt_target pt_target_judge(int folder, const char *name, const char *path,
                               const struct pt_output_rules *rules);

/* The descriptor that a path means ("/dev/stdout", "/dev/fd/3"), -1 for any other path. */
int pt_target_descriptor(const char *path);

/* True for the file of an input. */
bool pt_target_is_input(const struct stat *status, const struct pt_output_rules *rules);

#endif
