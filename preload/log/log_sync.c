/* SPDX-License-Identifier: Apache-2.0 */
#include "log/log_sync.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/options.h"
#include "base/raw_file.h"
#include "base/text.h"
#include "log/disk_wait.h"
#include "log/log_file.h"

/* All of the writer thread. */
static bool dirty;         /* the log has grown since it was synced */
static bool folder_synced; /* the log's name is on the disk */
static int64_t synced_ns;

static void sync_folder(void)
{
    char folder[PT_PATH_BYTES];
    strncpy(folder, pt_log_path(), sizeof folder - 1);
    folder[sizeof folder - 1] = '\0';
    char *slash = strrchr(folder, '/');
    if (slash == NULL) {
        return;
    }
    slash[slash == folder] = '\0';
    int fd = pt_raw_open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)pt_raw_sync(fd);
        pt_raw_close(fd);
    }
}

static void sync_now(const int *kept_fd)
{
    int fd = kept_fd && *kept_fd >= 0 ? *kept_fd : pt_log_reopen();
    if (fd < 0) {
        return;
    }
    pt_disk_wait_begins();
    (void)pt_raw_sync_data(fd);
    if (!folder_synced) {
        sync_folder();
        folder_synced = true;
    }
    pt_disk_wait_ends();
    if (kept_fd == NULL || fd != *kept_fd) {
        pt_raw_close(fd);
    }
}

void pt_log_sync(const int *kept_fd, bool appended, bool last)
{
    dirty = dirty || appended;
    if (pt_options.SYNC == 0 || !dirty || (!last && pt_now_ns() - synced_ns < pt_options.SYNC)) {
        return;
    }
    int saved_errno = errno;
    sync_now(kept_fd);
    dirty = false;
    synced_ns = pt_now_ns();
    errno = saved_errno;
}

void pt_log_sync_forget(void)
{
    dirty = false;
    folder_synced = false;
    synced_ns = 0;
}
