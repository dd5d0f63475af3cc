/* SPDX-License-Identifier: Apache-2.0 */
/*
 * name_table.h: the names of namespaces, annotated phases and servers, by id and by text; and with
 * PHASETAP_NAMES=alias every other name that the log has a token for.
 *
 * A name gets the next id, from PT_NAME_FIRST on, and stays for the life of the process; the child
 * of a fork inherits the table. Memory comes in blocks by mmap, never from the host's allocator,
 * and its size is bounded by PT_NAMES_MAX and PT_NAME_BYTES.
 *
 * By text a name is found in hash tables of open addressing, each eight times the one before it and
 * at most half full. A new one is added when the last is half full, and none is ever copied: that
 * would hold up a thread of the host for milliseconds. A search looks at the newest first, which
 * holds most names: it costs about two cache misses, however many names there are. Hashes differ
 * from process to process, so that nobody can choose names that share one.
 *
 * Finding and reading: any thread, lock-free. Adding: any thread, under a lock that is given up
 * after a bounded time.
 */
#ifndef PT_NAME_TABLE_H
#define PT_NAME_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "log/name_token.h"

#define PT_NAME_BYTES     128u     /* longer names are cut */
#define PT_NAMES_MAX      1048576u /* 40 to 260 bytes each */
#define PT_NAME_DOC_BYTES 384u     /* the longest NAME document */

/* Those from PT_OF_PROGRAM on have no NAME document: they are kept for the key file of aliases. */
enum pt_name_sort {
    PT_OF_NAMESPACE,
    PT_OF_PHASE,
    PT_OF_SERVER,
    PT_OF_PROGRAM,
    PT_OF_HOST,
    PT_OF_THREAD,
    PT_OF_OBJECT,
    PT_OF_KEY,
};

/* A name to look for. Texts are shorter than PT_NAME_BYTES and well-formed; no final zero. */
struct pt_name_key {
    const char *first;  /* database, or a name of another sort */
    const char *second; /* collection */
    uint8_t first_length, second_length;
    enum pt_name_sort sort;
};

struct pt_name {
    int32_t id;
    uint8_t sort; /* enum pt_name_sort */
    uint8_t second_length;
    uint8_t first_bytes; /* with its final zero: where the collection begins */
    char text[];         /* database, or a name of another sort, zero, collection, zero */
};

/* The name's id, 0: not known yet. */
int32_t pt_name_find(const struct pt_name_key *key);

/* Adds a name that was not found. *added: it was this call that added it. 0: the table is full, or
 * its lock was not to be had. */
int32_t pt_name_add(const struct pt_name_key *key, bool *added);

/* NULL: no such id. */
const struct pt_name *pt_name_by_id(int32_t id);
uint32_t pt_name_count(void);

/* Copies its texts, each with a final zero; only a namespace may have a second one. */
void pt_name_copy(const struct pt_name *name, char first[PT_NAME_BYTES],
                  char second[PT_NAME_BYTES]);

/* The kind of token for names of a sort; not of a namespace, which has two. */
enum pt_token_kind pt_name_token_kind(enum pt_name_sort sort);

/* Writes the NAME document of a name into `buffer` of PT_NAME_DOC_BYTES, with tokens unless names
 * are plain; its length, 0 if its sort has none. */
uint32_t pt_name_document(uint8_t *buffer, const struct pt_name *name);

/* In the child of a fork: the parent's thread that held the lock is not there. */
void pt_name_table_unlock(void);

#endif
