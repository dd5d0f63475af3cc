/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/watch_find.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/bson_field.h"
#include "log/log_state.h"
#include "log/ring_reader.h"

#define MANIFEST_BYTES 65536
#define MEMORY_FOLDER  "/dev/shm"
#define LINK_BYTES     4096

static bool is_manifest(const struct pt_record *record)
{
    char *format = pt_field_text(record, "format");
    bool known = format != NULL && strcmp(format, PT_LOG_MAGIC) == 0;
    free(format);
    return known && pt_field_int(record, "k", 0) == PT_KIND_MANIFEST;
}

static void take_owner(struct pt_ring_owner *owner, const struct pt_record *record)
{
    char *boot = pt_field_text(record, "boot_id");
    *owner = (struct pt_ring_owner){.pid = pt_field_int(record, "pid", 0),
                                    .start_ticks = pt_field_int(record, "start_ticks", 0),
                                    .pid_namespace = (uint64_t)pt_field_int(record, "pid_ns", 0)};
    snprintf(owner->boot_id, sizeof owner->boot_id, "%s", boot != NULL ? boot : "");
    free(boot);
}

static int take_manifest(struct pt_watch_found *found, const struct pt_record *record)
{
    if (!is_manifest(record)) {
        return PT_LOG_NOT_LOG;
    }
    if (pt_field_int(record, "version", 0) != PT_FORMAT_VERSION) {
        return PT_LOG_VERSION;
    }
    char *id = pt_field_text(record, "ring");
    snprintf(found->id, sizeof found->id, "%s", id != NULL ? id : "");
    free(id);
    found->part = pt_field_int(record, "part", 1);
    take_owner(&found->owner, record);
    return found->id[0] != '\0' ? PT_LOG_OK : PT_LOG_NOT_LOG;
}

static int identify_bytes(struct pt_watch_found *found, const uint8_t *data, ssize_t bytes)
{
    uint32_t length = 0;
    if (bytes < (ssize_t)sizeof length) {
        return PT_LOG_EMPTY;
    }
    memcpy(&length, data, sizeof length);
    if (length < sizeof length + 1 || length > MANIFEST_BYTES) {
        return PT_LOG_NOT_LOG;
    }
    if (length > (uint32_t)bytes) {
        return PT_LOG_EMPTY; /* it is just being written */
    }
    struct pt_record record = {.data = data, .length_bytes = length};
    return take_manifest(found, &record);
}

int pt_watch_identify(const char *path, struct pt_watch_found *ret_found)
{
    struct stat status;
    int code = PT_LOG_MEMORY;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    uint8_t *data = malloc(MANIFEST_BYTES);
    if (fd < 0) {
        code = PT_LOG_OPEN;
    } else if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        code = PT_LOG_NOT_FILE;
    } else if (data != NULL) {
        code = identify_bytes(ret_found, data, pread(fd, data, MANIFEST_BYTES, 0));
    }
    int saved = errno;
    free(data);
    if (fd >= 0) {
        close(fd);
    }
    errno = saved;
    return code;
}

static bool is_ring_name(const char *name)
{
    static const char prefix[] = "phasetap-";
    size_t length = strlen(name), end = strlen(PT_RING_SUFFIX);
    return strncmp(name, prefix, sizeof prefix - 1) == 0 && length > end &&
           strcmp(name + length - end, PT_RING_SUFFIX) == 0;
}

void pt_watch_each_ring(pt_watch_ring_handler handler, void *context)
{
    DIR *folder = opendir(MEMORY_FOLDER);
    struct dirent *entry;
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        struct pt_ring_header header;
        char path[sizeof MEMORY_FOLDER + sizeof entry->d_name];
        snprintf(path, sizeof path, MEMORY_FOLDER "/%s", entry->d_name);
        if (is_ring_name(entry->d_name) && pt_ring_header_read(&header, path) &&
            header.status.state != PT_STATE_CLOSED && header.owner.log_path[0] == '/' &&
            pt_owner_state(&header.owner) == PT_OWNER_LIVES) {
            handler(context, &header.owner);
        }
    }
    if (folder != NULL) {
        closedir(folder);
    }
}

struct search {
    int64_t pid;
    uint64_t own_namespace;
    char *path;
};

static void compare(void *context, const struct pt_ring_owner *owner)
{
    struct search *search = context;
    if (search->path == NULL && owner->pid == search->pid &&
        owner->pid_namespace == search->own_namespace) {
        search->path = strdup(owner->log_path);
    }
}

/* The log that is open behind this link, of the process itself. */
static char *log_behind(const char *link, int64_t pid)
{
    char target[LINK_BYTES];
    struct pt_watch_found found;
    ssize_t length = readlink(link, target, sizeof target - 1);
    target[length > 0 ? length : 0] = '\0';
    bool named = length > 5 && target[0] == '/' && strcmp(target + length - 5, ".bson") == 0;
    bool own = named && pt_watch_identify(target, &found) == PT_LOG_OK && found.owner.pid == pid;
    return own ? strdup(target) : NULL;
}

static char *log_in_folder(const char *folder, int64_t pid)
{
    char *found = NULL;
    DIR *links = opendir(folder);
    struct dirent *entry;
    while (links != NULL && found == NULL && (entry = readdir(links)) != NULL) {
        char link[700];
        snprintf(link, sizeof link, "%s/%s", folder, entry->d_name);
        found = log_behind(link, pid);
    }
    if (links != NULL) {
        closedir(links);
    }
    return found;
}

/* The writer thread has descriptors of its own, so those of every thread are looked at. */
static char *log_of_threads(int64_t pid)
{
    char folder[64];
    char *found = NULL;
    snprintf(folder, sizeof folder, "/proc/%" PRId64 "/task", pid);
    DIR *threads = opendir(folder);
    struct dirent *entry;
    while (threads != NULL && found == NULL && (entry = readdir(threads)) != NULL) {
        char links[400];
        snprintf(links, sizeof links, "%s/%s/fd", folder, entry->d_name);
        found = entry->d_name[0] != '.' ? log_in_folder(links, pid) : NULL;
    }
    if (threads != NULL) {
        closedir(threads);
    }
    return found;
}

char *pt_watch_log_of(int64_t pid)
{
    struct stat status;
    struct search search = {.pid = pid};
    if (stat("/proc/self/ns/pid", &status) == 0) {
        search.own_namespace = status.st_ino;
    }
    pt_watch_each_ring(compare, &search);
    return search.path != NULL ? search.path : log_of_threads(pid);
}

/* One that has ended and was not waited for yet counts as gone. */
static bool is_zombie(int64_t pid)
{
    char path[64];
    char text[512] = "";
    snprintf(path, sizeof path, "/proc/%" PRId64 "/stat", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd >= 0 ? read(fd, text, sizeof text - 1) : 0;
    if (fd >= 0) {
        close(fd);
    }
    const char *state = got > 0 ? strrchr(text, ')') : NULL;
    return state != NULL && strncmp(state, ") Z", 3) == 0;
}

bool pt_watch_pid_exists(int64_t pid)
{
    bool there = pid > 0 && pid <= INT32_MAX && (kill((pid_t)pid, 0) == 0 || errno == EPERM);
    return there && !is_zombie(pid);
}
