/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hidden_names.h: whether a log that must hold tokens in place of names does. What says nothing
 * about the program may stand as it is: names of recognised phases, and of libmongoc's file. Any
 * thread.
 */
#ifndef PHASETAP_HIDDEN_NAMES_H
#define PHASETAP_HIDDEN_NAMES_H

#include <bson/bson.h>
#include <stdbool.h>

bool pt_text_is_hidden(const char *text);

/* Of an annotation's metadata: all keys and texts in it, numbers of lists aside. */
bool pt_metadata_is_hidden(const bson_iter_t *document);

#endif
