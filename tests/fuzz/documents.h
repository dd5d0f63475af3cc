/* SPDX-License-Identifier: Apache-2.0 */
/*
 * documents.h: the grammar of logs (docs/FORMAT.md): well-formed BSON documents of our kinds, in
 * any order, with values that need not make sense. Byte-wise mutation finds none of the faults that
 * lie in the order or the meaning of documents.
 *
 * A log that is made here begins with a manifest, so that a reader goes on. One thread.
 */
#ifndef FUZZ_DOCUMENTS_H
#define FUZZ_DOCUMENTS_H

#include <stddef.h>
#include <stdint.h>

#include "chance.h"
#include "document_kinds.h"

/* A log of random documents in `bytes`; returns its length, at most `room` (at least two chunks).
 */
size_t fuzz_log(struct chance *chance, uint8_t *bytes, size_t room);

/* Changes the documents of a log: adds, removes, repeats, exchanges some, or sets a number. The
 * framing is made anew. */
size_t fuzz_log_mutate(struct chance *chance, uint8_t *bytes, size_t length, size_t room);

#endif
