/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay FOLDER [LOGS]: a fuzz target without libFuzzer, so that every build and compiler, with and
 * without sanitizers, runs the corpus and, of the target of logs, LOGS sequences of documents made
 * by the grammar and changed by it. The same every time.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "documents.h"
#include "target.h"

#define INPUT_BYTES (64u * 1024u)

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size)
{
    (void)data;
    return size < max_size ? size : max_size;
}

static int is_input(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void replay_file(const char *folder, const char *name)
{
    static uint8_t bytes[INPUT_BYTES];
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd >= 0 ? read(fd, bytes, sizeof bytes) : -1;
    fuzz_require(got >= 0, path);
    close(fd);
    LLVMFuzzerTestOneInput(bytes, (size_t)got);
}

static int replay_folder(const char *folder)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_input, alphasort);
    for (int i = 0; i < count; i++) {
        replay_file(folder, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return count;
}

static void make_logs(long logs)
{
    static uint8_t bytes[INPUT_BYTES];
    for (long seed = 0; seed < logs; seed++) {
        struct chance chance = chance_of((uint64_t)seed);
        size_t length = fuzz_log(&chance, bytes, sizeof bytes);
        LLVMFuzzerTestOneInput(bytes, length);
        length = fuzz_log_mutate(&chance, bytes, length, sizeof bytes);
        LLVMFuzzerTestOneInput(bytes, length);
    }
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        return 2;
    }
    int quiet = open("/dev/null", O_WRONLY | O_CLOEXEC); /* warnings about damaged logs */
    dup2(quiet, STDERR_FILENO);
    int count = replay_folder(argv[1]);
    long logs = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
    make_logs(logs);
    printf("%d inputs of the corpus, %ld sequences\n", count, logs);
    return count > 0 ? 0 : 1;
}
