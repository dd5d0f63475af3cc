/* SPDX-License-Identifier: Apache-2.0 */
/*
 * frames.h: names that occur often, each kept once and known by its number, in order of first use.
 * Hash table with open addressing; the hash needs no secret, since the number of names is limited
 * by the caller's limit of events.
 *
 * Zero bytes are an empty table. Release with pt_frames_release(). One thread.
 */
#ifndef PHASETAP_FRAMES_H
#define PHASETAP_FRAMES_H

#include <stddef.h>
#include <stdint.h>

struct pt_frames {
    char **texts; /* by number */
    size_t count, room;
    uint32_t *slots; /* number + 1; 0: free */
    size_t slot_count;
};

/* The number of that name, -1 when memory ran out. NULL is the empty name. */
int32_t pt_frame(struct pt_frames *frames, const char *text);
void pt_frames_release(struct pt_frames *frames);

#endif
