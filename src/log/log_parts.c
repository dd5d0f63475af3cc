/* SPDX-License-Identifier: Apache-2.0 */
#include "log/log_parts.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"

#define HEAD_BYTES 512u

/* The value behind an element's type and key; NULL: it is not among the first bytes. */
static const uint8_t *find(const uint8_t *head, size_t bytes, const char *key, size_t key_bytes,
                           size_t value_bytes)
{
    for (size_t at = 0; at + key_bytes + value_bytes <= bytes; at++) {
        if (memcmp(head + at, key, key_bytes) == 0) {
            return head + at + key_bytes;
        }
    }
    return NULL;
}

bool pt_log_part_of(int fd, char id[PT_PART_ID_BYTES], int64_t *ret_number)
{
    static const char ring[] = "\x02ring\0\x21\0\0", part[] = "\x10part";
    uint8_t head[HEAD_BYTES];
    int32_t number = 1;
    ssize_t got = pread(fd, head, sizeof head, 0);
    size_t bytes = got > 0 ? (size_t)got : 0;
    const uint8_t *text = find(head, bytes, ring, sizeof ring, PT_PART_ID_BYTES);
    const uint8_t *value = find(head, bytes, part, sizeof part, sizeof number);
    if (text == NULL || text[PT_PART_ID_BYTES - 1] != '\0') {
        return false;
    }
    memcpy(id, text, PT_PART_ID_BYTES);
    if (value != NULL) {
        memcpy(&number, value, sizeof number);
    }
    *ret_number = number;
    return number >= 1 && strlen(id) == PT_PART_ID_BYTES - 1;
}

static int open_file(const char *path)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd >= 0 && (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static uint64_t size_of(int fd)
{
    struct stat status;
    return fstat(fd, &status) == 0 ? (uint64_t)status.st_size : 0;
}

/* Takes fd and path. */
static void add(struct pt_log_parts *parts, int fd, char *path, int64_t number)
{
    struct pt_log_part *list =
        pt_array_reach(parts->list, &parts->room, parts->count, 8, sizeof(struct pt_log_part));
    if (list == NULL || path == NULL) {
        free(path);
        close(fd);
        return;
    }
    parts->list = list;
    list[parts->count++] =
        (struct pt_log_part){.fd = fd, .number = number, .bytes = size_of(fd), .path = path};
}

static int by_number(const void *a, const void *b)
{
    const struct pt_log_part *left = a, *right = b;
    return (left->number > right->number) - (left->number < right->number);
}

/* A file with two names (a process was killed while it rotated) is one part. */
static void drop_repeated(struct pt_log_parts *parts)
{
    size_t kept = 0;
    for (size_t i = 0; i < parts->count; i++) {
        if (kept > 0 && parts->list[kept - 1].number == parts->list[i].number) {
            close(parts->list[i].fd);
            free(parts->list[i].path);
        } else {
            parts->list[kept++] = parts->list[i];
        }
    }
    parts->count = kept;
}

/* False: it is a newer part of the same log. */
static bool look_at(struct pt_log_parts *parts, char *path, const char *id, int64_t number)
{
    char other[PT_PART_ID_BYTES];
    int64_t found = 0;
    int fd = path != NULL ? open_file(path) : -1;
    bool same = fd >= 0 && pt_log_part_of(fd, other, &found) && strcmp(other, id) == 0;
    if (same && found < number) {
        add(parts, fd, path, found);
        return true;
    }
    if (fd >= 0) {
        close(fd);
    }
    free(path);
    return !same || found == number;
}

static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
}

/* A part that does not count yet; a killed process leaves it behind. */
static bool is_unfinished(const char *name)
{
    size_t length = strlen(name);
    return length > 5 && strcmp(name + length - 5, ".next") == 0;
}

static bool look_in_folder(struct pt_log_parts *parts, const char *folder, const char *id,
                           int64_t number)
{
    DIR *entries = opendir(folder);
    bool newest = entries != NULL;
    struct dirent *entry;
    for (int looked = 0; newest && looked < PT_PARTS_LOOKED_AT; looked++) {
        char *path = NULL;
        if ((entry = readdir(entries)) == NULL) {
            break;
        }
        if (!is_unfinished(entry->d_name) &&
            (entry->d_type == DT_REG || entry->d_type == DT_UNKNOWN) &&
            asprintf(&path, "%s/%s", folder, entry->d_name) >= 0) {
            newest = look_at(parts, path, id, number);
        }
    }
    if (entries != NULL) {
        closedir(entries);
    }
    return newest;
}

