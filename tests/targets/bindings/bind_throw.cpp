/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bind_throw SCENARIO URI: C++ exceptions through calls of the driver; the server must be a replica
 * set. `transaction`: the callback of a transaction throws, and the program catches outside of the
 * driver and ends the transaction itself. `inside`: it catches inside of the callback. `event`: a
 * callback of command monitoring throws, when a command starts. `pool`: that of a client of a pool.
 * Prints what was caught, then does its ordinary work.
 */
#include "driver_work.h"

#include <cstdio>
#include <cstring>
#include <new>
#include <stdexcept>

#define TIMES  5
#define ROUNDS 10

static bool armed;
static bool catch_inside;

static bool insert_and_throw(mongoc_client_session_t *session, void *context, bson_t **reply,
                             bson_error_t *error)
{
    mongoc_collection_t *collection = static_cast<mongoc_collection_t *>(context);
    (void)reply;
    bson_t *options = bson_new();
    bson_t *document = BCON_NEW("number", BCON_INT64(1));
    bool good = mongoc_client_session_append(session, options, error) &&
                mongoc_collection_insert_one(collection, document, options, nullptr, error);
    bson_destroy(document);
    bson_destroy(options);
    try {
        throw std::runtime_error("thrown in the transaction");
    } catch (const std::runtime_error &) {
        if (!catch_inside) {
            throw;
        }
    }
    return good;
}

static int one_transaction(mongoc_client_t *client)
{
    int caught = 0;
    mongoc_client_session_t *session = mongoc_client_start_session(client, nullptr, nullptr);
    mongoc_collection_t *collection =
        mongoc_client_get_collection(client, WORK_DATABASE, WORK_COLLECTION);
    try {
        mongoc_client_session_with_transaction(session, insert_and_throw, nullptr, collection,
                                               nullptr, nullptr);
    } catch (const std::exception &) {
        caught = 1;
        mongoc_client_session_abort_transaction(session, nullptr);
    }
    mongoc_collection_destroy(collection);
    mongoc_client_session_destroy(session);
    return caught;
}

static int transactions(const char *uri)
{
    mongoc_client_t *client = mongoc_client_new(uri);
    int caught = 0;
    for (int i = 0; i < TIMES; i++) {
        caught += one_transaction(client);
    }
    mongoc_client_destroy(client);
    return caught;
}

static void throw_at_start(const mongoc_apm_command_started_t *event)
{
    if (armed && std::strcmp(mongoc_apm_command_started_get_command_name(event), "ping") == 0) {
        throw std::bad_alloc();
    }
}

static mongoc_apm_callbacks_t *throwing_callbacks()
{
    mongoc_apm_callbacks_t *callbacks = mongoc_apm_callbacks_new();
    mongoc_apm_set_command_started_cb(callbacks, throw_at_start);
    return callbacks;
}

/* The client cannot be used any more, nor given back. */
static int ping_that_throws(mongoc_client_t *client)
{
    try {
        armed = true;
        work_ping(client);
    } catch (const std::bad_alloc &) {
        return 1;
    }
    return 0;
}

static int events(const char *uri, bool pooled)
{
    mongoc_apm_callbacks_t *callbacks = throwing_callbacks();
    mongoc_uri_t *parsed = mongoc_uri_new(uri);
    mongoc_client_pool_t *pool = pooled ? mongoc_client_pool_new(parsed) : nullptr;
    int caught = 0;
    if (pooled) {
        mongoc_client_pool_set_apm_callbacks(pool, callbacks, nullptr);
    }
    for (int i = 0; i < TIMES; i++) {
        mongoc_client_t *client = pooled ? mongoc_client_pool_pop(pool) : mongoc_client_new(uri);
        if (!pooled) {
            mongoc_client_set_apm_callbacks(client, callbacks, nullptr);
        }
        caught += ping_that_throws(client);
    }
    mongoc_uri_destroy(parsed);
    mongoc_apm_callbacks_destroy(callbacks);
    return caught;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        std::fprintf(stderr, "usage: bind_throw transaction|inside|event|pool URI\n");
        return 2;
    }
    mongoc_init();
    const bool pooled = std::strcmp(argv[1], "pool") == 0;
    catch_inside = std::strcmp(argv[1], "inside") == 0;
    const bool with_events = pooled || std::strcmp(argv[1], "event") == 0;
    std::printf("caught %d\n", with_events ? events(argv[2], pooled) : transactions(argv[2]));
    armed = false;
    std::printf("failed %d\n", work_rounds(argv[2], ROUNDS));
    return 0;
}
