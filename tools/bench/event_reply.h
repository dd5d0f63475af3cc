/* SPDX-License-Identifier: Apache-2.0 */
/* event_reply.h: a server's answer to `find`, for event_loop: a first batch of documents of 200
 * bytes. event_reply_free gives the memory back. */
#ifndef BENCH_EVENT_REPLY_H
#define BENCH_EVENT_REPLY_H

#include <stdint.h>

struct event_reply {
    uint8_t *data; /* BSON */
    int64_t bytes;
    int documents;
};

/* Ends the program when there is no memory. */
void event_reply_make(struct event_reply *reply, int documents);
void event_reply_free(struct event_reply *reply);

#endif
