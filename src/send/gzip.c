/* SPDX-License-Identifier: Apache-2.0 */
#include "send/gzip.h"

#include <stdlib.h>
#include <zlib.h>

#define WINDOW_BITS 15
#define GZIP_HEADER 16 /* added to the window: gzip instead of zlib */
#define MEMORY      8

bool pt_gzip(struct pt_gzip *ret, const char *text, size_t length)
{
    z_stream stream = {.zalloc = Z_NULL};
    *ret = (struct pt_gzip){.bytes = NULL};
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, WINDOW_BITS + GZIP_HEADER, MEMORY,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        return false;
    }
    size_t room = deflateBound(&stream, length);
    ret->bytes = malloc(room);
    stream.next_in = (Bytef *)text;
    stream.avail_in = (uInt)length;
    stream.next_out = ret->bytes;
    stream.avail_out = (uInt)room;
    bool done = ret->bytes != NULL && deflate(&stream, Z_FINISH) == Z_STREAM_END;
    ret->length = stream.total_out;
    deflateEnd(&stream);
    if (!done) {
        free(ret->bytes);
        ret->bytes = NULL;
    }
    return done;
}
