/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collections URI: one process masks three collections and writes a report for each of them, to
 * reports/masked1.json and so on. phasetap_reset begins the next section; the log keeps everything,
 * and the lines at the end are those of the last section.
 */
#include <phasetap/phasetap.h>
#include <stdio.h>

#include "pipeline.h"

#define COLLECTIONS 3

static void count_first(void)
{
    PHASETAP_SCOPE("Count Documents");
    (void)example_count_patients();
}

static void mask_collection(const char *name, int batches)
{
    count_first();
    PHASETAP_SCOPE("Masking Pipeline", phasetap_text("collection", name));
    for (int batch = 0; batch < batches; batch++) {
        PHASETAP_SCOPE("Process Batch", phasetap_int("batch_num", batch));
        example_process_batch(name);
    }
}

int main(int argc, char **argv)
{
    example_open(argc, argv);
    for (int number = 1; number <= COLLECTIONS; number++) {
        char name[32], report[64];
        snprintf(name, sizeof name, "masked%d", number);
        snprintf(report, sizeof report, "reports/masked%d.json", number);
        mask_collection(name, number);
        (void)phasetap_write_report(report);
        if (number < COLLECTIONS) {
            phasetap_reset();
        }
    }
    example_print_phases();
    example_close();
    return 0;
}
