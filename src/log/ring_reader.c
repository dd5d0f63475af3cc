/* SPDX-License-Identifier: Apache-2.0 */
#include "log/ring_reader.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "log/ring_totals.h"

#define RING_BYTES_HIGHEST (64u * 1024u * 1024u)
#define CHUNKS_HIGHEST     65536u
#define COPY_ATTEMPTS      200
#define ATTEMPT_PAUSE_NS   1000000

/* An id is the only thing that a log brings into a path. */
static bool is_id(const char *id)
{
    return strlen(id) == 2 * PT_RING_ID_BYTES && strspn(id, "0123456789abcdef") == strlen(id);
}

static bool has_id(const struct pt_ring_header *header, const char *id)
{
    char hex[2 * PT_RING_ID_BYTES + 1];
    for (unsigned i = 0; i < PT_RING_ID_BYTES; i++) {
        snprintf(hex + 2 * i, 3, "%02x", header->id[i]);
    }
    return strcmp(hex, id) == 0;
}

/* The areas lie in the file, one behind the other. */
static bool is_sound(const struct pt_ring_header *header, uint64_t size)
{
    uint64_t chunks = (uint64_t)header->small_count + header->large_count;
    uint64_t small_end = header->small_offset + (uint64_t)header->small_count * header->small_bytes;
    uint64_t large_end = header->large_offset + (uint64_t)header->large_count * header->large_bytes;
    return header->magic == PT_RING_MAGIC && header->version == PT_RING_VERSION &&
           chunks <= CHUNKS_HIGHEST && header->chunks_offset >= sizeof *header &&
           header->chunks_offset % 8 == 0 &&
           header->chunks_offset + chunks * sizeof(struct pt_ring_chunk) <= header->small_offset &&
           small_end <= header->large_offset && large_end <= size && header->small_bytes >= 8 &&
           header->large_bytes >= 8 && header->small_offset % 8 == 0 &&
           header->large_offset % 8 == 0 && header->small_bytes % 8 == 0 &&
           header->large_bytes % 8 == 0;
}

static bool read_at(int fd, void *to, uint64_t bytes, uint64_t offset)
{
    return pread(fd, to, bytes, (off_t)offset) == (ssize_t)bytes;
}

static const struct pt_ring_header *header_of(const struct pt_ring_copy *copy)
{
    return (const struct pt_ring_header *)(const void *)copy->bytes;
}

/* True when the copy is of one moment: no append began or ended while it was made. */
static bool copy_once(struct pt_ring_copy *copy, int fd)
{
    struct pt_ring_header before, after;
    if (!read_at(fd, &before, sizeof before, 0) || !read_at(fd, copy->bytes, copy->size_bytes, 0) ||
        !read_at(fd, &after, sizeof after, 0)) {
        return false;
    }
    return before.generation == after.generation && before.intent.count == after.intent.count &&
           before.intent.generation == after.intent.generation;
}

static bool copy_whole(struct pt_ring_copy *copy, int fd)
{
    static const struct timespec pause = {.tv_nsec = ATTEMPT_PAUSE_NS};
    for (int attempt = 0; attempt < COPY_ATTEMPTS; attempt++) {
        if (copy_once(copy, fd)) {
            return true;
        }
        nanosleep(&pause, NULL);
    }
    return false;
}

static struct pt_ring_chunk *chunk_at(struct pt_ring_copy *copy, uint32_t chunk)
{
    uint8_t *chunks = copy->bytes + header_of(copy)->chunks_offset;
    return (struct pt_ring_chunk *)(void *)chunks + chunk;
}

/* Where the chunk's documents are, and how many bytes they may take. */
static const uint8_t *bytes_of(const struct pt_ring_copy *copy, uint32_t chunk, uint32_t *room)
{
    const struct pt_ring_header *h = header_of(copy);
    bool large = chunk >= h->small_count;
    *room = large ? h->large_bytes : h->small_bytes;
    return copy->bytes +
           (large ? h->large_offset + (uint64_t)(chunk - h->small_count) * h->large_bytes
                  : h->small_offset + (uint64_t)chunk * h->small_bytes);
}

/* An append counts from the moment in which its generation is the ring's, even when the chunks' own
 * counts had not followed yet. */
static void apply_intent(struct pt_ring_copy *copy)
{
    const struct pt_ring_header *h = header_of(copy);
    uint32_t count = h->intent.generation == h->generation ? h->intent.count : 0;
    for (uint32_t i = 0; i < count && i < PT_INTENT_COUNT; i++) {
        uint32_t chunk = h->intent.entries[i].chunk;
        if (chunk < h->small_count + h->large_count) {
            chunk_at(copy, chunk)->flushed_bytes = h->intent.entries[i].flushed_bytes;
        }
    }
}

/* How far whole documents reach. */
static uint32_t end_of_documents(const uint8_t *data, uint32_t from, uint32_t room)
{
    uint32_t at = from;
    while (room - at >= sizeof(uint32_t)) {
        uint32_t length;
        memcpy(&length, data + at, sizeof length);
        if (length == 0 || length % PT_ALIGN_BYTES != 0 || length > room - at) {
            break;
        }
        at += length;
    }
    return at;
}

