/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Change streams, as far as a walk through a collection can stand for one: each document, those
 * that are there from the start and those that come later, is given once as an `insert` event, in
 * the order of the collection. An event's token is its position, so a stream can be resumed.
 * Streams of a database or a server follow one collection of it, the first by name.
 */
#ifndef PEER_CHANGE_EVENTS_H
#define PEER_CHANGE_EVENTS_H

#include "bson_out.h"
#include "cursors.h"
#include "request.h"

/* Makes the scan one that follows the request's collection; false with the request's error set. */
bool change_scan_begin(struct request *request, struct bson_view options, struct scan *scan);

/* operationTime, by which drivers say from when on to resume a stream that has given no event; it
 * is not heeded. */
void change_append_time(struct bson_out *out);

/* Appends the event of a document as a member of the open array; returns its length. */
size_t change_event_append(struct bson_out *out, uint32_t index, const char *name_space,
                           size_t position, struct bson_view document);

#endif
