/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jumps MODE URI: leaves a driver call by another way than its return, as programs do from a
 * monitoring callback: `longjmp` (as PHP's bailout) or `throw` (a C++ exception). The client is
 * given up, as it must be; a further one then works as ever, for ROUNDS rounds of a ping and an
 * insert. Prints how often it jumped and what failed.
 */
#include "driver_work.h"

#include <csetjmp>
#include <cstdio>
#include <cstring>

#define JUMPS  5
#define ROUNDS 10

static jmp_buf landing;
static bool throwing;

static void leave(const mongoc_apm_command_succeeded_t *event)
{
    if (std::strcmp(mongoc_apm_command_succeeded_get_command_name(event), "ping") != 0) {
        return;
    }
    if (throwing) {
        throw 1;
    }
    longjmp(landing, 1);
}

static mongoc_client_t *leaving_client(const char *uri)
{
    mongoc_client_t *client = mongoc_client_new(uri);
    mongoc_apm_callbacks_t *callbacks = mongoc_apm_callbacks_new();
    mongoc_apm_set_command_succeeded_cb(callbacks, leave);
    mongoc_client_set_apm_callbacks(client, callbacks, nullptr);
    mongoc_apm_callbacks_destroy(callbacks);
    return client;
}

static int jump_out(const char *uri)
{
    mongoc_client_t *client = leaving_client(uri);
    if (setjmp(landing) == 0) {
        work_ping(client);
        return 0;
    }
    return 1;
}

static int throw_out(const char *uri)
{
    try {
        work_ping(leaving_client(uri));
    } catch (int thrown) {
        return thrown;
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        std::fprintf(stderr, "usage: jumps longjmp|throw URI\n");
        return 2;
    }
    mongoc_init();
    throwing = std::strcmp(argv[1], "throw") == 0;
    int jumped = 0;
    for (int i = 0; i < JUMPS; i++) {
        jumped += throwing ? throw_out(argv[2]) : jump_out(argv[2]);
    }
    std::printf("jumped %d\n", jumped);
    std::printf("failed %d\n", work_rounds(argv[2], ROUNDS));
    return 0;
}
