/* SPDX-License-Identifier: Apache-2.0 */
/* manifest.h: the first and the last documents of a log. */
#ifndef PT_MANIFEST_H
#define PT_MANIFEST_H

#include <stddef.h>
#include <stdint.h>

struct pt_thread;

/* Base name of the running executable; "program" when it cannot be told. Never argv, which hosts rewrite and users fill with passwords. */
void pt_program_name(char *out, size_t size_bytes);

void pt_manifest_write(struct pt_thread *t);
/* Notes version and soname of the driver, once in each log: at the first call into it. */
void pt_driver_note(struct pt_thread *t);
void pt_end_write(struct pt_thread *t);

#endif
