/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MASKER_SHA256_H
#define MASKER_SHA256_H

/*
 * SHA-256 (FIPS 180-4) and a keyed hash on top of it (HMAC, RFC 2104).
 *
 * A keyed_hash holds the two prepared states of its key, so one digest of a short value costs two
 * compressions of 64 bytes and no allocation. Both structures are plain values: copy them freely,
 * nothing has to be released. A prepared keyed_hash is read-only and may be used by any number of
 * threads.
 */

#include <stddef.h>
#include <stdint.h>

#define SHA256_DIGEST_BYTES 32
#define SHA256_BLOCK_BYTES  64

typedef struct {
    uint32_t h[8];                     /* chaining value */
    uint64_t total_bytes;              /* bytes fed so far */
    uint8_t block[SHA256_BLOCK_BYTES]; /* the unfinished block: total_bytes % 64 bytes of it are in
                                          use */
} sha256_state;

void sha256_init(sha256_state *state);
void sha256_update(sha256_state *state, const void *data, size_t length_bytes);
/* Finishes the hash; `state` must be initialised again before further use. */
void sha256_final(sha256_state *state, uint8_t digest[SHA256_DIGEST_BYTES]);

typedef struct {
    sha256_state inner; /* after the key XOR 0x36 block */
    sha256_state outer; /* after the key XOR 0x5c block */
} keyed_hash;

void keyed_hash_init(keyed_hash *hash, const void *key, size_t key_bytes);
void keyed_hash_digest(const keyed_hash *hash, const void *data, size_t length_bytes,
                       uint8_t digest[SHA256_DIGEST_BYTES]);

#endif
