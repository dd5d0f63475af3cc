/* SPDX-License-Identifier: Apache-2.0
 *
 * Copying and clearing memory that goes from thread to thread inside phasetap: chunks of the ring,
 * states of threads, handles. The host may be built with ThreadSanitizer, or preload its run-time
 * library. That library replaces memcpy and memset, sees their accesses, but not our atomic
 * operations that order them, as this object is not instrumented; it then reports a race in the
 * host and changes its exit status. These functions call nothing, so they cannot be replaced.
 *
 * Any thread may call; they order nothing. The empty assembler statements keep the compiler from
 * making a call of memcpy or memset of the loops.
 */
#ifndef PHASETAP_PRELOAD_BASE_OWN_MEMORY_H
#define PHASETAP_PRELOAD_BASE_OWN_MEMORY_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* As memcpy; the areas must not overlap. */
static inline void pt_copy_own(void *to, const void *from, size_t bytes)
{
    uint8_t *out = to;
    const uint8_t *in = from;
    for (; bytes >= 8; bytes -= 8, in += 8, out += 8) {
        uint64_t word;
        memcpy(&word, in, sizeof word); /* of a constant size: a plain load and store */
        memcpy(out, &word, sizeof word);
        __asm__ volatile("");
    }
    for (; bytes > 0; bytes--) {
        *out++ = *in++;
        __asm__ volatile("");
    }
}

/* As memset to 0. */
static inline void pt_clear_own(void *area, size_t bytes)
{
    uint8_t *out = area;
    const uint64_t none = 0;
    for (; bytes >= 8; bytes -= 8, out += 8) {
        memcpy(out, &none, sizeof none);
        __asm__ volatile("");
    }
    for (; bytes > 0; bytes--) {
        *out++ = 0;
        __asm__ volatile("");
    }
}

#endif
