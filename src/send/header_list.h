/* SPDX-License-Identifier: Apache-2.0 */
/*
 * header_list.h: further headers of requests, which may hold credentials. They come from the
 * environment variable OTEL_EXPORTER_OTLP_HEADERS (name=value,name=value with values as in URLs,
 * https://opentelemetry.io/docs/specs/otel/protocol/exporter/) or from a file with a line
 * "Name: value" for each, never from the command line, which every user of the machine can read. No
 * message shows a value.
 *
 * Zero bytes are an empty list. Release with pt_headers_release(). One thread.
 */
#ifndef PHASETAP_HEADER_LIST_H
#define PHASETAP_HEADER_LIST_H

#include <stdbool.h>
#include <stddef.h>

#define PT_HEADERS_HIGHEST 32
#define PT_HEADER_BYTES    8192

struct pt_headers {
    char *lines[PT_HEADERS_HIGHEST]; /* "Name: value" */
    size_t count;
};

/* Each adds what it finds; false after an error message that names the source and the position. */
bool pt_headers_from_environment(struct pt_headers *headers);
bool pt_headers_from_file(struct pt_headers *headers, const char *path);
void pt_headers_release(struct pt_headers *headers);

#endif
