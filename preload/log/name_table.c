/* SPDX-License-Identifier: Apache-2.0 */
#include "log/name_table.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#include "base/try_lock.h"
#include "bson/bson_writer.h"
#include "phasetap/log_format.h"

#define PT_BUCKETS       16384u
#define PT_BLOCK_BYTES   65536u
#define PT_SEGMENT_NAMES 4096u
#define PT_SEGMENTS      (PT_NAMES_MAX / PT_SEGMENT_NAMES)
#define PT_LOCK_YIELDS   1000

typedef _Atomic(const struct pt_name *) name_slot;

static atomic_int buckets[PT_BUCKETS]; /* id of the newest name, 0: none */
static _Atomic(name_slot *) segments[PT_SEGMENTS];
static atomic_uint count; /* names below it are complete */

/* Under the lock. */
static struct pt_try_lock lock;
static uint8_t first_block[8192] __attribute__((aligned(8)));
static uint8_t *block = first_block;
static size_t block_left = sizeof first_block;
static name_slot first_segment[PT_SEGMENT_NAMES];

static void *map(size_t bytes)
{
    int saved_errno = errno;
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    errno = saved_errno;
    return memory == MAP_FAILED ? NULL : memory;
}

static void *allocate(size_t bytes)
{
    bytes = (bytes + 7) / 8 * 8;
    if (bytes > block_left) {
        uint8_t *fresh = map(PT_BLOCK_BYTES);
        if (fresh == NULL) {
            return NULL;
        }
        block = fresh;
        block_left = PT_BLOCK_BYTES;
    }
    void *memory = block;
    block += bytes;
    block_left -= bytes;
    return memory;
}

/* FNV-1a, with an end mark behind each part. */
static uint32_t hash_of(const char *first, const char *second)
{
    uint32_t hash = 2166136261u;
    for (const char *p = first; *p; p++) {
        hash = (hash ^ (uint8_t)*p) * 16777619u;
    }
    hash = (hash ^ 0xFF) * 16777619u;
    for (const char *p = second; *p; p++) {
        hash = (hash ^ (uint8_t)*p) * 16777619u;
    }
    return hash;
}

const struct pt_name *pt_name_by_id(int32_t id)
{
    uint32_t index = (uint32_t)id - PT_NAME_FIRST;
    if (index >= pt_name_count()) {
        return NULL;
    }
    name_slot *segment =
        atomic_load_explicit(&segments[index / PT_SEGMENT_NAMES], memory_order_acquire);
    return atomic_load_explicit(&segment[index % PT_SEGMENT_NAMES], memory_order_acquire);
}

uint32_t pt_name_count(void)
{
    return atomic_load_explicit(&count, memory_order_acquire);
}

/* Like strcmp() == 0. ThreadSanitizer intercepts strcmp, cannot see the store that published the
 * name, and would report a race. */
static bool same_text(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

static bool is_same(const struct pt_name *name, uint32_t hash, enum pt_name_sort sort,
                    const char *first, const char *second)
{
    return name->hash == hash && name->sort == sort && same_text(name->text, first) &&
           same_text(name->text + name->first_bytes, second);
}

static int32_t find(uint32_t hash, enum pt_name_sort sort, const char *first, const char *second)
{
    int32_t id = atomic_load_explicit(&buckets[hash % PT_BUCKETS], memory_order_acquire);
    const struct pt_name *name = pt_name_by_id(id);
    while (name && !is_same(name, hash, sort, first, second)) {
        name = pt_name_by_id(name->older);
    }
    return name ? name->id : 0;
}

int32_t pt_name_find(enum pt_name_sort sort, const char *first, const char *second)
{
    return find(hash_of(first, second), sort, first, second);
}

/* The place for the name of this index; NULL: no memory. */
static name_slot *slot_for(uint32_t index)
{
    _Atomic(name_slot *) *segment = &segments[index / PT_SEGMENT_NAMES];
    if (atomic_load(segment) == NULL) {
        name_slot *fresh = index == 0 ? first_segment : map(PT_SEGMENT_NAMES * sizeof *fresh);
        if (fresh == NULL) {
            return NULL;
        }
        atomic_store_explicit(segment, fresh, memory_order_release);
    }
    return atomic_load(segment) + index % PT_SEGMENT_NAMES;
}

static int32_t add(uint32_t hash, enum pt_name_sort sort, const char *first, const char *second)
{
    uint32_t index = pt_name_count();
    size_t first_bytes = strlen(first) + 1;
    size_t second_bytes = strlen(second) + 1;
    name_slot *slot = index < PT_NAMES_MAX ? slot_for(index) : NULL;
    struct pt_name *name = slot ? allocate(sizeof *name + first_bytes + second_bytes) : NULL;
    if (name == NULL) {
        return 0;
    }
    *name = (struct pt_name){.hash = hash, .sort = (uint8_t)sort};
    name->id = (int32_t)(PT_NAME_FIRST + index);
    name->older = atomic_load(&buckets[hash % PT_BUCKETS]);
    name->first_bytes = (uint8_t)first_bytes;
    memcpy(name->text, first, first_bytes);
    memcpy(name->text + first_bytes, second, second_bytes);
    atomic_store_explicit(slot, name, memory_order_release);
    atomic_store_explicit(&count, index + 1, memory_order_release);
    atomic_store_explicit(&buckets[hash % PT_BUCKETS], name->id, memory_order_release);
    return name->id;
}

int32_t pt_name_add(enum pt_name_sort sort, const char *first, const char *second, bool *added)
{
    uint32_t hash = hash_of(first, second);
    *added = false;
    if (!pt_try_lock_for(&lock, PT_LOCK_YIELDS)) {
        return 0;
    }
    int32_t id = find(hash, sort, first, second);
    if (id == 0) {
        id = add(hash, sort, first, second);
        *added = id != 0;
    }
    pt_unlock(&lock);
    return id;
}

uint32_t pt_name_document(uint8_t *buffer, const struct pt_name *name)
{
    struct pt_bson b;
    pt_bson_init(&b, buffer, PT_NAME_DOC_BYTES);
    pt_bson_int32(&b, "k", PT_KIND_NAME);
    pt_bson_int32(&b, "id", name->id);
    if (name->sort != PT_OF_NAMESPACE) {
        pt_bson_string(&b, "class", name->sort == PT_OF_PHASE ? "phase" : "server", 16);
        pt_bson_string(&b, "name", name->text, PT_NAME_BYTES);
    } else {
        pt_bson_string(&b, "class", "namespace", 16);
        pt_bson_string(&b, "database", name->text, PT_NAME_BYTES);
        pt_bson_string(&b, "collection", name->text + name->first_bytes, PT_NAME_BYTES);
    }
    return (uint32_t)pt_bson_finish(&b);
}

void pt_name_table_unlock(void)
{
    pt_unlock(&lock);
}
