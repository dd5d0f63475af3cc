/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key_file.h: the names behind the tokens of logs that were recorded with PHASETAP_NAMES=alias,
 * from their key files (docs/FORMAT.md, "Names as tokens").
 *
 * A key file is untrusted: lines that are none of ours are ignored. Zero bytes are an empty table;
 * release it with pt_keys_release(). One thread.
 */
#ifndef PHASETAP_KEY_FILE_H
#define PHASETAP_KEY_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct pt_key {
    char *token; /* owns its memory, in which the name stands too */
    char *name;
};

struct pt_keys {
    struct pt_key *items; /* sorted by token, each once, after pt_keys_sort() */
    size_t count, room;
};

/* True if the file begins as a key file does. Never waits for a FIFO or a device. */
bool pt_key_file_is(const char *path);

/* Adds what the file holds. False, with errno, when it cannot be read or memory ran out. */
bool pt_keys_read(struct pt_keys *keys, const char *path);
void pt_keys_sort(struct pt_keys *keys);
/* NULL: no file gave the token a name. Only behind pt_keys_sort(). */
const char *pt_keys_find(const struct pt_keys *keys, const char *token);
void pt_keys_release(struct pt_keys *keys);

#endif
