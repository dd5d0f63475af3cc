/* SPDX-License-Identifier: Apache-2.0 */
#include "unseen.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "bson_writer.h"
#include "elf_exports.h"
#include "loaded_object.h"
#include "log_file.h"
#include "original.h"
#include "process.h"
#include "recorder.h"
#include "text.h"

#define PT_UNSEEN_MAX 8u
#define PT_OBJECT_BYTES 64u
#define PT_DRIVER_MARK "mongoc_client_get_uri" /* in the driver's file of clients, so every copy that can connect has it */

struct unseen {
    enum pt_unseen why;
    char object[PT_OBJECT_BYTES]; /* file name */
};

static struct unseen found[PT_UNSEEN_MAX];
static unsigned found_count;
static unsigned long long objects_at_start;

void pt_unseen_begin(void)
{
    struct pt_object_changes changes = pt_objects_changes();
    objects_at_start = changes.loads - changes.unloads;
}

static void add(enum pt_unseen why, const char *path)
{
    size_t at = 0;
    if (found_count < PT_UNSEEN_MAX) {
        found[found_count].why = why;
        pt_text_append(found[found_count++].object, PT_OBJECT_BYTES, &at, pt_object_name(path));
    }
}

/* ---- drivers that export their functions ---- */

static bool was_called(const struct pt_object *object)
{
    for (unsigned i = 0; i < atomic_load(&pt_driver_count); i++) {
        if (pt_driver_at(i)->dynamic == object->dynamic) {
            return true;
        }
    }
    return false;
}

static bool is_shared_driver(const char *path)
{
    const char *name = pt_object_name(path);
    return strncmp(name, "libmongoc-1.0.so", 16) == 0 || strncmp(name, "libmongoc2.so", 13) == 0;
}

/* Objects are listed in the order in which they were loaded; those of the start stay first. */
static int look_for_exports(const struct pt_object *object, const struct dl_phdr_info *info, void *context)
{
    unsigned long long *position = context;
    (void)info;
    if ((*position)++ >= objects_at_start && pt_object_export(object->base, object->dynamic, PT_DRIVER_MARK) && !was_called(object)) {
        add(is_shared_driver(object->path) ? PT_UNSEEN_LOADED : PT_UNSEEN_COPY, object->path);
    }
    return 0;
}

/* ---- copies that do not ---- */

/* A message of the driver in two parts, so that this object does not hold it itself. */
static const char message[] = "Cannot set callbacks on a pooled client, ";
static const char message_end[] = "use mongoc_client_pool_set_apm_callbacks";
#define PT_MESSAGE_BYTES (sizeof message + sizeof message_end - 2)

static bool holds_message(const char *bytes, size_t size_bytes)
{
    const char *end = bytes + size_bytes;
    while (size_bytes >= PT_MESSAGE_BYTES && (bytes = memchr(bytes, message[0], size_bytes - PT_MESSAGE_BYTES + 1)) != NULL) {
        if (strncmp(bytes, message, sizeof message - 1) == 0 && strncmp(bytes + sizeof message - 1, message_end, sizeof message_end - 1) == 0) {
            return true;
        }
        size_bytes = (size_t)(end - ++bytes);
    }
    return false;
}

/* Reads by windows that overlap by the message's length. */
static bool file_holds_message(const char *path)
{
    static char window[65536];
    size_t kept = 0;
    bool hit = false;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    for (ssize_t got; fd >= 0 && !hit && (got = read(fd, window + kept, sizeof window - kept)) > 0;) {
        size_t filled = kept + (size_t)got;
        hit = holds_message(window, filled);
        kept = filled < PT_MESSAGE_BYTES ? filled : PT_MESSAGE_BYTES - 1;
        memmove(window, window + filled - kept, kept);
    }
    if (fd >= 0) {
        close(fd);
    }
    return hit;
}

/* Paths are copied first: files are not read under the loader's lock. */
#define PT_PATHS_MAX 256u
struct paths {
    unsigned count;
    char text[PT_PATHS_MAX][256];
};

static int take_path(const struct pt_object *object, const struct dl_phdr_info *info, void *context)
{
    struct paths *paths = context;
    size_t at = 0;
    (void)info;
    const char *path = paths->count == 0 ? "/proc/self/exe" : object->path; /* the program itself is listed first, without a path */
    bool fits = pt_text_append(paths->text[paths->count], sizeof paths->text[0], &at, path);
    bool exports = pt_object_export(object->base, object->dynamic, PT_DRIVER_MARK) != NULL; /* the shared driver holds the message too */
    paths->count += fits && !exports && path[0] == '/';
    return paths->count == PT_PATHS_MAX;
}

static void look_for_copies(void)
{
    static struct paths paths;
    pt_objects_each(take_path, &paths);
    for (unsigned i = 0; i < paths.count; i++) {
        if (file_holds_message(paths.text[i])) {
            char program[PT_PATH_BYTES];
            ssize_t length = readlink(paths.text[i], program, sizeof program - 1);
            program[length > 0 ? length : 0] = '\0';
            add(PT_UNSEEN_HIDDEN, length > 0 && i == 0 ? program : paths.text[i]);
        }
    }
}

bool pt_unseen_search(bool deep)
{
    unsigned long long position = 0;
    found_count = 0;
    pt_objects_each(look_for_exports, &position);
    if (deep && found_count == 0) {
        look_for_copies();
    }
    return found_count > 0;
}

static void write_one(struct pt_thread *t, const struct unseen *unseen)
{
    uint8_t buffer[192];
    struct pt_bson b;
    pt_bson_init(&b, buffer, sizeof buffer);
    pt_bson_int32(&b, "k", PT_KIND_UNSEEN);
    pt_bson_int32(&b, "why", (int32_t)unseen->why);
    pt_bson_string(&b, "object", unseen->object, PT_OBJECT_BYTES);
    pt_record_bytes(t, buffer, (uint32_t)pt_bson_finish(&b));
}

static void tell_one(const struct unseen *unseen)
{
    char text[PT_OBJECT_BYTES + 32];
    size_t at = pt_text_decimal(text, (uint64_t)unseen->why);
    text[at++] = ' ';
    text[at] = '\0';
    pt_text_append(text, sizeof text, &at, unseen->object);
    pt_process_tell("unseen", text);
}

void pt_unseen_write(struct pt_thread *t)
{
    if (found_count == 0) {
        pt_unseen_search(false);
    }
    for (unsigned i = 0; i < found_count; i++) {
        write_one(t, &found[i]);
        tell_one(&found[i]);
    }
}
