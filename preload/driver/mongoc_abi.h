/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mongoc_abi.h: the part of libmongoc's and libbson's binary interface that phasetap uses, for
 * every version from 1.23 to 2.x with one object file. We link neither library, so these are
 * declarations of our own. tests/abi/ compiles this header behind the installed <mongoc/mongoc.h>
 * (PT_ABI_PROOF): a prototype that differs does not compile.
 *
 * Types are opaque but for two facts, equal in all versions: the length of a bson_t is its second
 * 32-bit word, and a bson_error_t is 512 bytes that begin with domain and code. The prototypes of
 * the wrapped functions are those of wrappers.def.
 */
#ifndef PT_MONGOC_ABI_H
#define PT_MONGOC_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

#ifndef PT_ABI_PROOF
typedef struct _bson_t bson_t;
typedef struct _bson_error_t {
    uint32_t domain;
    uint32_t code;
    char message[504];
} bson_error_t;
typedef struct _bson_value_t bson_value_t;
typedef unsigned mongoc_query_flags_t;
typedef unsigned mongoc_insert_flags_t;
typedef unsigned mongoc_update_flags_t;
typedef unsigned mongoc_remove_flags_t;
typedef unsigned mongoc_delete_flags_t;
#define PT_ABI_TYPE(name) typedef struct _##name name;
PT_ABI_TYPE(mongoc_client_t)
PT_ABI_TYPE(mongoc_client_pool_t)
PT_ABI_TYPE(mongoc_client_session_t)
PT_ABI_TYPE(mongoc_database_t)
PT_ABI_TYPE(mongoc_collection_t)
PT_ABI_TYPE(mongoc_cursor_t)
PT_ABI_TYPE(mongoc_change_stream_t)
PT_ABI_TYPE(mongoc_bulk_operation_t)
PT_ABI_TYPE(mongoc_uri_t)
PT_ABI_TYPE(mongoc_socket_t)
PT_ABI_TYPE(mongoc_stream_t)
PT_ABI_TYPE(mongoc_host_list_t)
PT_ABI_TYPE(mongoc_gridfs_t)
PT_ABI_TYPE(mongoc_gridfs_bucket_t)
PT_ABI_TYPE(mongoc_gridfs_file_t)
PT_ABI_TYPE(mongoc_gridfs_file_list_t)
PT_ABI_TYPE(mongoc_gridfs_file_opt_t)
PT_ABI_TYPE(mongoc_transaction_opt_t)
PT_ABI_TYPE(mongoc_read_prefs_t)
PT_ABI_TYPE(mongoc_write_concern_t)
PT_ABI_TYPE(mongoc_find_and_modify_opts_t)
PT_ABI_TYPE(mongoc_server_description_t)
PT_ABI_TYPE(mongoc_apm_callbacks_t)
PT_ABI_TYPE(mongoc_apm_command_started_t)
PT_ABI_TYPE(mongoc_apm_command_succeeded_t)
PT_ABI_TYPE(mongoc_apm_command_failed_t)
PT_ABI_TYPE(mongoc_apm_server_changed_t)
PT_ABI_TYPE(mongoc_apm_server_opening_t)
PT_ABI_TYPE(mongoc_apm_server_closed_t)
PT_ABI_TYPE(mongoc_apm_topology_changed_t)
PT_ABI_TYPE(mongoc_apm_topology_opening_t)
PT_ABI_TYPE(mongoc_apm_topology_closed_t)
PT_ABI_TYPE(mongoc_apm_server_heartbeat_started_t)
PT_ABI_TYPE(mongoc_apm_server_heartbeat_succeeded_t)
PT_ABI_TYPE(mongoc_apm_server_heartbeat_failed_t)
typedef struct _mongoc_client_session_opt_t mongoc_session_opt_t;
typedef struct iovec mongoc_iovec_t;
typedef void (*mongoc_apm_command_succeeded_cb_t)(const mongoc_apm_command_succeeded_t *event);
typedef void (*mongoc_apm_command_failed_cb_t)(const mongoc_apm_command_failed_t *event);
#endif

/* A private type. */
typedef struct _mongoc_log_and_monitor_instance_t mongoc_log_and_monitor_instance_t;

/* Types that some versions lack. */
#if !defined PT_ABI_PROOF || !PT_ABI_HAS_INDEX_OPT
typedef struct _mongoc_index_opt_t mongoc_index_opt_t;
#endif
#if !defined PT_ABI_PROOF || !PT_ABI_HAS_INDEX_MODEL
typedef struct _mongoc_index_model_t mongoc_index_model_t;
#endif
#if !defined PT_ABI_PROOF || !PT_ABI_HAS_BULKWRITE
typedef struct _mongoc_bulkwrite_t mongoc_bulkwrite_t;
typedef struct _mongoc_bulkwriteopts_t mongoc_bulkwriteopts_t;
typedef struct _mongoc_bulkwriteresult_t mongoc_bulkwriteresult_t;
typedef struct _mongoc_bulkwriteexception_t mongoc_bulkwriteexception_t;
typedef struct _mongoc_bulkwrite_insertoneopts_t mongoc_bulkwrite_insertoneopts_t;
typedef struct _mongoc_bulkwrite_updateoneopts_t mongoc_bulkwrite_updateoneopts_t;
typedef struct _mongoc_bulkwrite_updatemanyopts_t mongoc_bulkwrite_updatemanyopts_t;
typedef struct _mongoc_bulkwrite_replaceoneopts_t mongoc_bulkwrite_replaceoneopts_t;
typedef struct _mongoc_bulkwrite_deleteoneopts_t mongoc_bulkwrite_deleteoneopts_t;
typedef struct _mongoc_bulkwrite_deletemanyopts_t mongoc_bulkwrite_deletemanyopts_t;
typedef struct {
    mongoc_bulkwriteresult_t *res;
    mongoc_bulkwriteexception_t *exc;
} mongoc_bulkwritereturn_t;
#endif

