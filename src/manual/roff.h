/* SPDX-License-Identifier: Apache-2.0 */
/* roff.h: plain text in a manual page (man(7)). No state; any thread. */
#ifndef PHASETAP_ROFF_H
#define PHASETAP_ROFF_H

#include <stdio.h>

/* `length` characters within a line, dashes as what a reader may copy to a command line. */
void pt_roff_put(FILE *out, const char *text, size_t length);
/* A whole text within a line. */
void pt_roff_text(FILE *out, const char *text);
/* Lines: those that are indented by two as they are, the others as paragraphs; an empty line begins
 * a new one. */
void pt_roff_lines(FILE *out, const char *text, size_t length);

#endif
