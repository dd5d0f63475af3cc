/* SPDX-License-Identifier: Apache-2.0 */
/*
 * elf_map.h: where things lie in an ELF file of this tool's architecture. The file is untrusted:
 * every offset is checked by the read that uses it. For elf_file.c and elf_symbol.c.
 */
#ifndef PHASETAP_ELF_MAP_H
#define PHASETAP_ELF_MAP_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PT_ELF_HEADERS_HIGHEST 256
#define PT_ELF_DYNAMIC_HIGHEST 4096
#define PT_ELF_NOWHERE         UINT64_MAX

struct pt_elf_map {
    int fd; /* the caller's */
    Elf64_Phdr headers[PT_ELF_HEADERS_HIGHEST];
    size_t header_count;
    Elf64_Dyn *dynamic; /* without the last entry, DT_NULL; owned */
    size_t dynamic_count;
};

/* Reads the program headers and the dynamic section. False when the headers cannot be read. */
bool pt_elf_map_read(struct pt_elf_map *map, int fd, const Elf64_Ehdr *head);
void pt_elf_map_release(struct pt_elf_map *map);

/* NULL when there is none of that type. */
const Elf64_Phdr *pt_elf_map_header(const struct pt_elf_map *map, uint32_t type);
/* File offset of a virtual address, PT_ELF_NOWHERE when no segment holds it. */
uint64_t pt_elf_map_offset(const struct pt_elf_map *map, uint64_t address);
/* Value of a dynamic entry, `otherwise` when there is none. */
uint64_t pt_elf_map_dynamic(const struct pt_elf_map *map, int64_t tag, uint64_t otherwise);

/* True when all the bytes were there. */
bool pt_elf_read_at(int fd, uint64_t offset, void *to, size_t bytes);

#endif
