/* SPDX-License-Identifier: Apache-2.0 */
#include "documents.h"

#include <bson/bson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <phasetap/log_format.h>

#include "document_kinds.h"

#define DOCUMENTS_HIGHEST 512

/* ---- a list of documents, and the framing of a file ---- */

struct list {
    bson_t *items[DOCUMENTS_HIGHEST];
    size_t count;
};

static void append(struct list *list, bson_t *document)
{
    if (list->count == DOCUMENTS_HIGHEST) {
        bson_destroy(document);
    } else {
        list->items[list->count++] = document;
    }
}

/* Length a multiple of eight. A null element takes two bytes beside its key. */
static void pad(bson_t *document)
{
    size_t missing = (8 - document->len % 8) % 8;
    if (missing > 0) {
        missing += missing <= 2 ? 8 : 0;
        bson_append_null(document, "_________", (int)missing - 2);
    }
}

static size_t put_filler(uint8_t *bytes, size_t length)
{
    static const uint8_t shortest[8] = {8, 0, 0, 0, 0x0A, '_', 0, 0};
    memset(bytes, 0, length);
    if (length == sizeof shortest) {
        memcpy(bytes, shortest, length);
        return length;
    }
    uint32_t words[2] = {(uint32_t)length, (uint32_t)length - 13};
    memcpy(bytes, &words[0], 4);
    memcpy(bytes + 4, "\x05_", 3);
    memcpy(bytes + 7, &words[1], 4);
    bytes[11] = 0x80;
    return length;
}

/* Version 1 ends each chunk with a filler; a plain stream of documents is that of later ones. */
static size_t write_list(const struct list *list, bool chunks, uint8_t *bytes, size_t room)
{
    size_t at = 0;
    for (size_t i = 0; i < list->count; i++) {
        const bson_t *document = list->items[i];
        size_t left = FUZZ_CHUNK_BYTES - at % FUZZ_CHUNK_BYTES;
        if (chunks && document->len + 8 > FUZZ_CHUNK_BYTES) {
            continue;
        }
        if (chunks && document->len + 8 > left) {
            if (at + left + FUZZ_CHUNK_BYTES > room) {
                break;
            }
            at += put_filler(bytes + at, left);
        }
        if (at + document->len + 8 > room) {
            break;
        }
        memcpy(bytes + at, bson_get_data(document), document->len);
        at += document->len;
    }
    return chunks && at + 8 <= room ? at + put_filler(bytes + at, 8) : at;
}

static size_t finish(struct list *list, bool chunks, uint8_t *bytes, size_t room)
{
    for (size_t i = 0; i < list->count; i++) {
        pad(list->items[i]);
    }
    size_t length = write_list(list, chunks, bytes, room);
    for (size_t i = 0; i < list->count; i++) {
        bson_destroy(list->items[i]);
    }
    return length;
}

size_t fuzz_log(struct chance *chance, uint8_t *bytes, size_t room)
{
    struct list list = {.count = 0};
    bool chunks = chance_below(chance, 4) == 0;
    append(&list, fuzz_manifest(chunks));
    for (uint32_t count = 1 + chance_below(chance, 40); count > 0; count--) {
        append(&list, fuzz_document(chance));
    }
    return finish(&list, chunks, bytes, room);
}

/* The documents of a log, as far as it is well-formed; fillers are left out. */
static void read_list(struct list *list, const uint8_t *bytes, size_t length)
{
    uint32_t step;
    for (size_t at = 0; length - at >= 8; at += step) {
        memcpy(&step, bytes + at, sizeof step);
        bson_t view;
        if (step < 8 || step > length - at || !bson_init_static(&view, bytes + at, step) ||
            !bson_validate(&view, BSON_VALIDATE_NONE, NULL)) {
            return;
        }
        if (bytes[at + 5] != '_') {
            append(list, bson_copy(&view));
        }
    }
}

static void set_number(struct chance *chance, bson_t *document)
{
    bson_iter_t iter;
    uint32_t target = chance_below(chance, 16);
    for (bool good = bson_iter_init(&iter, document); good && bson_iter_next(&iter); target--) {
        if (target == 0 && BSON_ITER_HOLDS_INT32(&iter)) {
            bson_iter_overwrite_int32(&iter, (int32_t)chance_number(chance));
            return;
        }
        if (target == 0 && BSON_ITER_HOLDS_INT64(&iter)) {
            bson_iter_overwrite_int64(&iter, chance_number(chance));
            return;
        }
    }
}

static void change(struct chance *chance, struct list *list)
{
    size_t a = chance_below(chance, (uint32_t)list->count);
    size_t b = chance_below(chance, (uint32_t)list->count);
    bson_t *kept = list->items[a];
    switch (chance_below(chance, 6)) {
    case 0: /* exchange */
        list->items[a] = list->items[b];
        list->items[b] = kept;
        break;
    case 1: /* repeat */
        append(list, bson_copy(kept));
        break;
    case 2: /* remove, but not the last one */
        if (list->count > 1) {
            bson_destroy(kept);
            list->items[a] = list->items[--list->count];
        }
        break;
    case 3:
        set_number(chance, kept);
        break;
    default: /* another one, at any place */
        append(list, fuzz_document(chance));
        list->items[a] = list->items[list->count - 1];
        list->items[list->count - 1] = kept;
    }
}

static bool is_version_1(const bson_t *manifest)
{
    bson_iter_t iter;
    return bson_iter_init_find(&iter, manifest, "version") && BSON_ITER_HOLDS_INT32(&iter) &&
           bson_iter_int32(&iter) == PT_FORMAT_CHUNKS;
}

size_t fuzz_log_mutate(struct chance *chance, uint8_t *bytes, size_t length, size_t room)
{
    struct list list = {.count = 0};
    read_list(&list, bytes, length);
    if (list.count == 0) {
        append(&list, fuzz_manifest(false));
    }
    bool chunks = is_version_1(list.items[0]);
    for (uint32_t count = 1 + chance_below(chance, 4); count > 0; count--) {
        change(chance, &list);
    }
    return finish(&list, chunks, bytes, room);
}
