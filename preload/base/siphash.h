/* SPDX-License-Identifier: Apache-2.0 */
/*
 * siphash.h: SipHash-2-4, a keyed hash of 64 bits (Aumasson and Bernstein, "SipHash: a fast
 * short-input PRF", 2012).
 *
 * Without the key, the hash of a text can neither be computed nor told from a random number, so
 * nobody can try texts until one has the hash. Two of n texts share a hash with a probability of
 * about n * n / 2^65: 3 in 10^8 for a million. No state, no allocation; any layer, any thread.
 */
#ifndef PT_SIPHASH_H
#define PT_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

#define PT_SIPHASH_KEY_BYTES 16

uint64_t pt_siphash(const uint8_t key[PT_SIPHASH_KEY_BYTES], const void *data, size_t bytes);

#endif