/* Error domains of bson_error_t that connecting can end with, and codes of the first. Only STREAM
 * and SERVER_SELECTION always mean the network. (mongoc-error.h; equal in all versions) */
enum {
    PT_DOMAIN_CLIENT = 1,
    PT_DOMAIN_STREAM = 2,
    PT_DOMAIN_PROTOCOL = 3,
    PT_DOMAIN_SASL = 7,
    PT_DOMAIN_SCRAM = 14,
    PT_DOMAIN_SERVER_SELECTION = 15,
    PT_DOMAIN_SERVER = 17,
};
enum { PT_CLIENT_SESSION_FAILURE = 52 };

/* Of a mongoc_host_list_t: a pointer, the host (256 bytes), then "host:port" or the path of a
 * socket, which ends in a zero. */
enum { PT_HOST_AND_PORT_OFFSET = sizeof(void *) + 256 };

static inline const char *pt_host_and_port(const mongoc_host_list_t *host)
{
    return host ? (const char *)(const void *)host + PT_HOST_AND_PORT_OFFSET : NULL;
}

/* The parts of a bson_t that are equal in all versions. */
struct pt_bson_head {
    uint32_t flags;
    uint32_t length_bytes;
};

static inline int64_t pt_bson_length(const bson_t *document)
{
    return document ? (int64_t)((const struct pt_bson_head *)(const void *)document)->length_bytes
                    : 0;
}

/* ---- functions that we call and do not wrap: U(return type, name, parameters) ---- */
#define PT_USED(U)                                                                                 \
    U(const uint8_t *, bson_get_data, (const bson_t *))                                            \
    U(const char *, mongoc_get_version, (void))                                                    \
    U(mongoc_apm_callbacks_t *, mongoc_apm_callbacks_new, (void))                                  \
    U(int64_t, mongoc_apm_command_succeeded_get_duration,                                          \
      (const mongoc_apm_command_succeeded_t *))                                                    \
    U(const bson_t *, mongoc_apm_command_succeeded_get_reply,                                      \
      (const mongoc_apm_command_succeeded_t *))                                                    \
    U(const mongoc_host_list_t *, mongoc_apm_command_succeeded_get_host,                           \
      (const mongoc_apm_command_succeeded_t *))                                                    \
    U(uint32_t, mongoc_apm_command_succeeded_get_server_id,                                        \
      (const mongoc_apm_command_succeeded_t *))                                                    \
    U(const mongoc_host_list_t *, mongoc_apm_command_failed_get_host,                              \
      (const mongoc_apm_command_failed_t *))                                                       \
    U(uint32_t, mongoc_apm_command_failed_get_server_id, (const mongoc_apm_command_failed_t *))    \
    U(const char *, mongoc_apm_command_succeeded_get_command_name,                                 \
      (const mongoc_apm_command_succeeded_t *))                                                    \
    U(int64_t, mongoc_apm_command_failed_get_duration, (const mongoc_apm_command_failed_t *))      \
    U(const char *, mongoc_apm_command_failed_get_command_name,                                    \
      (const mongoc_apm_command_failed_t *))                                                       \
    U(void, mongoc_apm_command_failed_get_error,                                                   \
      (const mongoc_apm_command_failed_t *, bson_error_t *))                                       \
    /* private; monitor_pool.c says of which versions */                                           \
    U(bool, _mongoc_client_set_apm_callbacks_private,                                              \
      (mongoc_client_t *, mongoc_apm_callbacks_t *, void *))                                       \
    U(void, mongoc_log_and_monitor_instance_set_apm_callbacks,                                     \
      (mongoc_log_and_monitor_instance_t *, const mongoc_apm_callbacks_t *, void *))               \
    U(bool, mongoc_client_session_in_transaction, (const mongoc_client_session_t *))               \
    U(bool, mongoc_cursor_error, (mongoc_cursor_t *, bson_error_t *))                              \
    U(bool, mongoc_change_stream_error_document,                                                   \
      (const mongoc_change_stream_t *, bson_error_t *, const bson_t **))                           \
    U(bool, mongoc_gridfs_file_error, (mongoc_gridfs_file_t *, bson_error_t *))                    \
    U(bool, mongoc_gridfs_file_list_error, (mongoc_gridfs_file_list_t *, bson_error_t *))          \
    U(bool, mongoc_gridfs_bucket_stream_error, (mongoc_stream_t *, bson_error_t *))

#define PT_DECLARE_USED(ret, name, params) ret name params;
PT_USED(PT_DECLARE_USED)

#define PT_DECLARE(ret, name, params, ...) ret name params;
#define PT_TIMED                           PT_DECLARE
#define PT_VOID(name, params, ...)         void name params;
#define PT_MADE                            PT_DECLARE
#define PT_APPEND                          PT_DECLARE
#define PT_CONTEXT(name, event)            void *name(const event *);
#define PT_SPECIAL                         PT_DECLARE
#include "driver/wrappers.def"

#endif
