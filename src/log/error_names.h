/* SPDX-License-Identifier: Apache-2.0 */
/*
 * error_names.h: the public name of an error code: what the server sends as codeName, such as
 * DuplicateKey for 11000, or the enumeration of the driver, such as MONGOC_ERROR_STREAM_SOCKET. A
 * log has numbers only, never a message. Constant texts; any thread.
 */
#ifndef PHASETAP_ERROR_NAMES_H
#define PHASETAP_ERROR_NAMES_H

#include <stdint.h>

/* NULL: the number has no name that is known here. `where` is enum pt_error_where; the domain
 * counts for PT_ERROR_DRIVER alone. */
const char *pt_error_name(int32_t where, int32_t domain, int32_t code);

/* "MONGOC_ERROR_STREAM" for 2, and so on; NULL: not known. */
const char *pt_error_domain_name(int32_t domain);

#endif
