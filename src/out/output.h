/* SPDX-License-Identifier: Apache-2.0 */
/*
 * output.h: the one writer of the tool's output files. The tool may run as root over files that an
 * unlucky command line or another user put there, and what it writes is nobody else's business, so:
 *
 * - A file is written beside its place, under a random name, new and with mode 0600, synchronised
 *   to disk and renamed. A reader sees the old file or the whole new one; a full disk costs nothing
 *   that was there.
 * - An existing file is replaced only when it is empty, begins as such an output does (`mark`), or
 *   the user gave --force. An input is never replaced, by whatever name it is reached.
 * - A symbolic link, a folder or a block device is never written to. Folders that are missing are
 *   made, with mode 0700.
 * - A pipe or character device is written to in place; /dev/stdout, /dev/stderr and /dev/fd/N mean
 *   that descriptor.
 *
 * Not covered: symbolic links among the folders of the path are followed, as by every program.
 *
 * Life cycle: pt_output_open(), writing to `stream`, then pt_output_close(), which is what makes
 * the file appear, or pt_output_abandon(). One thread. Each failure is told to the user, in one
 * sentence.
 */
#ifndef PHASETAP_OUTPUT_H
#define PHASETAP_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "out/output_target.h"

#define PT_OUTPUT_TEMPORARY_BYTES 32

struct pt_output {
    FILE *stream;
    const char *path;   /* the caller's; "standard output" when none was given */
    const char *name;   /* within the folder: the last part of `path` */
    const char *option; /* how the user named it, for messages */
    int folder;         /* -1: written in place, nothing to be renamed */
    bool is_new;        /* there was no such file when it was opened */
    char temporary[PT_OUTPUT_TEMPORARY_BYTES]; /* name in the folder */
};

/* `path` NULL or "-" means standard output. Both texts and rules are only used during the call,
 * `path` until the output is closed. Returns PT_EXIT_OK, or PT_EXIT_FAILED after a message. */
int pt_output_open(struct pt_output *output, const char *path, const struct pt_output_rules *rules);

/* Returns PT_EXIT_OK when everything that was written is at its place, else PT_EXIT_FAILED after a
 * message; then nothing was replaced. Standard output stays open: main() checks it. */
int pt_output_close(struct pt_output *output);

/* Leaves no trace of a file that was begun. */
void pt_output_abandon(struct pt_output *output);

#endif
