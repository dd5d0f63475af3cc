/* SPDX-License-Identifier: Apache-2.0 */
#include "log/name_file.h"

#include <errno.h>
#include <string.h>
#include <sys/uio.h>

#include "base/options.h"
#include "base/raw_file.h"
#include "base/text.h"
#include "log/log_file.h"
#include "log/name_table.h"
#include "log/name_token.h"
#include "phasetap/names_format.h"

#define PT_LINE_BYTES      (PT_TOKEN_BYTES + 2 * PT_NAME_BYTES + 2) /* every byte escaped */
#define PT_ROWS_BYTES      8192u
#define PT_NAME_ROWS_BYTES (2 * PT_LINE_BYTES) /* of one name: database and collection */

static char file_path[PT_PATH_BYTES];
static dev_t file_device;
static ino_t file_inode;
static int kept_fd = -1;    /* of the thread with a table of its own */
static uint64_t file_bytes; /* of whole lines */
static uint32_t names_done;
static char rows[PT_ROWS_BYTES];
static size_t rows_bytes;
static char last_database[PT_NAME_BYTES]; /* in `rows` */

static bool take_file(int fd)
{
    struct stat info;
    if (pt_raw_chmod(fd, 0600) != 0 || pt_raw_stat(fd, &info) != 0) { /* whatever the umask is */
        return false;
    }
    file_device = info.st_dev;
    file_inode = info.st_ino;
    file_bytes = 0;
    names_done = 0;
    return true;
}

bool pt_name_file_create(const char *log_path, bool *exists)
{
    size_t at = 0;
    *exists = false;
    pt_name_file_forget();
    if (!pt_text_append(file_path, sizeof file_path, &at, log_path) ||
        !pt_text_append(file_path, sizeof file_path, &at, PT_KEY_FILE_SUFFIX)) {
        file_path[0] = '\0';
        return false;
    }
    int fd = pt_raw_create(file_path, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
    *exists = fd < 0 && errno == EEXIST;
    bool taken = fd >= 0 && take_file(fd);
    if (fd >= 0) {
        pt_raw_close(fd);
    }
    if (fd >= 0 && !taken) {
        (void)pt_raw_unlink(file_path);
    }
    file_path[taken ? at : 0] = '\0';
    return taken;
}

void pt_name_file_abandon(void)
{
    if (file_path[0] != '\0') {
        (void)pt_raw_unlink(file_path);
    }
    pt_name_file_forget();
}

/* ---- lines ---- */

static void add_byte(char byte)
{
    static const char plain[] = "\\\t\n\r", letters[] = "\\tnr";
    const char *special = byte != '\0' ? strchr(plain, byte) : NULL;
    if (special) {
        rows[rows_bytes++] = '\\';
        byte = letters[special - plain];
    }
    rows[rows_bytes++] = byte;
}

/* A text that has no token stands in the log itself. */
static void add_line(enum pt_token_kind kind, const char *text)
{
    char room[PT_TOKEN_BYTES];
    const char *token = pt_token_of(room, kind, text);
    if (token == text) {
        return;
    }
    for (; *token != '\0'; token++) {
        rows[rows_bytes++] = *token;
    }
    rows[rows_bytes++] = '\t';
    for (; *text != '\0'; text++) {
        add_byte(*text);
    }
    rows[rows_bytes++] = '\n';
}

/* Of names that follow each other, most have the same database. */
static void add_name(const struct pt_name *name)
{
    char first[PT_NAME_BYTES], second[PT_NAME_BYTES];
    pt_name_copy(name, first, second);
    if (name->sort != PT_OF_NAMESPACE) {
        add_line(pt_name_token_kind((enum pt_name_sort)name->sort), first);
        return;
    }
    if (strcmp(first, last_database) != 0) {
        add_line(PT_TOKEN_DATABASE, first);
        memcpy(last_database, first, strlen(first) + 1);
    }
    add_line(PT_TOKEN_COLLECTION, second);
}

/* Fills `rows` from the first name that is not written on; the first one that is not in them. */
static uint32_t fill_rows(void)
{
    uint32_t next = names_done, count = pt_name_count();
    rows_bytes = 0;
    last_database[0] = '\0'; /* what was written before may not be there */
    if (file_bytes == 0) {
        memcpy(rows, PT_KEY_FILE_HEAD, sizeof PT_KEY_FILE_HEAD - 1);
        rows_bytes = sizeof PT_KEY_FILE_HEAD - 1;
    }
    for (; next < count && rows_bytes + PT_NAME_ROWS_BYTES <= sizeof rows; next++) {
        add_name(pt_name_by_id((int32_t)(PT_NAME_FIRST + next)));
    }
    return next;
}

/* ---- the file ---- */

static bool is_ours(int fd)
{
    struct stat info;
    return fd >= 0 && pt_raw_stat(fd, &info) == 0 && info.st_dev == file_device &&
           info.st_ino == file_inode;
}

/* -1: its name does not lead to it any more. */
static int open_file(bool kept)
{
    if (kept && is_ours(kept_fd)) {
        return kept_fd;
    }
    int fd = pt_raw_open(file_path, O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0 && !is_ours(fd)) {
        pt_raw_close(fd);
        fd = -1;
    }
    kept_fd = kept ? fd : kept_fd;
    return fd;
}

static bool append_rows(int fd)
{
    uint32_t next = fill_rows();
    struct iovec part = {rows, rows_bytes};
    if (pt_log_append(fd, file_bytes, &part, 1) != PT_REASON_NONE) {
        return false;
    }
    file_bytes += rows_bytes;
    names_done = next;
    return true;
}

void pt_name_file_write(bool kept)
{
    if (file_path[0] == '\0' || names_done == pt_name_count()) {
        return;
    }
    int fd = open_file(kept);
    bool good = fd >= 0;
    while (good && names_done < pt_name_count()) {
        good = append_rows(fd);
    }
    if (good && pt_options.SYNC > 0) { /* few names are new for long */
        (void)pt_raw_sync_data(fd);
    }
    if (fd >= 0 && !kept) {
        pt_raw_close(fd);
    }
}

void pt_name_file_forget(void)
{
    file_path[0] = '\0';
    kept_fd = -1;
    names_done = 0;
    file_bytes = 0;
}
