/* SPDX-License-Identifier: Apache-2.0 */
/*
 * forward.c: the yardstick of the benchmarks: a preload object with the same exported functions as
 * libphasetap.so that finds the originals in the same way (preload/driver/original.c) and only
 * forwards. What phasetap costs beyond it is what recording costs, not what interposition costs.
 */
#include "driver/original.h"

#define FORWARD_EXPORT __attribute__((visibility("default")))

#define FORWARD(ret, name, params, args, ...)                                                      \
    FORWARD_EXPORT ret name params                                                                 \
    {                                                                                              \
        return PT_ORIGINAL(name) args;                                                             \
    }
#define PT_TIMED                         FORWARD
#define PT_MADE                          FORWARD
#define PT_APPEND                        FORWARD
#define PT_VOID(name, params, args, ...) FORWARD(void, name, params, args)
#define PT_CONTEXT(name, event_type)     FORWARD(void *, name, (const event_type *event), (event))
#include "driver/wrappers.def"

/* The functions that phasetap wraps by hand, which the list gives without arguments: F(return type,
 * name, parameters, arguments). */
#define FORWARD_SPECIAL(F)                                                                         \
    F(mongoc_client_t *, mongoc_client_new, (const char *uri), (uri))                              \
    F(mongoc_client_t *, mongoc_client_new_from_uri, (const mongoc_uri_t *uri), (uri))             \
    F(mongoc_client_t *, mongoc_client_new_from_uri_with_error,                                    \
      (const mongoc_uri_t *uri, bson_error_t *error), (uri, error))                                \
    F(void, mongoc_client_destroy, (mongoc_client_t * client), (client))                           \
    F(mongoc_client_pool_t *, mongoc_client_pool_new, (const mongoc_uri_t *uri), (uri))            \
    F(mongoc_client_pool_t *, mongoc_client_pool_new_with_error,                                   \
      (const mongoc_uri_t *uri, bson_error_t *error), (uri, error))                                \
    F(mongoc_client_t *, mongoc_client_pool_pop, (mongoc_client_pool_t * pool), (pool))            \
    F(mongoc_client_t *, mongoc_client_pool_try_pop, (mongoc_client_pool_t * pool), (pool))        \
    F(void, mongoc_client_pool_destroy, (mongoc_client_pool_t * pool), (pool))                     \
    F(int, mongoc_socket_connect,                                                                  \
      (mongoc_socket_t * socket, const struct sockaddr *address, socklen_t length,                 \
       int64_t expire_at),                                                                         \
      (socket, address, length, expire_at))                                                        \
    F(mongoc_stream_t *, mongoc_client_connect_tcp,                                                \
      (int32_t timeout_ms, const mongoc_host_list_t *host, bson_error_t *error),                   \
      (timeout_ms, host, error))                                                                   \
    F(void, _mongoc_usleep, (int64_t us), (us))                                                    \
    F(void, mongoc_usleep_default_impl, (int64_t us, void *context), (us, context))                \
    F(bool, mongoc_cursor_next, (mongoc_cursor_t * cursor, const bson_t **document),               \
      (cursor, document))                                                                          \
    F(mongoc_cursor_t *, mongoc_cursor_new_from_command_reply_with_opts,                           \
      (mongoc_client_t * client, bson_t * reply, const bson_t *opts), (client, reply, opts))       \
    F(mongoc_cursor_t *, mongoc_cursor_new_from_command_reply,                                     \
      (mongoc_client_t * client, bson_t * reply, uint32_t server_id), (client, reply, server_id))  \
    F(bool, mongoc_client_session_append,                                                          \
      (const mongoc_client_session_t *session, bson_t *opts, bson_error_t *error),                 \
      (session, opts, error))                                                                      \
    F(void, mongoc_client_kill_cursor, (mongoc_client_t * client, int64_t cursor_id),              \
      (client, cursor_id))                                                                         \
    F(bool, mongoc_change_stream_next, (mongoc_change_stream_t * stream, const bson_t **document), \
      (stream, document))                                                                          \
    F(void, mongoc_apm_set_command_succeeded_cb,                                                   \
      (mongoc_apm_callbacks_t * callbacks, mongoc_apm_command_succeeded_cb_t cb), (callbacks, cb)) \
    F(void, mongoc_apm_set_command_failed_cb,                                                      \
      (mongoc_apm_callbacks_t * callbacks, mongoc_apm_command_failed_cb_t cb), (callbacks, cb))    \
    F(void, mongoc_apm_callbacks_destroy, (mongoc_apm_callbacks_t * callbacks), (callbacks))       \
    F(bool, mongoc_client_set_apm_callbacks,                                                       \
      (mongoc_client_t * client, mongoc_apm_callbacks_t * callbacks, void *context),               \
      (client, callbacks, context))                                                                \
    F(bool, mongoc_client_pool_set_apm_callbacks,                                                  \
      (mongoc_client_pool_t * pool, mongoc_apm_callbacks_t * callbacks, void *context),            \
      (pool, callbacks, context))                                                                  \
    F(void, mongoc_log_and_monitor_instance_init, (mongoc_log_and_monitor_instance_t * instance),  \
      (instance))
FORWARD_SPECIAL(FORWARD)

/* A function that joins the list must join this file. */
#define COUNT_ONE(...) +1
enum {
#define PT_SPECIAL COUNT_ONE
    SPECIAL_IN_LIST = 0
#include "driver/wrappers.def"
    ,
    SPECIAL_HERE = 0 FORWARD_SPECIAL(COUNT_ONE)
};
_Static_assert(SPECIAL_IN_LIST == SPECIAL_HERE,
               "wrappers.def and the yardstick wrap different functions by hand");