static void add_run(struct pt_ring_copy *copy, uint32_t chunk)
{
    const struct pt_ring_chunk *c = chunk_at(copy, chunk);
    uint32_t room;
    const uint8_t *data = bytes_of(copy, chunk, &room);
    if ((c->state != PT_CHUNK_OWNED && c->state != PT_CHUNK_FULL) || c->flushed_bytes > room ||
        c->flushed_bytes % PT_ALIGN_BYTES != 0) {
        return;
    }
    uint32_t end = end_of_documents(data, c->flushed_bytes, room);
    if (end > c->flushed_bytes) {
        copy->runs[copy->run_count++] = (struct pt_ring_run){
            .data = data + c->flushed_bytes,
            .length_bytes = end - c->flushed_bytes,
            .sequence = c->sequence,
        };
    }
}

static int by_sequence(const void *a, const void *b)
{
    const struct pt_ring_run *left = a, *right = b;
    return (left->sequence > right->sequence) - (left->sequence < right->sequence);
}

static bool list_runs(struct pt_ring_copy *copy)
{
    uint32_t chunks = header_of(copy)->small_count + header_of(copy)->large_count;
    copy->runs = calloc(chunks > 0 ? chunks : 1, sizeof *copy->runs);
    if (copy->runs == NULL) {
        return false;
    }
    for (uint32_t chunk = 0; chunk < chunks; chunk++) {
        add_run(copy, chunk);
    }
    qsort(copy->runs, copy->run_count, sizeof *copy->runs, by_sequence);
    return true;
}

static void end_texts(struct pt_ring_owner *owner)
{
    owner->boot_id[sizeof owner->boot_id - 1] = '\0';
    owner->log_path[sizeof owner->log_path - 1] = '\0';
}

static bool take_copy(struct pt_ring_copy *copy, const char *id)
{
    const struct pt_ring_header *h = header_of(copy);
    if (!is_sound(h, copy->size_bytes) || !has_id(h, id) || h->status.state == PT_STATE_CLOSED) {
        return false;
    }
    copy->committed_bytes = h->committed_bytes[h->generation & 1];
    copy->part = h->parts[h->generation & 1] > 0 ? h->parts[h->generation & 1] : 1;
    copy->status = h->status;
    copy->owner = h->owner;
    end_texts(&copy->owner);
    copy->has_totals = pt_ring_totals_settle(copy->bytes, copy->size_bytes);
    apply_intent(copy);
    return list_runs(copy);
}

static int open_ring(const char *path)
{
    return open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
}

bool pt_ring_header_read(struct pt_ring_header *header, const char *path)
{
    struct stat status;
    int fd = open_ring(path);
    bool good = fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
                read_at(fd, header, sizeof *header, 0) &&
                is_sound(header, (uint64_t)status.st_size);
    if (fd >= 0) {
        close(fd);
    }
    if (good) {
        end_texts(&header->owner);
    }
    return good;
}

static bool read_file(struct pt_ring_copy *copy, const char *path, const char *id)
{
    struct stat status;
    int fd = open_ring(path);
    if (fd < 0) {
        return false;
    }
    bool good = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
                status.st_size >= (off_t)sizeof(struct pt_ring_header) &&
                status.st_size <= (off_t)RING_BYTES_HIGHEST;
    copy->size_bytes = good ? (uint64_t)status.st_size : 0;
    copy->bytes = good ? malloc(copy->size_bytes) : NULL;
    copy->path = good ? strdup(path) : NULL;
    good = copy->bytes != NULL && copy->path != NULL && copy_whole(copy, fd) && take_copy(copy, id);
    close(fd);
    if (!good) {
        pt_ring_copy_release(copy);
    }
    return good;
}

static int is_ring_name(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return length > sizeof PT_RING_SUFFIX - 1 &&
           strcmp(entry->d_name + length - (sizeof PT_RING_SUFFIX - 1), PT_RING_SUFFIX) == 0;
}

static bool read_in_folder(struct pt_ring_copy *copy, const char *log_path, const char *id)
{
    const char *slash = strrchr(log_path, '/');
    char *folder = slash == NULL ? strdup(".") : strndup(log_path, (size_t)(slash - log_path) + 1);
    struct dirent **entries = NULL;
    int count = folder != NULL ? scandir(folder, &entries, is_ring_name, alphasort) : 0;
    bool found = false;
    for (int i = 0; i < count; i++) {
        char *path = NULL;
        if (!found && asprintf(&path, "%s/%s", folder, entries[i]->d_name) >= 0) {
            found = read_file(copy, path, id);
            free(path);
        }
        free(entries[i]);
    }
    free(entries);
    free(folder);
    return found;
}

bool pt_ring_copy_read(struct pt_ring_copy *copy, const char *log_path, const char *id)
{
    char *beside = NULL, *in_memory = NULL;
    bool found = false;
    *copy = (struct pt_ring_copy){0};
    if (id == NULL || !is_id(id)) {
        return false;
    }
    if (asprintf(&beside, "%s" PT_RING_SUFFIX, log_path) > 0) {
        found = read_file(copy, beside, id);
        free(beside);
    }
    if (!found && asprintf(&in_memory, PT_RING_IN_MEMORY "%s" PT_RING_SUFFIX, id) > 0) {
        found = read_file(copy, in_memory, id);
        free(in_memory);
    }
    return found || read_in_folder(copy, log_path, id);
}

void pt_ring_copy_release(struct pt_ring_copy *copy)
{
    free(copy->path);
    free(copy->bytes);
    free(copy->runs);
    *copy = (struct pt_ring_copy){0};
}
