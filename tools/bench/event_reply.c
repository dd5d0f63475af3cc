/* SPDX-License-Identifier: Apache-2.0 */
#include "event_reply.h"

#include <string.h>

#include "bson/bson_writer.h"
#include "measure.h"

#define TEXT_BYTES 180

static void write_document(struct pt_bson *b, const char *key, int number, const char *text)
{
    pt_bson_open(b, key);
    pt_bson_int32(b, "_id", number);
    pt_bson_string(b, "t", text, TEXT_BYTES);
    pt_bson_close(b);
}

void event_reply_make(struct event_reply *reply, int documents)
{
    char text[TEXT_BYTES + 1];
    char key[16];
    struct pt_bson b;
    size_t room_bytes = (size_t)documents * 256 + 256;
    memset(text, 'x', TEXT_BYTES);
    text[TEXT_BYTES] = '\0';
    reply->documents = documents;
    reply->data = malloc(room_bytes);
    if (reply->data == NULL) {
        bench_fail("no memory for the reply");
    }
    pt_bson_init(&b, reply->data, room_bytes);
    pt_bson_open(&b, "cursor");
    pt_bson_open(&b,
                 "firstBatch"); /* an array differs from a document by its type alone, set below */
    for (int i = 0; i < documents; i++) {
        snprintf(key, sizeof key, "%d", i);
        write_document(&b, key, i, text);
    }
    pt_bson_close(&b);
    pt_bson_int64(&b, "id", 7);
    pt_bson_string(&b, "ns", "bench.source", 16);
    pt_bson_close(&b);
    pt_bson_double(&b, "ok", 1.0);
    reply->bytes = (int64_t)pt_bson_finish(&b);
    reply->data[4 + 1 + sizeof "cursor" + 4] = 0x04;
}

void event_reply_free(struct event_reply *reply)
{
    free(reply->data);
}
