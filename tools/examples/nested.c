/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nested URI: a phase inside a phase. The outer one is entered once, the inner one for each batch;
 * the report gives each entry of the inner phase its `parent`.
 */
#include <phasetap/phasetap.h>

#include "pipeline.h"

static void process_all(void)
{
    PHASETAP_SCOPE("Batch Processing", phasetap_int("total_batches", EXAMPLE_BATCHES));
    for (int batch = 0; batch < EXAMPLE_BATCHES; batch++) {
        PHASETAP_SCOPE("Process Batch", phasetap_int("batch_num", batch));
        example_process_batch("masked");
    }
}

int main(int argc, char **argv)
{
    example_open(argc, argv);
    process_all();
    example_print_phases();
    example_close();
    return 0;
}
