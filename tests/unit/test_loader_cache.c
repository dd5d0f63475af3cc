/* SPDX-License-Identifier: Apache-2.0 */
/* The loader's cache: the real one of this machine, and hostile ones. AddressSanitizer watches. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/loader_cache.h"

#if defined(__aarch64__)
#define FLAGS 0x0a03
#else
#define FLAGS 0x0303
#endif

static char path[64];

static void start(void)
{
    snprintf(path, sizeof path, "/tmp/phasetap-cache-%d", (int)getpid());
}

static void end(void)
{
    unlink(path);
}

TestSuite(loader_cache, .init = start, .fini = end);

static void save(const void *bytes, size_t length)
{
    FILE *file = fopen(path, "we");
    cr_assert(eq(sz, fwrite(bytes, 1, length, file), length));
    fclose(file);
}

struct __attribute__((packed)) made {
    char magic[20];
    uint32_t count, string_bytes, unused[5];
    struct __attribute__((packed)) {
        int32_t flags;
        uint32_t key, value, unused;
        uint64_t processor;
    } entries[3];
    char texts[48];
};

/* libx.so.1 for another architecture, for a special processor, and for every one. */
static struct made make(void)
{
    struct made made = {.magic = "glibc-ld.so.cache1.", .count = 3, .string_bytes = 48};
    uint32_t texts = offsetof(struct made, texts);
    made.magic[19] = '1';
    memcpy(made.texts, "libx.so.1\0/32/x\0/fast/x\0/any/x", 31);
    for (int i = 0; i < 3; i++) {
        made.entries[i].flags = i == 0 ? 0x0003 : FLAGS;
        made.entries[i].key = texts;
        made.entries[i].processor = i == 1;
    }
    made.entries[0].value = texts + 10;
    made.entries[1].value = texts + 16;
    made.entries[2].value = texts + 24;
    return made;
}

static bool finds(const char *name, const char *expected)
{
    struct pt_loader_cache cache;
    pt_loader_cache_read(&cache, path);
    const char *found = pt_loader_cache_find(&cache, name);
    bool same = expected == NULL ? found == NULL : found != NULL && strcmp(found, expected) == 0;
    pt_loader_cache_release(&cache);
    return same;
}

Test(loader_cache, of_this_machine)
{
    struct pt_loader_cache cache;
    pt_loader_cache_read(&cache, PT_LOADER_CACHE);
    const char *libc = pt_loader_cache_find(&cache, "libc.so.6");
    cr_assert(ne(ptr, (void *)libc, NULL));
    cr_assert(eq(int, access(libc, R_OK), 0), "%s", libc);
    cr_assert(eq(ptr, (void *)pt_loader_cache_find(&cache, "libc.so"), NULL));
    pt_loader_cache_release(&cache);
}

Test(loader_cache, prefers_what_runs_everywhere)
{
    struct made made = make();
    save(&made, sizeof made);
    cr_assert(finds("libx.so.1", "/any/x"));
    made.count = 2;
    save(&made, sizeof made);
    cr_assert(finds("libx.so.1", "/fast/x"));
    made.count = 1;
    save(&made, sizeof made);
    cr_assert(finds("libx.so.1", NULL));
}

Test(loader_cache, behind_the_old_format)
{
    struct made made = make();
    uint8_t both[48 + sizeof made];
    memset(both, 0, sizeof both);
    memcpy(both, "ld.so-1.7.0", 11);
    both[12] = 2; /* 16 + 2 * 12 bytes */
    memcpy(both + 40, &made, sizeof made);
    save(both, 40 + sizeof made);
    cr_assert(finds("libx.so.1", "/any/x"));
}

Test(loader_cache, what_is_none)
{
    cr_assert(finds("libx.so.1", NULL)); /* no such file */
    save("", 0);
    cr_assert(finds("libx.so.1", NULL));
    save("glibc-ld.so.cache1.1", 20);
    cr_assert(finds("libx.so.1", NULL));
    save("ld.so-1.7.0\0\xff\xff\xff\xff", 16);
    cr_assert(finds("libx.so.1", NULL));
}

Test(loader_cache, survives_cuts_and_damage)
{
    struct made made = make();
    for (size_t length = 0; length < sizeof made; length++) {
        save(&made, length);
        finds("libx.so.1", NULL);
    }
    srandom(7);
    for (int round = 0; round < 3000; round++) {
        struct made damaged = made;
        uint32_t value = (uint32_t)random() << (random() % 32);
        memcpy((uint8_t *)&damaged + (size_t)random() % (sizeof damaged - 4), &value,
               1 + (size_t)random() % 4);
        save(&damaged, sizeof damaged);
        finds("libx.so.1", NULL);
    }
    save(&made, sizeof made);
    cr_assert(finds("libx.so.1", "/any/x"));
}
