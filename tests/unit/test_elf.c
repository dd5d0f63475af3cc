/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The facts that `phasetap check` takes from ELF files: real ones of this process, and damaged
 * copies of them, which must cost nothing but a wrong answer.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/elf_file.h"
#include "check/elf_symbol.h"

/* The library that a function of this process is from. */
static const char *library_of(void *function)
{
    Dl_info info;
    cr_assert(dladdr(function, &info) != 0);
    return info.dli_fname;
}

static bool exports(const char *path, const char *name)
{
    Elf64_Ehdr head;
    struct pt_elf_map map;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    cr_assert(ge(int, fd, 0));
    cr_assert(pt_elf_read_at(fd, 0, &head, sizeof head));
    bool found = pt_elf_map_read(&map, fd, &head) && pt_elf_map_exports(&map, name);
    pt_elf_map_release(&map);
    close(fd);
    return found;
}

Test(elf, a_program)
{
    struct pt_elf elf;
    cr_assert(eq(int, pt_elf_read("/proc/self/exe", &elf), PT_ELF_OK));
    cr_assert(elf.same_architecture);
    cr_assert(elf.interpreter != NULL);
    cr_assert(not(elf.shared_object));
    cr_assert(not(elf.exports_driver));
    cr_assert(pt_elf_needs(&elf, "libc.so", NULL));
    pt_elf_release(&elf);
}

Test(elf, a_shared_object)
{
    struct pt_elf elf;
    const char *path = library_of((void *)cosh);
    cr_assert(eq(int, pt_elf_read(path, &elf), PT_ELF_OK));
    cr_assert(elf.shared_object);
    cr_assert(not(elf.symbolic));
    cr_assert(not(elf.exports_driver));
    pt_elf_release(&elf);
}

Test(elf, exports_are_found_and_imports_are_not)
{
    const char *path = library_of((void *)cosh);
    cr_assert(exports(path, "cosh"));
    cr_assert(exports(path, "sinh"));
    cr_assert(exports(path, "lround"));
    cr_assert(not(exports(path, "cosh_")));
    cr_assert(not(exports(path, "")));
    cr_assert(not(exports(path, "__cxa_finalize")));
    cr_assert(not(exports("/proc/self/exe", "cosh")));
}

/* A copy of a real file, and the places in it that steer the reading. */
#define WINDOW_BYTES 1024
#define WINDOWS      3
struct specimen {
    int fd;
    char path[64];
    uint8_t original[WINDOWS][WINDOW_BYTES];
    uint64_t places[WINDOWS]; /* file header and program headers, dynamic section, hash table */
};

static void copy_file(struct specimen *specimen, const char *from)
{
    uint8_t piece[65536];
    int input = open(from, O_RDONLY | O_CLOEXEC);
    snprintf(specimen->path, sizeof specimen->path, "/tmp/phasetap-elf-%d.so", (int)getpid());
    specimen->fd = open(specimen->path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    for (ssize_t got; (got = read(input, piece, sizeof piece)) > 0;) {
        cr_assert(eq(i64, write(specimen->fd, piece, (size_t)got), got));
    }
    close(input);
}

static void find_places(struct specimen *specimen)
{
    Elf64_Ehdr head;
    struct pt_elf_map map;
    cr_assert(pt_elf_read_at(specimen->fd, 0, &head, sizeof head));
    cr_assert(pt_elf_map_read(&map, specimen->fd, &head));
    specimen->places[0] = 0;
    specimen->places[1] = pt_elf_map_header(&map, PT_DYNAMIC)->p_offset;
    specimen->places[2] = pt_elf_map_offset(&map, pt_elf_map_dynamic(&map, DT_GNU_HASH, 0));
    pt_elf_map_release(&map);
    for (int i = 0; i < WINDOWS; i++) {
        cr_assert(
            pt_elf_read_at(specimen->fd, specimen->places[i], specimen->original[i], WINDOW_BYTES));
    }
}

static void damage(struct specimen *specimen, int window)
{
    uint8_t bytes[WINDOW_BYTES];
    memcpy(bytes, specimen->original[window], sizeof bytes);
    for (int i = 0; i < 1 + random() % 4; i++) {
        uint64_t value = (uint64_t)random() << (random() % 34);
        size_t from = window == 0 ? 32 : 0; /* an ELF file of this architecture it stays */
        memcpy(bytes + from + (size_t)random() % (sizeof bytes - from - sizeof value), &value,
               1 + random() % 8);
    }
    cr_assert(eq(i64, pwrite(specimen->fd, bytes, sizeof bytes, (off_t)specimen->places[window]),
                 WINDOW_BYTES));
}

/* AddressSanitizer watches. */
Test(elf, survives_damage)
{
    struct specimen specimen;
    struct pt_elf elf;
    int good = 0;
    copy_file(&specimen, library_of((void *)cosh));
    find_places(&specimen);
    srandom(5);
    for (int round = 0; round < 3000; round++) {
        int window = round % WINDOWS;
        damage(&specimen, window);
        good += pt_elf_read(specimen.path, &elf) == PT_ELF_OK && elf.needed_count > 0;
        pt_elf_release(&elf);
        exports(specimen.path, "cosh");
        cr_assert(eq(i64,
                     pwrite(specimen.fd, specimen.original[window], WINDOW_BYTES,
                            (off_t)specimen.places[window]),
                     WINDOW_BYTES));
    }
    cr_assert(gt(int, good, 1000)); /* the reading went on behind the damage */
    cr_assert(exports(specimen.path, "cosh"));
    close(specimen.fd);
    unlink(specimen.path);
}
