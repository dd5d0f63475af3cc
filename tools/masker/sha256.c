/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 after FIPS 180-4, HMAC after RFC 2104. Checked against published vectors by
 * tests/unit/test_masker.c. */
#include "sha256.h"

#include <string.h>

static const uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static inline uint32_t rotate_right(uint32_t value, unsigned count)
{
    return (value >> count) | (value << (32 - count));
}

static inline uint32_t load_big_endian(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
           (uint32_t)bytes[3];
}

static inline void store_big_endian(uint8_t *bytes, uint32_t value)
{
    bytes[0] = (uint8_t)(value >> 24);
    bytes[1] = (uint8_t)(value >> 16);
    bytes[2] = (uint8_t)(value >> 8);
    bytes[3] = (uint8_t)value;
}

static void expand_schedule(uint32_t schedule[64], const uint8_t *block)
{
    for (int i = 0; i < 16; i++) {
        schedule[i] = load_big_endian(block + 4 * i);
    }
    for (int i = 16; i < 64; i++) {
        const uint32_t a = schedule[i - 15];
        const uint32_t b = schedule[i - 2];
        const uint32_t small0 = rotate_right(a, 7) ^ rotate_right(a, 18) ^ (a >> 3);
        const uint32_t small1 = rotate_right(b, 17) ^ rotate_right(b, 19) ^ (b >> 10);
        schedule[i] = schedule[i - 16] + small0 + schedule[i - 7] + small1;
    }
}

/*
 * The eight working variables stand in a window that slides down one place per round instead of
 * being moved: variable j of round i is w[64 - i + j].
 */
static void compress(uint32_t h[8], const uint8_t *block)
{
    uint32_t schedule[64];
    uint32_t w[72];
    expand_schedule(schedule, block);
    memcpy(w + 64, h, 8 * sizeof w[0]);
    for (int i = 0; i < 64; i++) {
        uint32_t *v = w + 64 - i;
        const uint32_t big1 =
            rotate_right(v[4], 6) ^ rotate_right(v[4], 11) ^ rotate_right(v[4], 25);
        const uint32_t choose = (v[4] & v[5]) ^ (~v[4] & v[6]);
        const uint32_t first = v[7] + big1 + choose + round_constants[i] + schedule[i];
        const uint32_t big0 =
            rotate_right(v[0], 2) ^ rotate_right(v[0], 13) ^ rotate_right(v[0], 22);
        const uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
        v[3] += first;
        v[-1] = first + big0 + majority;
    }
    for (int i = 0; i < 8; i++) {
        h[i] += w[i];
    }
}

void sha256_init(sha256_state *state)
{
    static const uint32_t initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memcpy(state->h, initial, sizeof initial);
    state->total_bytes = 0;
}

void sha256_update(sha256_state *state, const void *data, size_t length_bytes)
{
    const uint8_t *bytes = data;
    while (length_bytes > 0) {
        const size_t used = (size_t)(state->total_bytes % SHA256_BLOCK_BYTES);
        const size_t space = SHA256_BLOCK_BYTES - used;
        const size_t part = length_bytes < space ? length_bytes : space;
        memcpy(state->block + used, bytes, part);
        state->total_bytes += part;
        bytes += part;
        length_bytes -= part;
        if (part == space) {
            compress(state->h, state->block);
        }
    }
}

void sha256_final(sha256_state *state, uint8_t digest[SHA256_DIGEST_BYTES])
{
    const uint64_t total_bits = state->total_bytes * 8;
    const size_t used = (size_t)(state->total_bytes % SHA256_BLOCK_BYTES);
    const size_t zeros = used < 56 ? 55 - used : 119 - used;
    uint8_t padding[SHA256_BLOCK_BYTES * 2] = {0x80};
    store_big_endian(padding + 1 + zeros, (uint32_t)(total_bits >> 32));
    store_big_endian(padding + 5 + zeros, (uint32_t)total_bits);
    sha256_update(state, padding, zeros + 9);
    for (int i = 0; i < 8; i++) {
        store_big_endian(digest + 4 * i, state->h[i]);
    }
}

static void prepare(sha256_state *state, const uint8_t key[SHA256_BLOCK_BYTES], uint8_t pattern)
{
    uint8_t block[SHA256_BLOCK_BYTES];
    for (size_t i = 0; i < sizeof block; i++) {
        block[i] = key[i] ^ pattern;
    }
    sha256_init(state);
    sha256_update(state, block, sizeof block);
}

void keyed_hash_init(keyed_hash *hash, const void *key, size_t key_bytes)
{
    uint8_t block[SHA256_BLOCK_BYTES] = {0};
    if (key_bytes > sizeof block) {
        sha256_state state;
        sha256_init(&state);
        sha256_update(&state, key, key_bytes);
        sha256_final(&state, block);
    } else if (key_bytes > 0) {
        memcpy(block, key, key_bytes);
    }
    prepare(&hash->inner, block, 0x36);
    prepare(&hash->outer, block, 0x5c);
}

void keyed_hash_digest(const keyed_hash *hash, const void *data, size_t length_bytes,
                       uint8_t digest[SHA256_DIGEST_BYTES])
{
    sha256_state state = hash->inner;
    sha256_update(&state, data, length_bytes);
    sha256_final(&state, digest);
    state = hash->outer;
    sha256_update(&state, digest, SHA256_DIGEST_BYTES);
    sha256_final(&state, digest);
}
