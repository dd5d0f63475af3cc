/* SPDX-License-Identifier: Apache-2.0 */
#include "log/fold_totals.h"

#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/raw_file.h"

/* What was stated with an append that counts. */
static uint32_t redo_count(const struct pt_ring_header *h)
{
    uint32_t count = h->intent.generation == h->generation ? h->redo_count : 0;
    return count <= PT_TOTAL_REDO_COUNT ? count : 0;
}

bool pt_fold_totals_has(const struct pt_ring_header *h)
{
    return h->totals_used != 0 || h->overflow_used != 0 || redo_count(h) > 0;
}

static bool read_at(int fd, void *to, size_t bytes, uint64_t offset)
{
    return pt_raw_pread(fd, to, bytes, (off_t)offset) == (ssize_t)bytes;
}

static bool read_areas(struct pt_fold_totals *room, int fd)
{
    return read_at(fd, &room->thinned, sizeof room->thinned, PT_RING_TOTALS_OFFSET) &&
           read_at(fd, &room->redo, sizeof room->redo, PT_RING_REDO_OFFSET) &&
           read_at(fd, &room->overflow, sizeof room->overflow, PT_RING_OVERFLOW_OFFSET);
}

static void apply_redo(struct pt_fold_totals *room, uint32_t count)
{
    int64_t *cells = (int64_t *)(void *)&room->thinned;
    for (uint32_t i = 0; i < count; i++) {
        if (room->redo[i].cell < PT_TOTAL_CELLS) {
            cells[room->redo[i].cell] = room->redo[i].value;
        }
    }
}

uint32_t pt_fold_totals_read(struct pt_fold_totals **room, int ring_fd,
                             const struct pt_ring_header *header)
{
    uint32_t used = 0;
    struct pt_fold_totals *made =
        mmap(NULL, sizeof *made, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *room = NULL;
    if (made == MAP_FAILED) {
        return 0;
    }
    bool good = read_areas(made, ring_fd);
    if (good) {
        apply_redo(made, redo_count(header));
    }
    if (good && made->thinned.stored == 0) {
        good = pt_total_documents(&made->thinned, made->text, sizeof made->text, &used) &&
               pt_total_documents(&made->overflow, made->text, sizeof made->text, &used);
    }
    if (!good) {
        pt_fold_totals_release(made);
        return 0;
    }
    *room = made;
    return used;
}

void pt_fold_totals_release(struct pt_fold_totals *room)
{
    if (room != NULL) {
        munmap(room, sizeof *room);
    }
}
