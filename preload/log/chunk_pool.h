/* SPDX-License-Identifier: Apache-2.0 */
/*
 * chunk_pool.h: which chunk of the ring belongs to whom.
 *
 *     FREE --pt_chunk_take, by a thread--> OWNED --pt_chunk_finish, same thread--> FULL
 *      ^--------------------- pt_chunk_release, once it is in the log ---------------/
 *
 * A chunk gets the next sequence number when it is taken. A thread finishes its chunk before it
 * takes another one, so the events of one thread are in order when chunks are read in the order of
 * their sequence numbers.
 *
 * Take and finish: any thread, lock-free, no system call. Release: only the thread that holds the
 * flush lock (flush.h).
 */
#ifndef PT_CHUNK_POOL_H
#define PT_CHUNK_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "log/ring.h"

#define PT_NO_CHUNK UINT32_MAX

/* All usable chunks are free. After pt_ring_create. */
void pt_chunk_pool_reset(void);

/* A chunk for documents of `bytes` or less, empty; PT_NO_CHUNK: none is free. `large`: the thread
 * has filled a chunk before, so a large one serves it better when there are some. */
uint32_t pt_chunk_take(uint32_t bytes, bool large);

/* The owner will not write into the chunk again. */
void pt_chunk_finish(uint32_t chunk);

/* Everything in it is in the log. */
void pt_chunk_release(uint32_t chunk);

/* True when free chunks get few: the log must be written soon. */
bool pt_chunk_pool_is_low(void);

/* Makes more chunks usable when few are free. Any thread: system calls, but only a few times in the
 * life of a process. False: none became usable, or another thread is at it. */
bool pt_chunk_pool_grow(void);

/* True while not all chunks are usable. */
bool pt_chunk_pool_may_grow(void);

#endif
