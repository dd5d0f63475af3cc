/* SPDX-License-Identifier: Apache-2.0 */
/* gzip.h: compresses a body of a request (RFC 1952) with zlib. Any thread. */
#ifndef PHASETAP_GZIP_H
#define PHASETAP_GZIP_H

#include <stdbool.h>
#include <stddef.h>

struct pt_gzip {
    unsigned char *bytes; /* the caller's, to free */
    size_t length;
};

/* False when memory ran out. */
bool pt_gzip(struct pt_gzip *ret, const char *text, size_t length);

#endif
