/* SPDX-License-Identifier: Apache-2.0 */
/* One phase of its own; prints "done" with phasetap and without. */
#include <phasetap/phasetap.h>
#include <stdio.h>

int main(void)
{
    PHASETAP_BEGIN("Load Checkpoint", phasetap_int("attempt", 1));
    PHASETAP_END("Load Checkpoint", phasetap_int("documents", 7));
    puts("done");
    return 0;
}
