/* SPDX-License-Identifier: Apache-2.0 */
#include "check/loader_cache.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BYTES_HIGHEST (16u * 1024u * 1024u)
#define OLD_MAGIC     "ld.so-1.7.0"
#define NEW_MAGIC     "glibc-ld.so.cache1.1"

/* Kind of library: ELF for libc 6, and the architecture. */
#if defined(__x86_64__)
#define OWN_FLAGS 0x0303
#elif defined(__aarch64__)
#define OWN_FLAGS 0x0a03
#else
#define OWN_FLAGS 0x0003
#endif

struct old_head {
    char magic[sizeof OLD_MAGIC - 1];
    uint32_t entries; /* of twelve bytes */
};

struct new_head {
    char magic[sizeof NEW_MAGIC - 1];
    uint32_t entries;
    uint32_t string_bytes;
    uint32_t unused[5];
};

struct new_entry {
    int32_t flags;
    uint32_t key, value; /* offsets of texts from the new head */
    uint32_t unused;
    uint64_t processor; /* features that it needs, 0: none */
};

static char *read_file(const char *path, size_t *ret_length)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    char *bytes = NULL;
    if (fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0 &&
        status.st_size <= BYTES_HIGHEST) {
        bytes = malloc((size_t)status.st_size + 1);
        ssize_t got = bytes != NULL ? pread(fd, bytes, (size_t)status.st_size, 0) : 0;
        *ret_length = got > 0 ? (size_t)got : 0;
    }
    if (fd >= 0) {
        close(fd);
    }
    return bytes;
}

/* Where the new format begins. */
static size_t skip_old(const char *bytes, size_t length)
{
    struct old_head head;
    if (length < sizeof head || memcmp(bytes, OLD_MAGIC, sizeof head.magic) != 0) {
        return 0;
    }
    memcpy(&head, bytes, sizeof head);
    uint64_t end = sizeof head + (uint64_t)head.entries * 12;
    end = (end + 7) / 8 * 8;
    return end < length ? (size_t)end : length;
}

void pt_loader_cache_read(struct pt_loader_cache *cache, const char *path)
{
    size_t length = 0;
    *cache = (struct pt_loader_cache){0};
    char *bytes = read_file(path, &length);
    if (bytes == NULL) {
        return;
    }
    size_t start = skip_old(bytes, length);
    if (length - start < sizeof(struct new_head) ||
        memcmp(bytes + start, NEW_MAGIC, sizeof NEW_MAGIC - 1) != 0) {
        free(bytes);
        return;
    }
    memmove(bytes, bytes + start, length - start);
    cache->bytes = bytes;
    cache->length = length - start;
    bytes[cache->length] = '\0'; /* so that every text in it ends */
}

void pt_loader_cache_release(struct pt_loader_cache *cache)
{
    free(cache->bytes);
    *cache = (struct pt_loader_cache){0};
}

static bool is_entry_of(const struct pt_loader_cache *cache, const struct new_entry *entry,
                        const char *name)
{
    return entry->flags == OWN_FLAGS && entry->key < cache->length &&
           entry->value < cache->length && strcmp(cache->bytes + entry->key, name) == 0;
}

const char *pt_loader_cache_find(const struct pt_loader_cache *cache, const char *name)
{
    struct new_head head;
    const char *found = NULL;
    if (cache->bytes == NULL) {
        return NULL;
    }
    memcpy(&head, cache->bytes, sizeof head);
    size_t room = (cache->length - sizeof head) / sizeof(struct new_entry);
    for (size_t i = 0; i < head.entries && i < room; i++) {
        struct new_entry entry;
        memcpy(&entry, cache->bytes + sizeof head + i * sizeof entry, sizeof entry);
        if (!is_entry_of(cache, &entry, name)) {
            continue;
        }
        found = cache->bytes + entry.value;
        if (entry.processor == 0) {
            break;
        }
    }
    return found;
}
