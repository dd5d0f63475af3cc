/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sender.h: posts requests to a collector of the OpenTelemetry Protocol over HTTP, as JSON,
 * compressed with gzip. https://opentelemetry.io/docs/specs/otlp/#otlphttp
 *
 * One request at a time over one connection. A request that the collector could not take (429, 502,
 * 503, 504, no connection, a connection that broke or timed out) is repeated, after 0.2 s first,
 * then twice as long each time up to 10 s, or as long as its Retry-After says, until `retry_ns`
 * have passed. Redirections are not followed, certificates are checked, and nothing but http and
 * https is spoken. Proxies are those of curl's environment variables.
 *
 * Everything is counted: items (spans, data points) that were accepted and those that were refused,
 * one by one or with their request. Nothing else is lost: when sending stops, the user is told how
 * far it came, and the log still has all.
 *
 * Memory is that of one request and its compressed form. One thread. Each failure is told to the
 * user in one sentence, without headers.
 */
#ifndef PHASETAP_SENDER_H
#define PHASETAP_SENDER_H

#include <stdbool.h>
#include <stdint.h>

#include "send/curl_library.h"
#include "send/header_list.h"

#define PT_RETRY_DEFAULT_NS   (60 * 1000000000LL)
#define PT_TIMEOUT_DEFAULT_MS 10000L
#define PT_ANSWER_BYTES       65536 /* more of an answer is not read */

struct pt_send_settings {
    const char *url; /* without "/v1/traces"; valid until the sender is closed */
    const struct pt_headers *headers;
    int64_t retry_ns;
    long timeout_ms; /* of one attempt */
};

struct pt_send_counts {
    int64_t accepted, refused; /* items */
    int64_t requests;          /* that were answered for good */
    int64_t repeated;          /* attempts beyond the first of a request */
};

struct pt_sender {
    struct pt_send_settings settings;
    const struct pt_curl *curl;
    CURL *handle;
    struct curl_slist *headers;
    struct pt_send_counts counts;
    char answer[PT_ANSWER_BYTES];
    size_t answer_length;
};

/* True for an address that can be used: http or https, without user and password, query and
 * fragment. False after an error message. */
bool pt_send_check_url(const char *url);

/* PT_EXIT_OK or PT_EXIT_FAILED after an error message. Close it in either case. */
int pt_sender_open(struct pt_sender *sender, const struct pt_send_settings *settings);

/* Posts `items` items to the path of a signal, such as "/v1/traces". False after an error message:
 * sending has no sense any more. */
bool pt_sender_post(struct pt_sender *sender, const char *path, const char *text, size_t length,
                    int64_t items);

void pt_sender_close(struct pt_sender *sender);

#endif
