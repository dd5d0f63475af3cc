/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proves preload/driver/mongoc_abi.h against the driver's own headers: our declarations stand
 * behind theirs, so that a prototype that differs does not compile; layouts are asserted. Compiling
 * is the test; the program has nothing to do.
 */
#include <mongoc/mongoc.h>

#include <stddef.h>

#define PT_ABI_PROOF           1
#define PT_ABI_HAS_INDEX_OPT   (!MONGOC_CHECK_VERSION(2, 0, 0))
#define PT_ABI_HAS_INDEX_MODEL MONGOC_CHECK_VERSION(1, 24, 0)
#define PT_ABI_HAS_BULKWRITE   MONGOC_CHECK_VERSION(1, 28, 0)
#if MONGOC_CHECK_VERSION(2, 0, 0)
typedef unsigned mongoc_delete_flags_t; /* gone with mongoc_collection_delete */
#endif

#include "driver/mongoc_abi.h"

_Static_assert(offsetof(bson_t, len) == offsetof(struct pt_bson_head, length_bytes),
               "length of a bson_t");
_Static_assert(sizeof(bson_error_t) == 512, "size of a bson_error_t");
_Static_assert(offsetof(bson_error_t, domain) == 0 && offsetof(bson_error_t, code) == 4,
               "head of a bson_error_t");
_Static_assert(offsetof(mongoc_host_list_t, host_and_port) == PT_HOST_AND_PORT_OFFSET,
               "address in a mongoc_host_list_t");
_Static_assert((int)MONGOC_ERROR_CLIENT == (int)PT_DOMAIN_CLIENT, "error domain of the client");
_Static_assert((int)MONGOC_ERROR_STREAM == (int)PT_DOMAIN_STREAM, "error domain of the network");
_Static_assert((int)MONGOC_ERROR_SERVER_SELECTION == (int)PT_DOMAIN_SERVER_SELECTION,
               "error domain of server selection");

int main(void)
{
    return 0;
}
