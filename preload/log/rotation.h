/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rotation.h: when the log goes on in another file. (docs/FORMAT.md, "Parts")
 *
 * A log is one file until it is rotated. Each file is a part with a number of its own, 1, 2, ...,
 * and begins with manifest and names, so that it can be read alone. A new part begins
 *   - when this one has the size of PHASETAP_ROTATE: it gets its number into its name, and the
 *     oldest one is removed;
 *   - when the log's name leads to no file any more (logrotate), or to an empty file of ours;
 *   - when somebody truncated the file (copytruncate), in the same file.
 *
 * Killed at any instruction, the ring says which part its events follow: the part and its length
 * change with the ring's generation, in one store. Before that store a new part holds no event.
 *
 * Only the holder of the flush lock comes here, but for pt_parts_begin. No allocation.
 */
#ifndef PT_ROTATION_H
#define PT_ROTATION_H

#include <stdbool.h>
#include <stdint.h>

enum pt_part_turn { PT_PART_STAYS, PT_PART_NEW, PT_PART_CUT };

/* The first part begins. `rotation`: value of PHASETAP_ROTATE. `changed` is called when another one
 * has begun, under the flush lock; NULL: nobody is. On the thread that starts the recording. */
void pt_parts_begin(int64_t rotation, void (*changed)(void));

/* Before an append of `bytes`: begins another part if one is due. *fd is the log's descriptor, and
 * afterwards that of its newest part; -1: it could not be opened. CUT: what the part before held is
 * lost. */
enum pt_part_turn pt_parts_turn(int *fd, uint64_t bytes);

/* The number of the part that is written. */
uint32_t pt_parts_current(void);

/* In the child of a fork. */
void pt_parts_forget(void);

#endif
