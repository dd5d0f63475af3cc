/* SPDX-License-Identifier: Apache-2.0 */
/*
 * document_kinds.h: one well-formed document of a log at a time (docs/FORMAT.md): of any kind, with
 * the keys and types that belong there, now and then others, and values that need not make sense.
 * The caller destroys it. One thread.
 */
#ifndef FUZZ_DOCUMENT_KINDS_H
#define FUZZ_DOCUMENT_KINDS_H

#include <bson/bson.h>
#include <stdbool.h>

#include "chance.h"

/* Of the manifest: 16 bytes of 0x11. */
#define FUZZ_RING_ID     "11111111111111111111111111111111"
#define FUZZ_CHUNK_BYTES 4096u

bson_t *fuzz_document(struct chance *chance);

/* chunks: of format version 1. */
bson_t *fuzz_manifest(bool chunks);

#endif
