/* SPDX-License-Identifier: Apache-2.0 */
#include "export/frames.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

#define FIRST_SLOTS 64 /* a power of two */

/* FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (; *text != '\0'; text++) {
        hash = (hash ^ (uint8_t)*text) * 0x100000001b3u;
    }
    return hash;
}

/* The slot of that name, or the free one where it belongs. */
static uint32_t *slot_of(const struct pt_frames *frames, const char *text)
{
    size_t mask = frames->slot_count - 1;
    size_t at = (size_t)hash_of(text) & mask;
    while (frames->slots[at] != 0 && strcmp(frames->texts[frames->slots[at] - 1], text) != 0) {
        at = (at + 1) & mask;
    }
    return &frames->slots[at];
}

static bool grow(struct pt_frames *frames)
{
    size_t count = frames->slot_count > 0 ? 2 * frames->slot_count : FIRST_SLOTS;
    uint32_t *slots = calloc(count, sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    free(frames->slots);
    frames->slots = slots;
    frames->slot_count = count;
    for (size_t i = 0; i < frames->count; i++) {
        *slot_of(frames, frames->texts[i]) = (uint32_t)i + 1;
    }
    return true;
}

static bool keep(struct pt_frames *frames, const char *text)
{
    char **texts =
        pt_array_reach(frames->texts, &frames->room, frames->count, 64, sizeof *frames->texts);
    char *copy = strdup(text);
    frames->texts = texts != NULL ? texts : frames->texts;
    if (texts == NULL || copy == NULL) {
        free(copy);
        return false;
    }
    frames->texts[frames->count++] = copy;
    return true;
}

int32_t pt_frame(struct pt_frames *frames, const char *text)
{
    const char *name = text != NULL ? text : "";
    if (2 * (frames->count + 1) > frames->slot_count && !grow(frames)) {
        return -1;
    }
    uint32_t *slot = slot_of(frames, name);
    if (*slot == 0) {
        if (!keep(frames, name)) {
            return -1;
        }
        *slot = (uint32_t)frames->count;
    }
    return (int32_t)(*slot - 1);
}

void pt_frames_release(struct pt_frames *frames)
{
    for (size_t i = 0; i < frames->count; i++) {
        free(frames->texts[i]);
    }
    free(frames->texts);
    free(frames->slots);
    *frames = (struct pt_frames){0};
}
