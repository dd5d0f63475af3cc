/* SPDX-License-Identifier: Apache-2.0 */
#include "check/elf_map.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool pt_elf_read_at(int fd, uint64_t offset, void *to, size_t bytes)
{
    return offset <= INT64_MAX && pread(fd, to, bytes, (off_t)offset) == (ssize_t)bytes;
}

const Elf64_Phdr *pt_elf_map_header(const struct pt_elf_map *map, uint32_t type)
{
    for (size_t i = 0; i < map->header_count; i++) {
        if (map->headers[i].p_type == type) {
            return &map->headers[i];
        }
    }
    return NULL;
}

uint64_t pt_elf_map_offset(const struct pt_elf_map *map, uint64_t address)
{
    for (size_t i = 0; i < map->header_count; i++) {
        const Elf64_Phdr *header = &map->headers[i];
        if (header->p_type == PT_LOAD && address >= header->p_vaddr &&
            address - header->p_vaddr < header->p_filesz) {
            return header->p_offset + (address - header->p_vaddr);
        }
    }
    return PT_ELF_NOWHERE;
}

uint64_t pt_elf_map_dynamic(const struct pt_elf_map *map, int64_t tag, uint64_t otherwise)
{
    for (size_t i = 0; i < map->dynamic_count; i++) {
        if (map->dynamic[i].d_tag == tag) {
            return map->dynamic[i].d_un.d_val;
        }
    }
    return otherwise;
}

static void read_dynamic(struct pt_elf_map *map)
{
    const Elf64_Phdr *header = pt_elf_map_header(map, PT_DYNAMIC);
    size_t count = header != NULL ? header->p_filesz / sizeof(Elf64_Dyn) : 0;
    count = count < PT_ELF_DYNAMIC_HIGHEST ? count : PT_ELF_DYNAMIC_HIGHEST;
    size_t bytes = count * sizeof *map->dynamic;
    map->dynamic = count > 0 ? malloc(bytes) : NULL;
    if (map->dynamic == NULL || !pt_elf_read_at(map->fd, header->p_offset, map->dynamic, bytes)) {
        return;
    }
    while (map->dynamic_count < count && map->dynamic[map->dynamic_count].d_tag != DT_NULL) {
        map->dynamic_count++;
    }
}

bool pt_elf_map_read(struct pt_elf_map *map, int fd, const Elf64_Ehdr *head)
{
    size_t count = head->e_phnum < PT_ELF_HEADERS_HIGHEST ? head->e_phnum : PT_ELF_HEADERS_HIGHEST;
    memset(map, 0, sizeof *map);
    map->fd = fd;
    if (head->e_phentsize != sizeof(Elf64_Phdr) ||
        !pt_elf_read_at(fd, head->e_phoff, map->headers, count * sizeof(Elf64_Phdr))) {
        return false;
    }
    map->header_count = count;
    read_dynamic(map);
    return true;
}

void pt_elf_map_release(struct pt_elf_map *map)
{
    free(map->dynamic);
    map->dynamic = NULL;
    map->dynamic_count = 0;
}
