/* SPDX-License-Identifier: Apache-2.0 */
#include "log/name_table.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#include "base/own_memory.h"
#include "base/try_lock.h"
#include "bson/bson_writer.h"
#include "phasetap/log_format.h"

#define PT_BLOCK_BYTES   65536u
#define PT_SEGMENT_NAMES 4096u
#define PT_SEGMENTS      (PT_NAMES_MAX / PT_SEGMENT_NAMES)
#define PT_LOCK_YIELDS   1000
#define PT_LEVELS        4u
#define PT_FIRST_SLOTS   8192u /* 64 KiB */

typedef _Atomic(const struct pt_name *) name_slot;

/* The address of a struct pt_name in the lower 48 bits, the upper bits of its hash above; 0: free.
 * A search reads a name only if those bits are right. */
typedef _Atomic uint64_t hash_slot;
#define PT_ADDRESS_BITS 48

static hash_slot first_level[PT_FIRST_SLOTS];
static _Atomic(hash_slot *) levels[PT_LEVELS] = {first_level};
static _Atomic(name_slot *) segments[PT_SEGMENTS];
static atomic_uint count; /* names below it are complete */

/* Under the lock. */
static struct pt_try_lock lock;
static uint8_t first_block[8192] __attribute__((aligned(8)));
static uint8_t *block = first_block;
static size_t block_left = sizeof first_block;
static name_slot first_segment[PT_SEGMENT_NAMES];
static uint32_t level_names[PT_LEVELS];

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

static uint64_t word_at(const char *text, size_t length)
{
    uint64_t word = 0;
    memcpy(&word, text, length < sizeof word ? length : sizeof word);
    return word;
}

