/* SPDX-License-Identifier: Apache-2.0 */
/*
 * work URI ROUNDS [PAUSE_MS]: the plainest program: pings and inserts ROUNDS times, then waits.
 * Prints `failed N`, AT_SECURE if it is set, and leaves with status 0 or 1. Also built as
 * work_noplt (-fno-plt), work_now (-z now), work_lazy (-z lazy).
 */
#include "driver_work.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: work URI ROUNDS [PAUSE_MS]\n");
        return 2;
    }
    mongoc_init();
    const int failed = work_rounds(argv[1], atoi(argv[2]));
    printf("failed %d%s\n", failed, getauxval(AT_SECURE) != 0 ? ", secure mode" : "");
    fflush(stdout);
    usleep(argc > 3 ? (useconds_t)atoi(argv[3]) * 1000U : 0);
    mongoc_cleanup();
    return failed == 0 ? 0 : 1;
}
