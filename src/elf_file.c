/* SPDX-License-Identifier: Apache-2.0 */
#include "elf_file.h"

#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEXT_BYTES 4096
#define HEADERS_HIGHEST 256
#define DYNAMIC_HIGHEST 4096
#define SEARCH_BYTES (1024u * 1024u)

#if defined(__x86_64__)
#define OWN_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define OWN_MACHINE EM_AARCH64
#else
#define OWN_MACHINE EM_NONE
#endif

struct file {
    int fd;
    Elf64_Phdr headers[HEADERS_HIGHEST];
    size_t count;
};

static bool read_at(int fd, uint64_t offset, void *to, size_t bytes)
{
    return offset <= INT64_MAX && pread(fd, to, bytes, (off_t)offset) == (ssize_t)bytes;
}

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

static const Elf64_Phdr *find_header(const struct file *file, uint32_t type)
{
    for (size_t i = 0; i < file->count; i++) {
        if (file->headers[i].p_type == type) {
            return &file->headers[i];
        }
    }
    return NULL;
}

/* File offset of a virtual address, UINT64_MAX when no segment holds it. */
static uint64_t offset_of(const struct file *file, uint64_t address)
{
    for (size_t i = 0; i < file->count; i++) {
        const Elf64_Phdr *header = &file->headers[i];
        if (header->p_type == PT_LOAD && address >= header->p_vaddr && address - header->p_vaddr < header->p_filesz) {
            return header->p_offset + (address - header->p_vaddr);
        }
    }
    return UINT64_MAX;
}

static uint64_t find_strings(const struct file *file, const Elf64_Dyn *entries, size_t count)
{
    for (size_t i = 0; i < count && entries[i].d_tag != DT_NULL; i++) {
        if (entries[i].d_tag == DT_STRTAB) {
            return offset_of(file, entries[i].d_un.d_ptr);
        }
    }
    return UINT64_MAX;
}

static void add_needed(struct pt_elf *elf, const struct file *file, const Elf64_Dyn *entries, size_t count)
{
    uint64_t strings = find_strings(file, entries, count);
    for (size_t i = 0; i < count && entries[i].d_tag != DT_NULL; i++) {
        if (entries[i].d_tag != DT_NEEDED || strings == UINT64_MAX || elf->needed_count == PT_ELF_NEEDED_HIGHEST) {
            continue;
        }
        char *name = read_text(file->fd, strings + entries[i].d_un.d_val);
        if (name != NULL) {
            elf->needed[elf->needed_count++] = name;
        }
    }
}

static void read_needed(struct pt_elf *elf, const struct file *file)
{
    const Elf64_Phdr *header = find_header(file, PT_DYNAMIC);
    size_t count = header != NULL ? header->p_filesz / sizeof(Elf64_Dyn) : 0;
    count = count < DYNAMIC_HIGHEST ? count : DYNAMIC_HIGHEST;
    Elf64_Dyn *entries = count > 0 ? malloc(count * sizeof *entries) : NULL;
    if (entries != NULL && read_at(file->fd, header->p_offset, entries, count * sizeof *entries)) {
        add_needed(elf, file, entries, count);
    }
    free(entries);
}

static enum pt_elf_result read_headers(struct pt_elf *elf, struct file *file)
{
    Elf64_Ehdr head;
    if (!read_at(file->fd, 0, &head, sizeof head) || memcmp(head.e_ident, ELFMAG, SELFMAG) != 0) {
        return PT_ELF_NOT_ELF;
    }
    elf->machine = head.e_machine;
    elf->is_64_bit = head.e_ident[EI_CLASS] == ELFCLASS64;
    elf->same_architecture = elf->is_64_bit && head.e_ident[EI_DATA] == ELFDATA2LSB && head.e_machine == OWN_MACHINE;
    if (!elf->same_architecture) {
        return PT_ELF_OK;
    }
    file->count = head.e_phnum < HEADERS_HIGHEST ? head.e_phnum : HEADERS_HIGHEST;
    if (head.e_phentsize != sizeof(Elf64_Phdr) ||
        !read_at(file->fd, head.e_phoff, file->headers, file->count * sizeof(Elf64_Phdr))) {
        return PT_ELF_NOT_ELF;
    }
    const Elf64_Phdr *interpreter = find_header(file, PT_INTERP);
    if (interpreter != NULL) {
        elf->interpreter = read_text(file->fd, interpreter->p_offset);
    }
    read_needed(elf, file);
    return PT_ELF_OK;
}

enum pt_elf_result pt_elf_read(const char *path, struct pt_elf *ret_elf)
{
    struct file file = {.fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
    memset(ret_elf, 0, sizeof *ret_elf);
    if (file.fd < 0) {
        return PT_ELF_UNREADABLE;
    }
    enum pt_elf_result result = read_headers(ret_elf, &file);
    close(file.fd);
    return result;
}

void pt_elf_release(struct pt_elf *elf)
{
    free(elf->interpreter);
    for (size_t i = 0; i < elf->needed_count; i++) {
        free(elf->needed[i]);
    }
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
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    char *piece = malloc(SEARCH_BYTES);
    bool found = fd >= 0 && piece != NULL && search(fd, piece, text, strlen(text));
    free(piece);
    if (fd >= 0) {
        close(fd);
    }
    return found;
}
