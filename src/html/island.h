/* SPDX-License-Identifier: Apache-2.0 */
/*
 * island.h: a stream for JSON inside an HTML page. In JSON `<`, `>` and `&` occur only within
 * texts, where \u003c means the same: the stream writes them so, whatever the JSON holds, and no
 * text can end the script element or begin a comment. The writer (text/json_out.h) has already
 * written everything that is not printable ASCII as \uXXXX. One thread.
 */
#ifndef PHASETAP_ISLAND_H
#define PHASETAP_ISLAND_H

#include <stdio.h>

/* Close it with fclose(), which leaves `to` open; a failure to write is one of `to`. NULL: out of
 * memory. */
FILE *pt_island_open(FILE *to);

#endif
