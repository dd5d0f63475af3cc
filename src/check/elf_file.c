/* SPDX-License-Identifier: Apache-2.0 */
#include "check/elf_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check/elf_symbol.h"
#include "phasetap/driver_mark.h"

#define TEXT_BYTES   4096
#define SEARCH_BYTES (1024u * 1024u)

#if defined(__x86_64__)
#define OWN_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define OWN_MACHINE EM_AARCH64
#else
#define OWN_MACHINE EM_NONE
#endif

/* A text that ends within TEXT_BYTES; NULL when it does not. */
static char *read_text(int fd, uint64_t offset)
{
    char text[TEXT_BYTES];
    ssize_t got = offset <= INT64_MAX ? pread(fd, text, sizeof text, (off_t)offset) : -1;
    if (got <= 0 || memchr(text, 0, (size_t)got) == NULL) {
        return NULL;
    }
    return strdup(text);
}

/* The texts of all dynamic entries of one tag, at most `room` of them. */
static void read_texts(const struct pt_elf_map *map, int64_t tag, char **texts, size_t *count,
                       size_t room)
{
    uint64_t strings = pt_elf_map_offset(map, pt_elf_map_dynamic(map, DT_STRTAB, UINT64_MAX));
    for (size_t i = 0; i < map->dynamic_count && strings != PT_ELF_NOWHERE; i++) {
        if (map->dynamic[i].d_tag != tag || *count == room) {
            continue;
        }
        char *text = read_text(map->fd, strings + map->dynamic[i].d_un.d_val);
        if (text != NULL) {
            texts[(*count)++] = text;
        }
    }
}

static char *read_one(const struct pt_elf_map *map, int64_t tag)
{
    char *text = NULL;
    size_t count = 0;
    read_texts(map, tag, &text, &count, 1);
    return text;
}

/* What decides which files the loader takes for the names that are needed. */
static void read_search(struct pt_elf *elf, const struct pt_elf_map *map)
{
    elf->soname = read_one(map, DT_SONAME);
    elf->rpath = read_one(map, DT_RPATH);
    elf->runpath = read_one(map, DT_RUNPATH);
    elf->no_default_folders = (pt_elf_map_dynamic(map, DT_FLAGS_1, 0) & DF_1_NODEFLIB) != 0;
    read_texts(map, DT_NEEDED, elf->needed, &elf->needed_count, PT_ELF_NEEDED_HIGHEST);
    read_texts(map, DT_AUDIT, elf->audits, &elf->audit_count, PT_ELF_AUDITS_HIGHEST);
    read_texts(map, DT_DEPAUDIT, elf->audits, &elf->audit_count, PT_ELF_AUDITS_HIGHEST);
}

/* A program without a loader has the mark of programs, a shared object has not. */
static void read_facts(struct pt_elf *elf, const struct pt_elf_map *map, uint16_t type)
{
    const Elf64_Phdr *interpreter = pt_elf_map_header(map, PT_INTERP);
    uint64_t flags = pt_elf_map_dynamic(map, DT_FLAGS, 0);
    if (interpreter != NULL) {
        elf->interpreter = read_text(map->fd, interpreter->p_offset);
    }
    elf->shared_object = type == ET_DYN && interpreter == NULL && map->dynamic_count > 0 &&
                         (pt_elf_map_dynamic(map, DT_FLAGS_1, 0) & DF_1_PIE) == 0;
    elf->symbolic = (flags & DF_SYMBOLIC) != 0 ||
                    pt_elf_map_dynamic(map, DT_SYMBOLIC, UINT64_MAX) != UINT64_MAX;
    elf->exports_driver = pt_elf_map_exports(map, PT_DRIVER_MARK);
    read_search(elf, map);
}

static enum pt_elf_result read_headers(struct pt_elf *elf, int fd)
{
    Elf64_Ehdr head;
    struct pt_elf_map map;
    if (!pt_elf_read_at(fd, 0, &head, sizeof head) || memcmp(head.e_ident, ELFMAG, SELFMAG) != 0) {
        return PT_ELF_NOT_ELF;
    }
    elf->machine = head.e_machine;
    elf->is_64_bit = head.e_ident[EI_CLASS] == ELFCLASS64;
    elf->same_architecture =
        elf->is_64_bit && head.e_ident[EI_DATA] == ELFDATA2LSB && head.e_machine == OWN_MACHINE;
    if (!elf->same_architecture) {
        return PT_ELF_OK;
    }
    bool good = pt_elf_map_read(&map, fd, &head);
    if (good) {
        read_facts(elf, &map, head.e_type);
    }
    pt_elf_map_release(&map);
    return good ? PT_ELF_OK : PT_ELF_NOT_ELF;
}

/* -1 for what is no regular file, before it is opened; a race with whoever replaces it ends at the
 * second look. */
static int open_regular(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        return -1;
    }
    if (!S_ISREG(status.st_mode)) {
        errno = EINVAL;
        return -1;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd >= 0 && (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))) {
        close(fd);
        errno = EINVAL;
        return -1;
    }
    return fd;
}

enum pt_elf_result pt_elf_read(const char *path, struct pt_elf *ret_elf)
{
    memset(ret_elf, 0, sizeof *ret_elf);
    int fd = open_regular(path);
    if (fd < 0) {
        return PT_ELF_UNREADABLE;
    }
    enum pt_elf_result result = read_headers(ret_elf, fd);
    close(fd);
    return result;
}

static void free_texts(char **texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(texts[i]);
    }
}

void pt_elf_release(struct pt_elf *elf)
{
    free(elf->interpreter);
    free(elf->soname);
    free(elf->rpath);
    free(elf->runpath);
    free_texts(elf->needed, elf->needed_count);
    free_texts(elf->audits, elf->audit_count);
    memset(elf, 0, sizeof *elf);
}

bool pt_elf_needs(const struct pt_elf *elf, const char *prefix, const char **ret_name)
{
    for (size_t i = 0; i < elf->needed_count; i++) {
        if (strncmp(elf->needed[i], prefix, strlen(prefix)) == 0) {
            if (ret_name != NULL) {
                *ret_name = elf->needed[i];
            }
            return true;
        }
    }
    return false;
}

/* Pieces overlap by the text's length, so that it is found across their border. */
static bool search(int fd, char *piece, const char *text, size_t length)
{
    size_t kept = 0;
    for (;;) {
        ssize_t got = read(fd, piece + kept, SEARCH_BYTES - kept);
        if (got <= 0) {
            return false;
        }
        size_t filled = kept + (size_t)got;
        if (memmem(piece, filled, text, length) != NULL) {
            return true;
        }
        kept = filled < length ? filled : length - 1;
        memmove(piece, piece + filled - kept, kept);
    }
}

bool pt_file_holds(const char *path, const char *text)
{
    int fd = open_regular(path);
    char *piece = malloc(SEARCH_BYTES);
    bool found = fd >= 0 && piece != NULL && search(fd, piece, text, strlen(text));
    free(piece);
    if (fd >= 0) {
        close(fd);
    }
    return found;
}
