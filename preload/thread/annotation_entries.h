/* SPDX-License-Identifier: Apache-2.0 */
/*
 * annotation_entries.h: the last PT_ENTRIES_KEPT completed entries of annotated phases, for a
 * program that enumerates them inside the process. The log has all, with their metadata.
 *
 * Of the process; any thread; no lock. A ring of fixed size whose pages exist once they are used.
 * A reader skips an entry that is being written.
 */
#ifndef PT_ANNOTATION_ENTRIES_H
#define PT_ANNOTATION_ENTRIES_H

#include <stddef.h>
#include <stdint.h>

#define PT_ENTRIES_KEPT 4096u /* said in phasetap/phasetap.h */

struct pt_annotation_entry {
    int64_t start_ns, duration_ns; /* of CLOCK_MONOTONIC */
    int32_t phase;
    int32_t thread;
};

typedef void (*pt_annotation_entry_visitor)(void *context, const struct pt_annotation_entry *entry);

void pt_annotation_entries_add(const struct pt_annotation_entry *entry);
/* In the order in which they were added. Returns their number. */
size_t pt_annotation_entries_each(int32_t phase, pt_annotation_entry_visitor visit, void *context);
/* Forgets all. */
void pt_annotation_entries_reset(void);

#endif
