/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vdso_clock.h: the kernel's own clock_gettime, which it maps into each process (vdso(7)).
 *
 * Reads of the clock go there, past libc's symbol, which other preloaded objects replace.
 * libfaketime does, under a mutex: the child of a fork at the moment when our writer thread holds
 * it would wait for that mutex for ever. And a profile holds the time that passed, not the time
 * that such an object tells the program.
 */
#ifndef PT_VDSO_CLOCK_H
#define PT_VDSO_CLOCK_H

#include "base/clock.h"

/* NULL: the kernel or an emulator maps none, or none with a GNU hash table. Any thread. */
pt_clock_function *pt_vdso_clock(void);

#endif
