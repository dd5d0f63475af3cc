/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wrap_socket.c: the driver connects its sockets, and sleeps between two scans of its servers,
 * through exported functions of its own. Wrapping them tells a call that connected, or waited for a
 * server, from one that was slow for another reason. Where the driver does not call its own exports
 * (-Bsymbolic, a static copy in a plugin), call_pause.c has to infer it. Called by the driver,
 * inside a call of the application or on a thread of its own.
 */
#include <time.h>

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

/* Name resolution is inside it. Pooled clients only: others connect in the scan of their servers.
 */
PT_EXPORT mongoc_stream_t *mongoc_client_connect_tcp(int32_t timeout_ms,
                                                     const mongoc_host_list_t *host,
                                                     bson_error_t *error)
{
    __typeof__(&mongoc_client_connect_tcp) original = PT_ORIGINAL(mongoc_client_connect_tcp);
    pt_call_tries();
    return original ? original(timeout_ms, host, error) : NULL;
}

/* Whoever asked for a sleep gets one. */
static void sleep_us(int64_t us)
{
    struct timespec time = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
    nanosleep(&time, NULL);
}

/* Of 1.23. */
PT_EXPORT void _mongoc_usleep(int64_t us)
{
    __typeof__(&_mongoc_usleep) original = PT_ORIGINAL(_mongoc_usleep);
    int64_t start_ns = pt_call_sleeps();
    original ? original(us) : sleep_us(us);
    pt_call_slept(start_ns);
}

/* Of later versions, unless the application has set one of its own. */
PT_EXPORT void mongoc_usleep_default_impl(int64_t us, void *context)
{
    __typeof__(&mongoc_usleep_default_impl) original = PT_ORIGINAL(mongoc_usleep_default_impl);
    int64_t start_ns = pt_call_sleeps();
    original ? original(us, context) : sleep_us(us);
    pt_call_slept(start_ns);
}
