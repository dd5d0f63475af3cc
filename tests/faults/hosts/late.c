/* SPDX-License-Identifier: Apache-2.0 */
/* late URI: works, and has a library (late_library.c) that works once more while the process ends.
 */
#include "driver_work.h"

#include <stdio.h>

extern const char *late_library_uri;

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: late URI\n");
        return 120;
    }
    mongoc_init();
    late_library_uri = argv[1];
    printf("operations failed: %d\n", work_rounds(argv[1], 10));
    return 3;
}
