/* SPDX-License-Identifier: Apache-2.0 */
/*
 * curl_library.h: libcurl, opened when something is to be sent. The tool does not link it: most
 * commands use no network, libcurl and what it needs take longer to load than a whole
 * `phasetap summary` takes, and a machine that only makes reports need not have it.
 *
 * Types and constants are those of <curl/curl.h>; functions are called through the table. Loaded
 * once and never closed, since TLS libraries leave handlers in the process. One thread.
 */
#ifndef PHASETAP_CURL_LIBRARY_H
#define PHASETAP_CURL_LIBRARY_H

#include <curl/curl.h>

/* What is used of it. The headers define some of them as macros that check types, hence the
 * parentheses around each name. */
#define PT_CURL_FUNCTIONS(F)                                                                       \
    F(curl_global_init)                                                                            \
    F(curl_easy_init)                                                                              \
    F(curl_easy_setopt)                                                                            \
    F(curl_easy_perform)                                                                           \
    F(curl_easy_getinfo)                                                                           \
    F(curl_easy_strerror)                                                                          \
    F(curl_easy_cleanup)                                                                           \
    F(curl_slist_append)                                                                           \
    F(curl_slist_free_all)

struct pt_curl {
#define PT_CURL_FIELD(name) __typeof__((name)) *name##_;
    PT_CURL_FUNCTIONS(PT_CURL_FIELD)
};

/* NULL after an error message. */
const struct pt_curl *pt_curl_load(void);

#endif
