/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wrap_socket.c: the driver connects its sockets by an exported function of its own. Seen from
 * there, a call that took long tells connecting from everything else. Where the driver does not
 * call itself through its exports (-Bsymbolic, a static copy in a plugin), what call.c knows must
 * do.
 */
#include "base/export.h"
#include "capture/call.h"
#include "driver/original.h"

PT_EXPORT int mongoc_socket_connect(mongoc_socket_t *socket, const struct sockaddr *address,
                                    socklen_t length, int64_t expire_at)
{
    __typeof__(&mongoc_socket_connect) original = PT_ORIGINAL(mongoc_socket_connect);
    pt_call_connects();
    return original ? original(socket, address, length, expire_at) : -1;
}
