/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hold: starts the recording by one driver call and then waits. (rows `inert`, `sampler`)
 *     hold MILLISECONDS
 * Prints how long the first and the second mongoc_client_new took, in microseconds.
 */
#include <mongoc/mongoc.h>
#include <unistd.h>

#include "measure.h"

static double construct_us(void)
{
    int64_t start_ns = bench_now_ns();
    mongoc_client_t *client = mongoc_client_new("mongodb://127.0.0.1:1");
    int64_t end_ns = bench_now_ns();
    mongoc_client_destroy(client);
    return (double)(end_ns - start_ns) / 1000;
}

int main(int argc, char **argv)
{
    long milliseconds = bench_number(argc, argv, 1, "MILLISECONDS");
    mongoc_init();
    double first_us = construct_us();
    printf("first_us=%.1f second_us=%.1f\n", first_us, construct_us());
    usleep((useconds_t)milliseconds * 1000);
    mongoc_cleanup();
    return 0;
}
