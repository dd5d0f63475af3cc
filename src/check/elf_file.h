/* SPDX-License-Identifier: Apache-2.0 */
/*
 * elf_file.h: the few facts of an ELF file that decide whether a preloaded object can work in it.
 * The file is untrusted: every offset is checked by the read that uses it. Owns its texts; release
 * with pt_elf_release().
 */
#ifndef PHASETAP_ELF_FILE_H
#define PHASETAP_ELF_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PT_ELF_NEEDED_HIGHEST 256
#define PT_ELF_AUDITS_HIGHEST 4

struct pt_elf {
    bool same_architecture; /* as this tool; only then the rest is filled */
    uint16_t machine;
    bool is_64_bit;
    char *interpreter; /* the dynamic loader; NULL: the program is static, or it is a library */
    char *needed[PT_ELF_NEEDED_HIGHEST]; /* sonames of DT_NEEDED */
    size_t needed_count;
    char *audits[PT_ELF_AUDITS_HIGHEST]; /* lists of DT_AUDIT and DT_DEPAUDIT, with colons */
    size_t audit_count;
    char *soname, *rpath, *runpath; /* NULL: none */
    bool no_default_folders;        /* DF_1_NODEFLIB: the loader ignores its cache and folders */
    bool shared_object;             /* no program: something that a program loads */
    bool symbolic; /* linked with -Bsymbolic: calls between its own functions cannot be seen */
    bool exports_driver; /* has PT_DRIVER_MARK among its dynamic symbols */
};

enum pt_elf_result { PT_ELF_OK, PT_ELF_NOT_ELF, PT_ELF_UNREADABLE };

/* Opens regular files only: opening a device may have effects. PT_ELF_UNREADABLE leaves the cause
 * in errno. `*ret_elf` is to be released whatever comes out. */
enum pt_elf_result pt_elf_read(const char *path, struct pt_elf *ret_elf);
void pt_elf_release(struct pt_elf *elf);

/* True when DT_NEEDED has a name that begins so; `*ret_name` (may be NULL) points into `elf`. */
bool pt_elf_needs(const struct pt_elf *elf, const char *prefix, const char **ret_name);

/* True when the bytes of `text` stand anywhere in the file. */
bool pt_file_holds(const char *path, const char *text);

#endif
