/* SPDX-License-Identifier: Apache-2.0 */
#include "host/orphans.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/raw_file.h"
#include "base/text.h"
#include "log/ring_fold.h"

#define PT_SHM_FOLDER "/dev/shm/"
#define PT_NAME_HEAD  "phasetap-"
#define PT_NAME_CHARS                                                                              \
    (sizeof PT_NAME_HEAD - 1 + 2 * (size_t)PT_RING_ID_BYTES + sizeof PT_RING_SUFFIX - 1)

/* struct linux_dirent64 of the kernel, which no header declares. */
struct entry {
    uint64_t inode;
    int64_t offset;
    uint16_t bytes; /* of this entry */
    uint8_t type;
    char name[];
};

/* Mapped for the time of one pass: neither from the host's allocator nor from its memory later. */
struct pass {
    struct pt_ring_owner self;
    bool (*go_on)(void *context);
    void *context;
    unsigned folded, seen;
    uint8_t entries[4096] __attribute__((aligned(8)));
    struct pt_fold_room room;
};

static atomic_bool folding;

static bool is_ring_name(const char *name)
{
    size_t length = strlen(name);
    return length == PT_NAME_CHARS && strncmp(name, PT_NAME_HEAD, sizeof PT_NAME_HEAD - 1) == 0 &&
           strcmp(name + length - (sizeof PT_RING_SUFFIX - 1), PT_RING_SUFFIX) == 0;
}

static void fold_one(struct pass *pass, const char *name)
{
    char path[sizeof PT_SHM_FOLDER + PT_NAME_CHARS] = "";
    size_t at = 0;
    pt_text_append(path, sizeof path, &at, PT_SHM_FOLDER);
    pt_text_append(path, sizeof path, &at, name);
    atomic_store(&folding, true);
    pass->folded += pt_ring_fold(path, &pass->self, &pass->room) == PT_FOLD_DONE;
    atomic_store(&folding, false);
    pass->seen++;
}

/* False: enough. */
static bool fold_listed(struct pass *pass, size_t bytes)
{
    for (size_t at = 0; at < bytes;) {
        const struct entry *entry = (const void *)(pass->entries + at);
        at += entry->bytes;
        if (!is_ring_name(entry->name)) {
            continue;
        }
        if (pass->folded == PT_ORPHANS_FOLDED || pass->seen == PT_ORPHANS_SEEN ||
            !pass->go_on(pass->context)) {
            return false;
        }
        fold_one(pass, entry->name);
    }
    return true;
}

/* opendir would allocate. */
static void fold_folder(struct pass *pass)
{
    int folder = pt_raw_open(PT_SHM_FOLDER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    long got = folder >= 0 ? 1 : 0;
    while (got > 0) {
        got = syscall(SYS_getdents64, folder, pass->entries, sizeof pass->entries);
        if (got > 0 && !fold_listed(pass, (size_t)got)) {
            break;
        }
    }
    if (folder >= 0) {
        pt_raw_close(folder);
    }
}

void pt_orphans_fold(bool (*go_on)(void *context), void *context)
{
    struct pass *pass =
        mmap(NULL, sizeof *pass, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pass == MAP_FAILED) {
        return;
    }
    pt_ring_owner_fill(&pass->self, "");
    pass->go_on = go_on;
    pass->context = context;
    fold_folder(pass);
    munmap(pass, sizeof *pass);
}

bool pt_orphans_are_folded(void)
{
    return atomic_load(&folding);
}

void pt_orphans_forget(void)
{
    atomic_store(&folding, false);
}
