/* SPDX-License-Identifier: Apache-2.0 */
/*
 * name_table.h: the names of namespaces, annotated phases and servers, by id and by text.
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

#define PT_NAME_BYTES     128u     /* longer names are cut */
#define PT_NAMES_MAX      1048576u /* 40 to 260 bytes each */
#define PT_NAME_DOC_BYTES 384u     /* the longest NAME document */

enum pt_name_sort { PT_OF_NAMESPACE, PT_OF_PHASE, PT_OF_SERVER };

/* A name to look for. Texts are shorter than PT_NAME_BYTES and well-formed; no final zero. */
struct pt_name_key {
    const char *first;  /* phase, server or database */
    const char *second; /* collection */
    uint8_t first_length, second_length;
    enum pt_name_sort sort;
};

struct pt_name {
    int32_t id;
    uint8_t sort; /* enum pt_name_sort */
    uint8_t second_length;
    uint8_t first_bytes; /* with its final zero: where the collection begins */
    char text[];         /* phase, server or database, zero, collection, zero */
};

/* The name's id, 0: not known yet. */
int32_t pt_name_find(const struct pt_name_key *key);

/* Adds a name that was not found. *added: it was this call that added it. 0: the table is full, or
 * its lock was not to be had. */
int32_t pt_name_add(const struct pt_name_key *key, bool *added);

/* NULL: no such id. */
const struct pt_name *pt_name_by_id(int32_t id);
uint32_t pt_name_count(void);

/* Writes the NAME document of a name into `buffer` of PT_NAME_DOC_BYTES; its length. */
uint32_t pt_name_document(uint8_t *buffer, const struct pt_name *name);

/* In the child of a fork: the parent's thread that held the lock is not there. */
void pt_name_table_unlock(void);

#endif
