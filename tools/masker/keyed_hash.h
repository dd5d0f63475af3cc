/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MASKER_KEYED_HASH_H
#define MASKER_KEYED_HASH_H

/*
 * HMAC-SHA-256 (RFC 2104, FIPS 180-4) by libcrypto.
 *
 * Any number of threads may call it: each has a context of its own, made at its first call and
 * freed when the thread ends. A short value costs about 0.6 us and, after the first call of a
 * thread, no allocation by this file. A libcrypto that cannot do it ends the program with a message
 * and status 1, since a run must not go on with values that are not masked.
 */

#include <stddef.h>
#include <stdint.h>

#define KEYED_HASH_BYTES 32

void keyed_hash(const void *key, size_t key_bytes, const void *data, size_t data_bytes,
                uint8_t digest[KEYED_HASH_BYTES]);

#endif
