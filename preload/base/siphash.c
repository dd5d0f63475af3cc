/* SPDX-License-Identifier: Apache-2.0 */
#include "base/siphash.h"

#include <string.h>

struct state {
    uint64_t v[4];
};

static uint64_t rotated(uint64_t word, unsigned bits)
{
    return word << bits | word >> (64 - bits);
}

static void round_once(uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = rotated(v[1], 13) ^ v[0];
    v[3] = rotated(v[3], 16) ^ v[2];
    v[0] = rotated(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = rotated(v[1], 17) ^ v[2];
    v[3] = rotated(v[3], 21) ^ v[0];
    v[2] = rotated(v[2], 32);
}

static uint64_t little_endian(const uint8_t *from, size_t bytes)
{
    uint64_t word = 0;
    for (size_t i = 0; i < bytes; i++) {
        word |= (uint64_t)from[i] << (8 * i);
    }
    return word;
}

static void compress(struct state *state, uint64_t word)
{
    state->v[3] ^= word;
    round_once(state->v);
    round_once(state->v);
    state->v[0] ^= word;
}

/* The four constants are those of the paper. */
static void begin(struct state *state, const uint8_t key[PT_SIPHASH_KEY_BYTES])
{
    uint64_t k0 = little_endian(key, 8), k1 = little_endian(key + 8, 8);
    state->v[0] = k0 ^ 0x736f6d6570736575u;
    state->v[1] = k1 ^ 0x646f72616e646f6du;
    state->v[2] = k0 ^ 0x6c7967656e657261u;
    state->v[3] = k1 ^ 0x7465646279746573u;
}

static uint64_t finish(struct state *state)
{
    state->v[2] ^= 0xff;
    for (int rounds = 0; rounds < 4; rounds++) {
        round_once(state->v);
    }
    return state->v[0] ^ state->v[1] ^ state->v[2] ^ state->v[3];
}

uint64_t pt_siphash(const uint8_t key[PT_SIPHASH_KEY_BYTES], const void *data, size_t bytes)
{
    struct state state;
    const uint8_t *from = data;
    size_t left = bytes;
    begin(&state, key);
    for (; left >= 8; from += 8, left -= 8) {
        compress(&state, little_endian(from, 8));
    }
    compress(&state, little_endian(from, left) | (uint64_t)bytes << 56);
    return finish(&state);
}
