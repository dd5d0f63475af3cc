/* SPDX-License-Identifier: Apache-2.0 */
/* Its destructor uses the driver. The program depends on this library, so it is set up before the
 * preload object and taken down behind it: the driver calls come after phasetap's own end. */
#include "driver_work.h"

#include <stdio.h>

extern const char *late_library_uri;

const char *late_library_uri;

__attribute__((destructor)) static void work_late(void)
{
    if (late_library_uri != NULL) {
        printf("late operations failed: %d\n", work_rounds(late_library_uri, 5));
        fflush(stdout);
    }
}