/* Folds the 128-bit product: each bit of the result depends on all of both. */
static uint64_t mix(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t mix_text(uint64_t hash, const char *text, size_t length)
{
    for (; length > 8; text += 8, length -= 8) {
        hash = mix(hash ^ word_at(text, 8), 0x9E3779B97F4A7C15u);
    }
    return mix(hash ^ word_at(text, length) ^ (uint64_t)length << 56, 0xD6E8FEB86659FD93u);
}

/* The seed is an address, which the loader chooses at random. */
static uint64_t hash_of(const struct pt_name_key *key)
{
    uint64_t seed = (uint64_t)(uintptr_t)levels + (uint64_t)key->sort;
    return mix_text(mix_text(seed, key->first, key->first_length), key->second, key->second_length);
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

/* Like memcmp() == 0. ThreadSanitizer intercepts that, cannot see the store that published the
 * name, and would report a race. */
static bool same_text(const char *a, const char *b, size_t length)
{
    for (; length > 8; a += 8, b += 8, length -= 8) {
        if (word_at(a, 8) != word_at(b, 8)) {
            return false;
        }
    }
    return word_at(a, length) == word_at(b, length);
}

static bool is_same(const struct pt_name *name, const struct pt_name_key *key)
{
    return name->sort == key->sort && name->first_bytes == key->first_length + 1 &&
           name->second_length == key->second_length &&
           same_text(name->text, key->first, key->first_length) &&
           same_text(name->text + name->first_bytes, key->second, key->second_length);
}

static size_t slots_of(unsigned level)
{
    return (size_t)PT_FIRST_SLOTS << (3 * level);
}

/* The slot of the name, or the free one that ends the search for it. */
static hash_slot *search(hash_slot *slots, unsigned level, uint64_t hash,
                         const struct pt_name_key *key)
{
    size_t mask = slots_of(level) - 1;
    for (size_t at = hash & mask;; at = (at + 1) & mask) {
        uint64_t held = atomic_load_explicit(&slots[at], memory_order_acquire);
        if (held == 0) {
            return &slots[at];
        }
        if (((held ^ hash) >> PT_ADDRESS_BITS) == 0) {
            uint64_t address = held & (((uint64_t)1 << PT_ADDRESS_BITS) - 1);
            if (is_same((const struct pt_name *)(uintptr_t)address, key)) {
                return &slots[at];
            }
        }
    }
}

static int32_t find(uint64_t hash, const struct pt_name_key *key)
{
    for (unsigned level = PT_LEVELS; level-- > 0;) {
        hash_slot *slots = atomic_load_explicit(&levels[level], memory_order_acquire);
        if (slots == NULL) {
            continue;
        }
        uint64_t held = atomic_load_explicit(search(slots, level, hash, key), memory_order_acquire);
        if (held != 0) {
            uint64_t address = held & (((uint64_t)1 << PT_ADDRESS_BITS) - 1);
            return ((const struct pt_name *)(uintptr_t)address)->id;
        }
    }
    return 0;
}

int32_t pt_name_find(const struct pt_name_key *key)
{
    return find(hash_of(key), key);
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

/* The newest level, or a new one if that is half full; PT_LEVELS: no memory. */
static unsigned level_to_fill(void)
{
    unsigned level = PT_LEVELS - 1;
    while (atomic_load(&levels[level]) == NULL) {
        level--;
    }
    if (level_names[level] < slots_of(level) / 2) {
        return level;
    }
    hash_slot *fresh = level + 1 < PT_LEVELS ? map(slots_of(level + 1) * sizeof(hash_slot)) : NULL;
    if (fresh == NULL) {
        return PT_LEVELS;
    }
    atomic_store_explicit(&levels[level + 1], fresh, memory_order_release);
    return level + 1;
}

static struct pt_name *make_name(const struct pt_name_key *key, uint32_t index)
{
    struct pt_name *name =
        allocate(sizeof *name + (size_t)key->first_length + (size_t)key->second_length + 2);
    if (name) { /* its memory was never used: the final zeros are there */
        name->id = (int32_t)(PT_NAME_FIRST + index);
        name->sort = (uint8_t)key->sort;
        name->second_length = key->second_length;
        name->first_bytes = (uint8_t)(key->first_length + 1);
        memcpy(name->text, key->first, key->first_length);
        memcpy(name->text + name->first_bytes, key->second, key->second_length);
    }
    return name;
}

static int32_t add(uint64_t hash, const struct pt_name_key *key)
{
    uint32_t index = pt_name_count();
    name_slot *slot = index < PT_NAMES_MAX ? slot_for(index) : NULL;
    unsigned level = slot ? level_to_fill() : PT_LEVELS;
    struct pt_name *name = level < PT_LEVELS ? make_name(key, index) : NULL;
    if (name == NULL) {
        return 0;
    }
    uint64_t tag = hash >> PT_ADDRESS_BITS << PT_ADDRESS_BITS;
    level_names[level]++;
    atomic_store_explicit(slot, name, memory_order_release);
    atomic_store_explicit(&count, index + 1, memory_order_release);
    atomic_store_explicit(search(atomic_load(&levels[level]), level, hash, key),
                          tag | (uint64_t)(uintptr_t)name, memory_order_release);
    return name->id;
}

int32_t pt_name_add(const struct pt_name_key *key, bool *added)
{
    uint64_t hash = hash_of(key);
    *added = false;
    if (!pt_try_lock_for(&lock, PT_LOCK_YIELDS)) {
        return 0;
    }
    int32_t id = find(hash, key);
    if (id == 0) {
        id = add(hash, key);
        *added = id != 0;
    }
    pt_unlock(&lock);
    return id;
}

enum pt_token_kind pt_name_token_kind(enum pt_name_sort sort)
{
    static const enum pt_token_kind kinds[] = {
        [PT_OF_PHASE] = PT_TOKEN_PHASE,     [PT_OF_SERVER] = PT_TOKEN_SERVER,
        [PT_OF_PROGRAM] = PT_TOKEN_PROGRAM, [PT_OF_HOST] = PT_TOKEN_HOST,
        [PT_OF_THREAD] = PT_TOKEN_THREAD,   [PT_OF_OBJECT] = PT_TOKEN_OBJECT,
        [PT_OF_KEY] = PT_TOKEN_KEY,
    };
    return kinds[sort];
}

void pt_name_copy(const struct pt_name *name, char first[PT_NAME_BYTES], char second[PT_NAME_BYTES])
{
    pt_copy_own(first, name->text, name->first_bytes);
    pt_copy_own(second, name->text + name->first_bytes, (size_t)name->second_length + 1);
}

static void write_namespace(struct pt_bson *b, const char *database, const char *collection)
{
    char room[PT_TOKEN_BYTES];
    pt_bson_string(b, "class", "namespace", 16);
    pt_bson_string(b, "database", pt_token_of(room, PT_TOKEN_DATABASE, database), PT_NAME_BYTES);
    pt_bson_string(b, "collection", pt_token_of(room, PT_TOKEN_COLLECTION, collection),
                   PT_NAME_BYTES);
}

static void write_name(struct pt_bson *b, enum pt_name_sort sort, const char *text)
{
    char room[PT_TOKEN_BYTES];
    pt_bson_string(b, "class", sort == PT_OF_PHASE ? "phase" : "server", 16);
    pt_bson_string(b, "name", pt_token_of(room, pt_name_token_kind(sort), text), PT_NAME_BYTES);
}

uint32_t pt_name_document(uint8_t *buffer, const struct pt_name *name)
{
    char first[PT_NAME_BYTES], second[PT_NAME_BYTES];
    struct pt_bson b;
    if (name->sort >= PT_OF_PROGRAM) {
        return 0;
    }
    pt_name_copy(name, first, second);
    pt_bson_init(&b, buffer, PT_NAME_DOC_BYTES);
    pt_bson_int32(&b, "k", PT_KIND_NAME);
    pt_bson_int32(&b, "id", name->id);
    if (name->sort == PT_OF_NAMESPACE) {
        write_namespace(&b, first, second);
    } else {
        write_name(&b, (enum pt_name_sort)name->sort, first);
    }
    return (uint32_t)pt_bson_finish(&b);
}

void pt_name_table_unlock(void)
{
    pt_unlock(&lock);
}
