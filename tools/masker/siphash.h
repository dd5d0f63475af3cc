/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MASKER_SIPHASH_H
#define MASKER_SIPHASH_H

/*
 * SipHash-2-4: a keyed 64-bit hash for short inputs, some ten times faster than HMAC-SHA-256.
 * Without the key its results cannot be predicted, which is what choosing a pseudonym needs; it is
 * too short to stand for the value itself.
 */

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint64_t k0; /* first 8 key bytes, little-endian */
    uint64_t k1;
} siphash_key;

/* Pure function; any thread. */
uint64_t siphash(const siphash_key *key, const void *data, size_t length_bytes);

#endif
