/* SPDX-License-Identifier: Apache-2.0 */
/* The log reader and every output made from a log. */
#include <stdlib.h>
#include <unistd.h>

#include "documents.h"
#include "outputs.h"
#include "target.h"

/* By libFuzzer; replay.c has one that does nothing. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[FUZZ_PATH_BYTES];
    int fd = fuzz_file(data, size, path);
    fuzz_outputs(path);
    close(fd);
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
    struct chance chance = chance_of(seed);
    uint32_t way = chance_below(&chance, 8);
    if (max_size < 2 * FUZZ_CHUNK_BYTES || way < 2) {
        return LLVMFuzzerMutate(data, size, max_size);
    }
    return way == 2 ? fuzz_log(&chance, data, max_size)
                    : fuzz_log_mutate(&chance, data, size, max_size);
}
