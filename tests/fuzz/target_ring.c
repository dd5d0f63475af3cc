/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A log and the ring that a killed process left. The first eight bytes of an input are a seed, from
 * which log, documents of the ring and its descriptors are made; the others, twelve by twelve,
 * change header and descriptors: an offset and what is stored there.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <phasetap/ring_format.h>

#include "documents.h"
#include "outputs.h"
#include "target.h"

#define LOG_BYTES   (16u * 1024u)
#define CHUNKS_USED 6u

static char folder[] = "/tmp/phasetap-fuzz-XXXXXX";
static char log_path[64];
static char ring_path[80];

static void remove_files(void)
{
    unlink(log_path);
    unlink(ring_path);
    rmdir(folder);
}

static void make_folder(void)
{
    if (log_path[0] != '\0') {
        return;
    }
    fuzz_require(mkdtemp(folder) != NULL, "no folder");
    snprintf(log_path, sizeof log_path, "%s/l.bson", folder);
    snprintf(ring_path, sizeof ring_path, "%s%s", log_path, PT_RING_SUFFIX);
    atexit(remove_files);
}

static int create(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    fuzz_require(fd >= 0, path);
    return fd;
}

static void store(int fd, const void *data, size_t length, uint64_t offset)
{
    fuzz_require(pwrite(fd, data, length, (off_t)offset) == (ssize_t)length, "no room");
}

static void put_header(struct chance *chance, int fd, size_t log_length)
{
    struct pt_ring_header header = {.magic = PT_RING_MAGIC,
                                    .version = PT_RING_VERSION,
                                    .small_count = PT_SMALL_COUNT,
                                    .large_count = PT_LARGE_COUNT,
                                    .small_bytes = PT_SMALL_BYTES,
                                    .large_bytes = PT_LARGE_BYTES,
                                    .chunks_offset = PT_RING_HEADER_BYTES,
                                    .small_offset = PT_RING_SMALL_OFFSET,
                                    .large_offset = PT_RING_LARGE_OFFSET,
                                    .generation = chance_below(chance, 3),
                                    .committed_bytes = {log_length, log_length}};
    memset(header.id, 0x11, sizeof header.id);
    header.intent.generation = chance_below(chance, 3);
    header.intent.count = chance_below(chance, 4);
    for (uint32_t i = 0; i < header.intent.count; i++) {
        header.intent.entries[i].chunk = chance_below(chance, PT_CHUNK_COUNT + 2);
        header.intent.entries[i].flushed_bytes = chance_below(chance, 2000) & ~7u;
    }
    header.status.state = (int32_t)chance_below(chance, 5);
    header.status.events = chance_number(chance);
    store(fd, &header, sizeof header, 0);
}

/* Documents of the grammar, cut where the chunk ends. */
static void put_chunk(struct chance *chance, int fd, uint32_t chunk)
{
    static uint8_t bytes[PT_LARGE_BYTES];
    bool small = chunk < PT_SMALL_COUNT;
    uint64_t at = small
                      ? PT_RING_SMALL_OFFSET + (uint64_t)chunk * PT_SMALL_BYTES
                      : PT_RING_LARGE_OFFSET + (uint64_t)(chunk - PT_SMALL_COUNT) * PT_LARGE_BYTES;
    struct pt_ring_chunk descriptor = {.state = chance_below(chance, 4),
                                       .flushed_bytes = chance_below(chance, 1100) & ~7u,
                                       .sequence = chance_below(chance, 8)};
    memset(bytes, 0, sizeof bytes);
    fuzz_log(chance, bytes, sizeof bytes);
    store(fd, bytes, small ? PT_SMALL_BYTES : PT_LARGE_BYTES, at);
    store(fd, &descriptor, sizeof descriptor, PT_RING_HEADER_BYTES + chunk * sizeof descriptor);
}

static void put_ring(struct chance *chance, size_t log_length)
{
    int fd = create(ring_path);
    fuzz_require(ftruncate(fd, PT_RING_FILE_BYTES) == 0, "no room");
    put_header(chance, fd, log_length);
    for (uint32_t i = 0; i < CHUNKS_USED; i++) {
        put_chunk(chance, fd, chance_below(chance, PT_CHUNK_COUNT));
    }
    close(fd);
}

static void change_ring(const uint8_t *data, size_t size)
{
    int fd = open(ring_path, O_RDWR | O_CLOEXEC);
    for (size_t at = 0; at + 12 <= size; at += 12) {
        uint32_t offset;
        memcpy(&offset, data + at, sizeof offset);
        size_t length = 1 + (offset >> 29);
        store(fd, data + at + 4, length, offset % (PT_RING_SMALL_OFFSET - 8));
    }
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t bytes[LOG_BYTES];
    uint64_t seed = 0;
    if (size < sizeof seed) {
        return 0;
    }
    memcpy(&seed, data, sizeof seed);
    struct chance chance = chance_of(seed);
    make_folder();
    size_t length = fuzz_log(&chance, bytes, sizeof bytes);
    int fd = create(log_path);
    store(fd, bytes, length, 0);
    close(fd);
    put_ring(&chance, length);
    change_ring(data + sizeof seed, size - sizeof seed);
    /* Each output reads all of the ring, 6 MB: all of them once in eight. */
    if (seed % 8 == 0) {
        fuzz_outputs(log_path);
    } else {
        fuzz_report(log_path);
    }
    return 0;
}