void pt_log_parts_find(struct pt_log_parts *parts, const char *path, const char *id, int64_t number)
{
    char *folder = number > 1 ? folder_of(path) : NULL;
    *parts = (struct pt_log_parts){0};
    if (folder == NULL) {
        return;
    }
    if (!look_in_folder(parts, folder, id, number)) {
        pt_log_parts_release(parts);
    } else {
        if (parts->count > 1) {
            qsort(parts->list, parts->count, sizeof *parts->list, by_number);
        }
        drop_repeated(parts);
        parts->missing = number - 1 - (int64_t)parts->count;
        add(parts, open_file(path), strdup(path), number);
    }
    free(folder);
}

/* Documents are multiples of 8 bytes long. */
uint64_t pt_log_parts_lay_out(struct pt_log_parts *parts)
{
    uint64_t at = 0;
    for (size_t i = 0; i < parts->count; i++) {
        struct pt_log_part *part = &parts->list[i];
        bool last = i + 1 == parts->count;
        part->bytes -= last ? 0 : part->bytes % 8;
        part->begin_bytes = at;
        at += part->bytes;
    }
    return at;
}

const struct pt_log_part *pt_log_parts_at(const struct pt_log_parts *parts, uint64_t offset)
{
    for (size_t i = 0; i < parts->count; i++) {
        const struct pt_log_part *part = &parts->list[i];
        if (offset >= part->begin_bytes && offset - part->begin_bytes < part->bytes) {
            return part;
        }
    }
    return NULL;
}

struct pt_log_part *pt_log_parts_numbered(struct pt_log_parts *parts, int64_t number)
{
    for (size_t i = 0; i < parts->count; i++) {
        if (parts->list[i].number == number) {
            return &parts->list[i];
        }
    }
    return NULL;
}

void pt_log_parts_release(struct pt_log_parts *parts)
{
    for (size_t i = 0; i < parts->count; i++) {
        close(parts->list[i].fd);
        free(parts->list[i].path);
    }
    free(parts->list);
    *parts = (struct pt_log_parts){0};
}

struct identity {
    char id[PT_PART_ID_BYTES];
    int64_t number;
    size_t index;
};

static bool identify(struct identity *identity, const char *path)
{
    int fd = path != NULL ? open_file(path) : -1;
    bool known = fd >= 0 && pt_log_part_of(fd, identity->id, &identity->number);
    if (fd >= 0) {
        close(fd);
    }
    return known;
}

static int by_log(const void *a, const void *b)
{
    const struct identity *left = a, *right = b;
    int order = strcmp(left->id, right->id);
    return order != 0 ? order : (left->number > right->number) - (left->number < right->number);
}

static bool in_same_folder(const char *one, const char *other)
{
    struct stat here, there;
    char *first = folder_of(one), *second = folder_of(other);
    bool same = first != NULL && second != NULL && stat(first, &here) == 0 &&
                stat(second, &there) == 0 && here.st_dev == there.st_dev &&
                here.st_ino == there.st_ino;
    free(first);
    free(second);
    return same;
}

void pt_log_mark_older_parts(char *const *paths, size_t count, bool *older)
{
    struct identity *all = calloc(count > 0 ? count : 1, sizeof *all);
    size_t known = 0;
    for (size_t i = 0; all != NULL && i < count; i++) {
        all[known].index = i;
        known += identify(&all[known], paths[i]);
    }
    if (all != NULL) {
        qsort(all, known, sizeof *all, by_log);
    }
    for (size_t i = 0; i + 1 < known; i++) {
        older[all[i].index] |= strcmp(all[i].id, all[i + 1].id) == 0 && all[i + 1].number > 1 &&
                               in_same_folder(paths[all[i].index], paths[all[i + 1].index]);
    }
    free(all);
}
