/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sha256.h: SHA-256 (FIPS 180-4), to name the bytes that an audit is about. Our own, since the tool
 * needs nothing else of libcrypto, which takes milliseconds to load in every command and reads a
 * configuration that may load further code. Not for secrets. Any thread.
 */
#ifndef PHASETAP_SHA256_H
#define PHASETAP_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define PT_SHA256_TEXT_BYTES 65

struct pt_sha256 {
    uint32_t state[8];
    uint64_t length; /* bytes so far */
    uint8_t block[64];
};

void pt_sha256_start(struct pt_sha256 *hash);
void pt_sha256_add(struct pt_sha256 *hash, const void *data, size_t length);
/* The digest in hexadecimal. The hash is to be started anew afterwards. */
void pt_sha256_text(struct pt_sha256 *hash, char text[PT_SHA256_TEXT_BYTES]);

#endif
