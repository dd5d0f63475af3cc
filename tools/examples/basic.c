/* SPDX-License-Identifier: Apache-2.0 */
/*
 * basic URI: the original's complete example in C. A phase each for connecting, querying and
 * masking, and one for each batch inside the masking.
 *
 *     phasetap run -o basic.bson -- build/bin/targets/example_basic mongodb://127.0.0.1:27017
 *     phasetap summary --format classic basic.bson
 *
 * "Database Connection" and "Document Query" are names of recognised phases too. The program's
 * phases keep them; the recognised ones are reported as "Document Query (recognised)" beside them.
 */
#include <phasetap/phasetap.h>

#include "pipeline.h"

static void mask_in_batches(bson_t **documents, size_t count)
{
    PHASETAP_SCOPE("Masking Process", phasetap_int("total_docs", (int64_t)count));
    for (size_t at = 0; at + EXAMPLE_BATCH <= count; at += EXAMPLE_BATCH) {
        {
            PHASETAP_SCOPE("Mask Batch", phasetap_int("batch_num", (int64_t)(at / EXAMPLE_BATCH)));
            example_mask(&documents[at], EXAMPLE_BATCH);
        }
        PHASETAP_SCOPE("Insert Batch", phasetap_int("batch_size", EXAMPLE_BATCH));
        example_insert(&documents[at], EXAMPLE_BATCH, "masked");
    }
}

int main(int argc, char **argv)
{
    bson_t *documents[EXAMPLE_BATCH * EXAMPLE_BATCHES];
    size_t count = 0;
    example_open(argc, argv);
    phasetap_begin("Database Connection");
    PHASETAP_END("Database Connection", phasetap_text("status", example_connect()));
    {
        PHASETAP_SCOPE("Document Query", phasetap_int("limit", EXAMPLE_BATCH * EXAMPLE_BATCHES));
        count = example_fetch(documents, EXAMPLE_BATCH * EXAMPLE_BATCHES);
    }
    mask_in_batches(documents, count);
    example_release(documents, count);
    example_print_phases();
    example_close();
    return 0;
}
