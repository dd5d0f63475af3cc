/* SPDX-License-Identifier: Apache-2.0 */
/* Clients, pools and connections. */
#include "every.h"

#include <arpa/inet.h>
#include <string.h>

static bool ping(struct every *every, mongoc_client_t *client)
{
    const bson_t *command = every_doc(every, "{\"ping\": 1}");
    return every_check(every, client != NULL, "there is no client") &&
           every_check(
               every,
               mongoc_client_command_simple(client, "admin", command, NULL, NULL, &every->error),
               "ping");
}

static bool client_new(struct every *every)
{
    mongoc_client_t *client = mongoc_client_new(every->uri);
    const bool good = ping(every, client);
    mongoc_client_destroy(client);
    return good;
}

static bool client_new_from_uri(struct every *every)
{
    mongoc_client_t *client = mongoc_client_new_from_uri(mongoc_client_get_uri(every->client));
    const bool good = ping(every, client);
    mongoc_client_destroy(client);
    return good;
}

static bool client_new_from_uri_with_error(struct every *every)
{
    mongoc_client_t *client =
        mongoc_client_new_from_uri_with_error(mongoc_client_get_uri(every->client), &every->error);
    const bool good = ping(every, client);
    mongoc_client_destroy(client);
    return good;
}

static bool client_destroy_unused(struct every *every)
{
    mongoc_client_t *client = mongoc_client_new(every->uri);
    const bool good = every_check(every, client != NULL, "there is no client");
    mongoc_client_destroy(client);
    mongoc_client_destroy(NULL);
    return good;
}

static bool client_reset(struct every *every)
{
    mongoc_client_t *client = mongoc_client_new(every->uri);
    bool good = ping(every, client);
    mongoc_client_reset(client);
    good = good && ping(every, client);
    mongoc_client_destroy(client);
    return good;
}

static bool use_pool(struct every *every, mongoc_client_pool_t *pool,
                     mongoc_client_t *(*pop)(mongoc_client_pool_t *))
{
    if (!every_check(every, pool != NULL, "there is no pool")) {
        return false;
    }
    mongoc_client_t *first = pop(pool), *second = pop(pool);
    const bool good = ping(every, first) && ping(every, second) && ping(every, first);
    mongoc_client_pool_push(pool, second);
    mongoc_client_pool_push(pool, first);
    mongoc_client_pool_destroy(pool);
    return good;
}

static bool client_pool_pop(struct every *every)
{
    return use_pool(every, mongoc_client_pool_new(mongoc_client_get_uri(every->client)),
                    mongoc_client_pool_pop);
}

static bool client_pool_try_pop(struct every *every)
{
    const mongoc_uri_t *uri = mongoc_client_get_uri(every->client);
    return use_pool(every, mongoc_client_pool_new_with_error(uri, &every->error),
                    mongoc_client_pool_try_pop);
}

static bool client_select_server(struct every *every)
{
    mongoc_server_description_t *server =
        mongoc_client_select_server(every->client, true, NULL, &every->error);
    const bool good = every_check(every, server != NULL, "no server was selected");
    mongoc_server_description_destroy(server);
    return good;
}

#if MONGOC_CHECK_VERSION(1, 26, 0)
static bool usleep_default_impl(struct every *every)
{
    (void)every;
    mongoc_usleep_default_impl(10, NULL);
    return true;
}
#endif

static bool client_get_handshake_description(struct every *every)
{
    mongoc_server_description_t *server =
        mongoc_client_select_server(every->client, true, NULL, &every->error);
    if (!every_check(every, server != NULL, "no server was selected")) {
        return false;
    }
    const uint32_t id = mongoc_server_description_id(server);
    mongoc_server_description_t *shaken =
        mongoc_client_get_handshake_description(every->client, id, NULL, &every->error);
    const bool good = every_check(every, shaken != NULL, "there is no description");
    mongoc_server_description_destroy(shaken);
    mongoc_server_description_destroy(server);
    return good;
}

