/* SPDX-License-Identifier: Apache-2.0 */
/* completion_shells.h: the script of each shell (completion.h), one file each. Main thread. */
#ifndef PHASETAP_COMPLETION_SHELLS_H
#define PHASETAP_COMPLETION_SHELLS_H

#include <stdio.h>

/* Separated by '|'. */
#define PT_COMPLETION_SHELLS "bash|zsh|fish"

void pt_completion_bash(FILE *out);
void pt_completion_zsh(FILE *out);
void pt_completion_fish(FILE *out);

#endif
