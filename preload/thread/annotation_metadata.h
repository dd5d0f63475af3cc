/* SPDX-License-Identifier: Apache-2.0 */
/*
 * annotation_metadata.h: the metadata of an annotated phase as BSON.
 *
 * What exceeds the bounds is cut or left out, and counted: text beyond PT_METADATA_TEXT_BYTES, keys
 * beyond PT_METADATA_KEY_BYTES, documents and lists nested deeper than PT_METADATA_DEPTH, and what
 * does not fit into the document's buffer. Credentials are removed from texts that are URIs. Unless
 * PHASETAP_NAMES is plain, tokens stand for keys and texts (name_token.h); the key file of aliases
 * translates keys back, and no texts, which may be anything. Any thread; no allocation.
 */
#ifndef PT_ANNOTATION_METADATA_H
#define PT_ANNOTATION_METADATA_H

#include <stddef.h>
#include <stdint.h>

#define PT_METADATA_TEXT_BYTES 255u
#define PT_METADATA_KEY_BYTES  127u
#define PT_METADATA_DEPTH      4u /* documents and lists inside the metadata */

struct phasetap_field;
struct pt_bson;

/* Adds a document `key` with these fields, which may be NULL. Returns how many of them were cut or
 * left out; a document or list that is left out counts as one. */
int32_t pt_annotation_metadata_write(struct pt_bson *b, const char *key,
                                     const struct phasetap_field *fields, size_t count);

#endif