/* A connection of the program's own, with the driver's sockets. */
static bool socket_connect(struct every *every)
{
    const mongoc_host_list_t *host = mongoc_uri_get_hosts(mongoc_client_get_uri(every->client));
    struct sockaddr_in address = {.sin_family = AF_INET};
    if (host == NULL || inet_pton(AF_INET, host->host, &address.sin_addr) != 1) {
        return every_cannot(every, "the URI names no IPv4 address");
    }
    address.sin_port = htons(host->port);
    mongoc_socket_t *sock = mongoc_socket_new(AF_INET, SOCK_STREAM, 0);
    const int64_t expire_at = bson_get_monotonic_time() + 5000000;
    const int failed =
        mongoc_socket_connect(sock, (const struct sockaddr *)&address, sizeof address, expire_at);
    mongoc_stream_t *stream = mongoc_stream_socket_new(sock);
    const bool good =
        every_check(every, failed == 0 && stream != NULL, "the socket was not connected");
    mongoc_stream_destroy(stream);
    return good;
}

/* Handles made from others are of the same client and namespace. */
static bool collection_copy(struct every *every)
{
    mongoc_collection_t *copy = mongoc_collection_copy(every->source);
    const int64_t count =
        mongoc_collection_estimated_document_count(copy, NULL, NULL, NULL, &every->error);
    mongoc_collection_destroy(copy);
    return every_check(every, count == EVERY_COUNT, "the count is wrong");
}

static bool database_copy(struct every *every)
{
    mongoc_database_t *copy = mongoc_database_copy(every->database);
    const bool good = mongoc_database_command_simple(copy, every_doc(every, "{\"ping\": 1}"), NULL,
                                                     NULL, &every->error);
    mongoc_database_destroy(copy);
    return every_check(every, good, "ping");
}

static bool client_get_default_database(struct every *every)
{
    mongoc_uri_t *uri = mongoc_uri_copy(mongoc_client_get_uri(every->client));
    mongoc_uri_set_database(uri, "every");
    mongoc_client_t *client = mongoc_client_new_from_uri(uri);
    mongoc_database_t *database =
        client != NULL ? mongoc_client_get_default_database(client) : NULL;
    const bool good = database != NULL &&
                      mongoc_database_command_simple(database, every_doc(every, "{\"ping\": 1}"),
                                                     NULL, NULL, &every->error);
    mongoc_database_destroy(database);
    mongoc_client_destroy(client);
    mongoc_uri_destroy(uri);
    return every_check(every, good, "ping");
}

static bool client_new_refused(struct every *every)
{
    mongoc_client_t *client =
        mongoc_client_new("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=500");
    const bson_t *command = every_doc(every, "{\"ping\": 1}");
    bson_error_t error;
    const bool answered =
        mongoc_client_command_simple(client, "admin", command, NULL, NULL, &error);
    mongoc_client_destroy(client);
    return every_check(every, !answered && error.domain == MONGOC_ERROR_SERVER_SELECTION,
                       "port 1 did not refuse");
}

const struct every_case EVERY_CLIENT[] = {
    {"client_new", client_new},
    {"client_new/refused", client_new_refused},
    {"client_new_from_uri", client_new_from_uri},
    {"client_new_from_uri_with_error", client_new_from_uri_with_error},
    {"client_destroy/unused", client_destroy_unused},
    {"client_reset", client_reset},
    {"client_pool_pop", client_pool_pop},
    {"client_pool_try_pop", client_pool_try_pop},
    {"client_get_default_database", client_get_default_database},
    {"collection_copy", collection_copy},
    {"database_copy", database_copy},
    {"client_select_server", client_select_server},
    {"client_get_handshake_description", client_get_handshake_description},
    {"socket_connect", socket_connect},
#if MONGOC_CHECK_VERSION(1, 26, 0)
    {"usleep_default_impl", usleep_default_impl},
#endif
    {NULL, NULL},
};
