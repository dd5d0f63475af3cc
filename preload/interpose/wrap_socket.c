/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wrap_socket.c: the driver connects its sockets through an exported function of its own. Wrapping
 * it tells a call that connected from one that was slow for another reason. Where the driver does
 * not call its own exports (-Bsymbolic, a static copy in a plugin), call.c has to infer it. Called
 * by the driver, inside a call of the application or on a thread of its own.
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
