/* SPDX-License-Identifier: Apache-2.0 */
#include "log/rotation.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/raw_file.h"
#include "base/text.h"
#include "log/log_begin.h"
#include "log/log_file.h"
#include "log/ring.h"
#include "phasetap/options.h"

#define PT_NEXT_SUFFIX   ".next" /* of a part that is being made */
#define PT_NAMES_TRIED   100u
#define PT_PARTS_AT_MOST 1024u

static uint32_t part = 1;
static int64_t rotation;
static void (*on_change)(void);
/* Which name an older part got: most often the first one. */
static uint8_t name_of_part[PT_PARTS_AT_MOST];

void pt_parts_begin(int64_t new_rotation, void (*changed)(void))
{
    part = 1;
    rotation = new_rotation;
    on_change = changed;
    pt_ring->parts[0] = pt_ring->parts[1] = 1;
}

uint32_t pt_parts_current(void)
{
    return part;
}

void pt_parts_forget(void)
{
    part = 1;
}

/* The part counts: the ring's events follow its first documents. */
static void commit(uint64_t bytes)
{
    uint64_t generation = pt_ring->generation + 1;
    pt_ring->committed_bytes[generation & 1] = bytes;
    pt_ring->parts[generation & 1] = part;
    __atomic_store_n(&pt_ring->generation, generation, __ATOMIC_RELEASE);
    if (on_change) {
        on_change();
    }
}

/* Writes the first documents of the next part; 0: it cannot take them. */
static uint64_t begin_documents(int fd)
{
    uint64_t bytes = 0;
    pt_log_number_part(part + 1);
    if (pt_log_begin_again(fd, &bytes) != PT_REASON_NONE) {
        pt_log_number_part(part);
        return 0;
    }
    return bytes;
}

/* NAME.N.bson for NAME.bson, or NAME.N; the name after the first has -1, -2, ... behind N. */
static bool numbered_name(char *out, uint32_t number, uint32_t attempt)
{
    const char *path = pt_log_path();
    char digits[24];
    size_t at = 0;
    bool fits = pt_text_append(out, PT_PATH_BYTES, &at, path);
    const char *end = at > 5 && strcmp(path + at - 5, ".bson") == 0 ? ".bson" : "";
    at -= strlen(end);
    pt_text_decimal(digits, number);
    fits = fits && pt_text_append(out, PT_PATH_BYTES, &at, ".") &&
           pt_text_append(out, PT_PATH_BYTES, &at, digits);
    if (attempt > 0) {
        pt_text_decimal(digits, attempt);
        fits = fits && pt_text_append(out, PT_PATH_BYTES, &at, "-") &&
               pt_text_append(out, PT_PATH_BYTES, &at, digits);
    }
    return fits && pt_text_append(out, PT_PATH_BYTES, &at, end);
}

/* Gives the current file its second name, never one that exists. */
static bool name_old(char *name)
{
    for (uint32_t attempt = 0; attempt < PT_NAMES_TRIED; attempt++) {
        int failed = numbered_name(name, part, attempt) ? pt_raw_link(pt_log_path(), name) : 0;
        if (failed == 0) {
            name_of_part[part % PT_PARTS_AT_MOST] = (uint8_t)attempt;
            return name[0] != '\0';
        }
        if (failed != PT_RAW_EXISTS) {
            break;
        }
    }
    return false;
}

/* So many are kept. */
static void remove_oldest(void)
{
    char name[PT_PATH_BYTES];
    uint32_t kept = (uint32_t)PT_ROTATION_COUNT(rotation);
    if (part > kept + 1) {
        uint32_t oldest = part - 1 - kept;
        if (numbered_name(name, oldest, name_of_part[oldest % PT_PARTS_AT_MOST])) {
            pt_raw_unlink(name);
        }
    }
}

/* The new part is complete beside the log before it takes the log's name. */
static bool exchange(int next, const char *next_name, uint64_t bytes)
{
    char old_name[PT_PATH_BYTES];
    if (!name_old(old_name)) {
        return false;
    }
    if (pt_raw_rename(next_name, pt_log_path()) != 0) {
        pt_raw_unlink(old_name);
        return false;
    }
    part++;
    pt_log_take_over(next);
    commit(bytes);
    remove_oldest();
    return true;
}

static bool rotate(int *fd)
{
    char next_name[PT_PATH_BYTES];
    size_t at = 0;
    if (!pt_text_append(next_name, sizeof next_name, &at, pt_log_path()) ||
        !pt_text_append(next_name, sizeof next_name, &at, PT_NEXT_SUFFIX) ||
        !pt_log_cut_back(*fd, pt_ring_committed_bytes())) {
        return false;
    }
    pt_raw_unlink(next_name); /* of a process that was killed while it rotated */
    int next = pt_log_create_part(next_name);
    uint64_t bytes = next >= 0 ? begin_documents(next) : 0;
    if (bytes == 0 || !exchange(next, next_name, bytes)) {
        pt_log_number_part(part);
        if (next >= 0) {
            pt_raw_close(next);
            pt_raw_unlink(next_name);
        }
        return false;
    }
    pt_raw_close(*fd);
    *fd = next;
    return true;
}

/* The name is free, or an empty file of ours has it: the log goes on there. */
static bool begin_at_name(int *fd, enum pt_log_name found)
{
    int next = found == PT_LOG_NAME_FREE ? pt_log_create_part(pt_log_path())
                                         : pt_log_adopt_part(pt_log_path());
    uint64_t bytes = next >= 0 ? begin_documents(next) : 0;
    if (bytes == 0) {
        if (next >= 0) {
            pt_raw_close(next);
        }
        return false;
    }
    part++;
    pt_log_take_over(next);
    commit(bytes);
    if (*fd >= 0) {
        pt_raw_close(*fd);
    }
    *fd = next;
    return true;
}

static bool is_cut(int fd)
{
    struct stat info;
    return pt_raw_stat(fd, &info) == 0 && (uint64_t)info.st_size < pt_ring_committed_bytes();
}

static bool begin_in_place(int fd)
{
    uint64_t bytes = begin_documents(fd);
    if (bytes > 0) {
        part++;
        commit(bytes);
    }
    return bytes > 0;
}

enum pt_part_turn pt_parts_turn(int *fd, uint64_t bytes)
{
    enum pt_log_name found = pt_log_look();
    if (found == PT_LOG_NAME_FREE || found == PT_LOG_NAME_EMPTY) {
        return begin_at_name(fd, found) ? PT_PART_NEW : PT_PART_STAYS;
    }
    if (*fd >= 0 && is_cut(*fd)) {
        return begin_in_place(*fd) ? PT_PART_CUT : PT_PART_STAYS;
    }
    bool full =
        rotation != 0 && pt_ring_committed_bytes() + bytes > (uint64_t)PT_ROTATION_BYTES(rotation);
    return *fd >= 0 && full && found == PT_LOG_NAME_OURS && rotate(fd) ? PT_PART_NEW
                                                                       : PT_PART_STAYS;
}
