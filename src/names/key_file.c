/* SPDX-License-Identifier: Apache-2.0 */
#include "names/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <phasetap/names_format.h>

#include "base/array.h"
#include "names/token.h"

#define HEAD_BYTES (sizeof PT_KEY_FILE_HEAD - 1)

/* A regular file that begins as a key file does; NULL, with errno. */
static FILE *open_keys(const char *path)
{
    char head[HEAD_BYTES];
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    FILE *file = fd >= 0 ? fdopen(fd, "r") : NULL;
    if (file == NULL) {
        if (fd >= 0) {
            close(fd);
        }
        return NULL;
    }
    bool good = fstat(fd, &info) == 0 && S_ISREG(info.st_mode) &&
                fread(head, 1, HEAD_BYTES, file) == HEAD_BYTES &&
                memcmp(head, PT_KEY_FILE_HEAD, HEAD_BYTES) == 0;
    if (!good) {
        fclose(file);
        errno = EINVAL;
        return NULL;
    }
    return file;
}

bool pt_key_file_is(const char *path)
{
    FILE *file = open_keys(path);
    if (file != NULL) {
        fclose(file);
    }
    return file != NULL;
}

/* In place: what is escaped is longer. */
static void unescape(char *text)
{
    static const char letters[] = "\\tnr", plain[] = "\\\t\n\r";
    char *to = text;
    while (*text != '\0') {
        const char *letter = text[0] == '\\' && text[1] != '\0' ? strchr(letters, text[1]) : NULL;
        *to = *text;
        if (letter != NULL) {
            *to = plain[letter - letters];
            text++;
        }
        text++;
        to++;
    }
    *to = '\0';
}

/* "TOKEN<tab>NAME" without its end. False: no memory. */
static bool take_line(struct pt_keys *keys, const char *line)
{
    const char *tab = strchr(line, '\t');
    if (tab == NULL || pt_token_match(line, (size_t)(tab - line)) != PT_TOKEN_WHOLE) {
        return true;
    }
    struct pt_key *items = pt_array_reach(keys->items, &keys->room, keys->count, 64, sizeof *items);
    char *copy = items != NULL ? strdup(line) : NULL;
    keys->items = items != NULL ? items : keys->items;
    if (copy == NULL) {
        return false;
    }
    copy[tab - line] = '\0';
    struct pt_key *key = &keys->items[keys->count++];
    *key = (struct pt_key){.token = copy, .name = copy + (tab - line) + 1};
    unescape(key->name);
    return true;
}

/* A last line without an end is one that is being written. */
static bool take_lines(struct pt_keys *keys, FILE *file)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    bool good = true;
    while (good && (length = getline(&line, &room, file)) > 0 && line[length - 1] == '\n') {
        line[length - 1] = '\0';
        good = take_line(keys, line);
    }
    free(line);
    return good && ferror(file) == 0;
}

bool pt_keys_read(struct pt_keys *keys, const char *path)
{
    FILE *file = open_keys(path);
    errno = file != NULL ? 0 : errno;
    bool good = file != NULL && take_lines(keys, file);
    int error = errno;
    if (file != NULL) {
        fclose(file);
    }
    errno = error;
    return good;
}

static int compare(const void *a, const void *b)
{
    const struct pt_key *left = a, *right = b;
    return strcmp(left->token, right->token);
}

void pt_keys_sort(struct pt_keys *keys)
{
    size_t kept = 0;
    if (keys->count > 0) {
        qsort(keys->items, keys->count, sizeof *keys->items, compare);
    }
    for (size_t i = 0; i < keys->count; i++) {
        if (kept > 0 && strcmp(keys->items[kept - 1].token, keys->items[i].token) == 0) {
            free(keys->items[i].token);
        } else {
            keys->items[kept++] = keys->items[i];
        }
    }
    keys->count = kept;
}

const char *pt_keys_find(const struct pt_keys *keys, const char *token)
{
    size_t low = 0, high = keys->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(token, keys->items[middle].token);
        if (order == 0) {
            return keys->items[middle].name;
        }
        low = order > 0 ? middle + 1 : low;
        high = order > 0 ? high : middle;
    }
    return NULL;
}

void pt_keys_release(struct pt_keys *keys)
{
    for (size_t i = 0; i < keys->count; i++) {
        free(keys->items[i].token);
    }
    free(keys->items);
    *keys = (struct pt_keys){0};
}
