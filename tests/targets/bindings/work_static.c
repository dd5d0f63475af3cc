/* SPDX-License-Identifier: Apache-2.0 */
/*
 * work_static: a statically linked program that holds a sentence of the driver's own, which is how
 * `phasetap check` recognises a static copy of the driver. It does not call the driver: no
 * distribution has a static build of it.
 */
#include <stdio.h>

int main(void)
{
    puts("Cannot set callbacks on a pooled client, use mongoc_client_pool_set_apm_callbacks");
    return 0;
}
