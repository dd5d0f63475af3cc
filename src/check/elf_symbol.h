/* SPDX-License-Identifier: Apache-2.0 */
/* elf_symbol.h: whether an ELF file exports a function, told from its dynamic symbols by their hash
 * table. */
#ifndef PHASETAP_ELF_SYMBOL_H
#define PHASETAP_ELF_SYMBOL_H

#include "check/elf_map.h"

/* False also for files without a GNU hash table, which linkers have not left out for many years. */
bool pt_elf_map_exports(const struct pt_elf_map *map, const char *name);

#endif
