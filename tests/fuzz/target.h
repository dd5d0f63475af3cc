/* SPDX-License-Identifier: Apache-2.0 */
/*
 * target.h: what a fuzz target has: libFuzzer's entry points (target_log.c also has a mutator of
 * its own), called by libFuzzer or by replay.c. A target aborts when a promise is broken. One
 * thread.
 */
#ifndef FUZZ_TARGET_H
#define FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A file without a name that holds the data; its path in `path`. Close the descriptor. */
#define FUZZ_PATH_BYTES 32
int fuzz_file(const uint8_t *data, size_t size, char path[FUZZ_PATH_BYTES]);

/* Ends the process with a sentence when `good` is false. */
void fuzz_require(int good, const char *what);

#endif
