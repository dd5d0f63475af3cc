/* SPDX-License-Identifier: Apache-2.0 */
#include "check/elf_symbol.h"

#include <string.h>
#include <unistd.h>

/* A chain that is longer than this is no chain. */
#define CHAIN_HIGHEST 4096
#define NAME_BYTES    128

/* Offsets in the file of the parts of the hash table. */
struct hash_table {
    uint32_t bucket_count, first;
    uint64_t buckets, chains;
    uint64_t symbols, strings;
};

static uint32_t hash_of(const char *name)
{
    uint32_t hash = 5381;
    for (; *name != '\0'; name++) {
        hash = hash * 33 + (uint8_t)*name;
    }
    return hash;
}

static uint64_t place_of(const struct pt_elf_map *map, int64_t tag)
{
    return pt_elf_map_offset(map, pt_elf_map_dynamic(map, tag, UINT64_MAX));
}

static bool find_table(const struct pt_elf_map *map, struct hash_table *table)
{
    uint32_t head[4]; /* buckets, first symbol, words of the filter, its shift */
    uint64_t at = place_of(map, DT_GNU_HASH);
    table->symbols = place_of(map, DT_SYMTAB);
    table->strings = place_of(map, DT_STRTAB);
    if (at == PT_ELF_NOWHERE || table->symbols == PT_ELF_NOWHERE ||
        table->strings == PT_ELF_NOWHERE || !pt_elf_read_at(map->fd, at, head, sizeof head) ||
        head[0] == 0) {
        return false;
    }
    table->bucket_count = head[0];
    table->first = head[1];
    table->buckets = at + sizeof head + head[2] * sizeof(uint64_t);
    table->chains = table->buckets + table->bucket_count * sizeof(uint32_t);
    return true;
}

static bool has_name(const struct pt_elf_map *map, uint64_t offset, const char *name)
{
    char text[NAME_BYTES];
    size_t bytes = strlen(name) + 1;
    return bytes <= sizeof text && pt_elf_read_at(map->fd, offset, text, bytes) &&
           memcmp(text, name, bytes) == 0;
}

static bool is_defined(const struct pt_elf_map *map, const struct hash_table *table, uint32_t index,
                       const char *name)
{
    Elf64_Sym symbol;
    return pt_elf_read_at(map->fd, table->symbols + (uint64_t)index * sizeof symbol, &symbol,
                          sizeof symbol) &&
           symbol.st_shndx != SHN_UNDEF && has_name(map, table->strings + symbol.st_name, name);
}

bool pt_elf_map_exports(const struct pt_elf_map *map, const char *name)
{
    struct hash_table table;
    uint32_t hash = hash_of(name);
    uint32_t index = 0;
    if (!find_table(map, &table) ||
        !pt_elf_read_at(map->fd, table.buckets + (hash % table.bucket_count) * sizeof index, &index,
                        sizeof index) ||
        index < table.first) {
        return false;
    }
    for (uint32_t step = 0; step < CHAIN_HIGHEST; step++) {
        uint32_t here;
        uint64_t at = table.chains + (uint64_t)(index - table.first + step) * sizeof here;
        if (!pt_elf_read_at(map->fd, at, &here, sizeof here)) {
            return false;
        }
        if ((here | 1) == (hash | 1) && is_defined(map, &table, index + step, name)) {
            return true;
        }
        if ((here & 1) != 0) {
            return false;
        }
    }
    return false;
}
