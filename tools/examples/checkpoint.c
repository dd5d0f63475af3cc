/* SPDX-License-Identifier: Apache-2.0 */
/*
 * checkpoint URI: a run that goes on where an earlier one stopped, two batches in. Metadata can
 * hold documents and lists. Never put values of documents of the database there: it is stored.
 */
#include <phasetap/phasetap.h>

#include "pipeline.h"

static int64_t load_checkpoint(void)
{
    PHASETAP_SCOPE("Load Checkpoint");
    return 2L * EXAMPLE_BATCH;
}

static void resume(int64_t offset)
{
    PHASETAP_SCOPE("Masking Pipeline", phasetap_int("resumed_from", offset),
                   PHASETAP_DOCUMENT("checkpoint", phasetap_text("collection", "patients"),
                                     PHASETAP_LIST("done", phasetap_int(NULL, 0),
                                                   phasetap_int(NULL, EXAMPLE_BATCH))));
    for (; offset < (int64_t)EXAMPLE_BATCH * EXAMPLE_BATCHES; offset += EXAMPLE_BATCH) {
        {
            PHASETAP_SCOPE("Process Batch", phasetap_int("offset", offset));
            example_process_batch("masked");
        }
        PHASETAP_SCOPE("Save Checkpoint");
    }
}

int main(int argc, char **argv)
{
    example_open(argc, argv);
    resume(load_checkpoint());
    example_print_phases();
    example_close();
    return 0;
}
