/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MASKER_GENERATE_H
#define MASKER_GENERATE_H

/*
 * Synthetic documents that look like protected health information. Document `index` of a collection
 * depends on the seed, the collection's kind and the index alone, so runs can be repeated and
 * compared.
 */

#include <mongoc/mongoc.h>
#include <stdint.h>

/*
 * Appends the document to `document`, which must be empty: 0.7 to 1.3 KB for patients (the default
 * for any name), 0.4 to 0.5 KB for "encounters" and "claims". _id is an object id that grows with
 * the index.
 */
void generate_document(const char *collection, uint64_t seed, uint32_t index, bson_t *document);

#endif
