/* SPDX-License-Identifier: Apache-2.0 */
#include "log/log_begin.h"

#include <stddef.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/raw_file.h"
#include "log/log_file.h"
#include "log/name_table.h"

static uint8_t *manifest;
static uint32_t manifest_bytes;
#define PT_HEAD_BYTES 256u
static uint8_t names[16384]; /* the start, or the holder of the flush lock */

static enum pt_reason append(int fd, uint64_t *bytes, const void *documents, size_t more)
{
    struct iovec part = {(void *)(uintptr_t)documents, more};
    enum pt_reason reason = pt_log_append(fd, *bytes, &part, 1);
    if (reason == PT_REASON_NONE) {
        *bytes += more;
    }
    return reason;
}

static enum pt_reason append_names(int fd, uint64_t *bytes)
{
    enum pt_reason reason = PT_REASON_NONE;
    size_t used = 0;
    uint32_t count = pt_name_count();
    for (uint32_t i = 0; i < count && reason == PT_REASON_NONE; i++) {
        used += pt_name_document(names + used, pt_name_by_id((int32_t)(PT_NAME_FIRST + i)));
        if (used + PT_NAME_DOC_BYTES > sizeof names || i + 1 == count) {
            reason = append(fd, bytes, names, used);
            used = 0;
        }
    }
    return reason;
}

/* `part` is among the first elements. */
void pt_log_number_part(uint32_t part)
{
    static const uint8_t key[] = {0x10, 'p', 'a', 'r', 't', 0};
    uint32_t end = manifest_bytes < PT_HEAD_BYTES ? manifest_bytes : PT_HEAD_BYTES;
    for (uint32_t at = 0; at + sizeof key + sizeof part <= end; at++) {
        if (memcmp(manifest + at, key, sizeof key) == 0) {
            memcpy(manifest + at + sizeof key, &part, sizeof part);
            return;
        }
    }
}

enum pt_reason pt_log_begin_again(int fd, uint64_t *bytes)
{
    *bytes = 0;
    enum pt_reason reason = append(fd, bytes, manifest, manifest_bytes);
    return reason != PT_REASON_NONE ? reason : append_names(fd, bytes);
}

enum pt_reason pt_log_begin(void *new_manifest, uint32_t new_manifest_bytes, uint64_t *bytes)
{
    manifest = new_manifest;
    manifest_bytes = new_manifest_bytes;
    int fd = pt_log_reopen();
    if (fd < 0) {
        return PT_REASON_OPEN;
    }
    enum pt_reason reason = pt_log_begin_again(fd, bytes);
    pt_raw_close(fd);
    return reason;
}
