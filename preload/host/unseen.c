/* SPDX-License-Identifier: Apache-2.0 */
#include "host/unseen.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/raw_file.h"
#include "bson/bson_writer.h"
#include "driver/called.h"
#include "driver/driver_object.h"
#include "driver/functions.h"
#include "loader/elf_exports.h"
#include "loader/elf_slots.h"
#include "loader/loaded_object.h"
#include "log/log_file.h"
#include "log/name_ids.h"
#include "log/recorder.h"
#include "base/tell.h"
#include "base/text.h"
#include "base/try_lock.h"
#include "phasetap/driver_mark.h"

#define PT_UNSEEN_MAX   8u
#define PT_OBJECT_BYTES 64u

struct unseen {
    enum pt_unseen why;
    char object[PT_OBJECT_BYTES]; /* file name */
};

static struct unseen found[PT_UNSEEN_MAX];
static unsigned found_count;
static unsigned long long objects_at_start, loads_at_start;
static pid_t begun_by; /* in a forked child the list of objects may be locked for ever */
static atomic_ullong loads_looked_at;
static _Atomic(pt_dlclose) original_dlclose;
static struct pt_try_lock looking;

static int count(const struct pt_object *object, const struct dl_phdr_info *info, void *context)
{
    (void)object;
    (void)info;
    (void)context;
    objects_at_start++;
    return 0;
}

pt_dlclose pt_unseen_original_dlclose(void)
{
    if (atomic_load(&original_dlclose) == NULL) {
        atomic_store(&original_dlclose, (pt_dlclose)dlsym(RTLD_NEXT, "dlclose"));
    }
    return atomic_load(&original_dlclose);
}

void pt_unseen_begin(void)
{
    struct pt_object_changes changes = pt_objects_changes();
    pt_objects_each(count, NULL); /* not loads - unloads, which counts an auditing module too */
    begun_by = getpid();
    loads_at_start = changes.loads;
    loads_looked_at = changes.loads;
    (void)pt_unseen_original_dlclose();
}

static bool is_known(const char *name)
{
    for (unsigned i = 0; i < found_count; i++) {
        if (strcmp(found[i].object, name) == 0) {
            return true;
        }
    }
    return false;
}

static void add(enum pt_unseen why, const char *path)
{
    size_t at = 0;
    if (found_count < PT_UNSEEN_MAX && !is_known(pt_object_name(path))) {
        found[found_count].why = why;
        pt_text_append(found[found_count++].object, PT_OBJECT_BYTES, &at, pt_object_name(path));
    }
}

/* ---- drivers that export their functions ---- */

static bool was_called(const struct pt_object *object)
{
    for (unsigned i = 0; i < atomic_load(&pt_called_count); i++) {
        if (pt_called_driver(i)->dynamic == object->dynamic) {
            return true;
        }
    }
    return false;
}

/* Who calls a driver, and which way. */
struct callers {
    const struct pt_object *driver;
    const struct pt_object *caller; /* the object that is looked at */
    bool past_us;                   /* one of its slots leads into the driver */
    bool any_past_us;
    bool linked;    /* another object than the driver has slots for such functions */
    bool name_them; /* callers past us are what is looked for */
    unsigned long long position;
};

static bool look_at_slot(const char *name, void *target, void *context)
{
    struct callers *callers = context;
    if (pt_wrapped_function(name) == 0) { /* it leads to the driver rightly */
        return false;
    }
    callers->linked |= callers->caller->dynamic != callers->driver->dynamic;
    /* A slot not bound yet leads into the object's own linkage table, not to the function. */
    callers->past_us =
        pt_object_holds(callers->driver, target) &&
        target == pt_object_export(callers->driver->base, callers->driver->dynamic, name);
    return callers->past_us;
}

static int look_at_caller(const struct pt_object *object, const struct dl_phdr_info *info,
                          void *context)
{
    struct callers *callers = context;
    (void)info;
    if (callers->position++ < objects_at_start && callers->name_them) { /* bound in order */
        return 0;
    }
    callers->caller = object;
    callers->past_us = false;
    (void)pt_object_slots(object, "mongoc_", look_at_slot, callers);
    callers->any_past_us |= callers->past_us;
    if (callers->past_us && callers->name_them && object->dynamic != callers->driver->dynamic) {
        add(PT_UNSEEN_CALLER, object->path);
    }
    return 0;
}

/* A driver is reached past us when somebody's slots say so, or when nobody has slots for it: then
 * only dlsym leads there. Otherwise it was loaded by an object whose calls come to us, and there
 * were none. */
static bool is_reached_past_us(const struct pt_object *driver)
{
    struct callers callers = {.driver = driver};
    pt_objects_each(look_at_caller, &callers);
    return callers.any_past_us || !callers.linked;
}

/* Some of its calls come to us: those who call it past us are named. */
static void name_callers_past_us(const struct pt_object *driver)
{
    struct callers callers = {.driver = driver, .name_them = true};
    pt_objects_each(look_at_caller, &callers);
}

/* Objects are listed in the order in which they were loaded; those of the start stay first. */
static int look_for_exports(const struct pt_object *object, const struct dl_phdr_info *info,
                            void *context)
{
    unsigned long long *position = context;
    bool from_start = (*position)++ < objects_at_start;
    (void)info;
    if (pt_object_export(object->base, object->dynamic, PT_DRIVER_MARK) == NULL) {
        return 0;
    }
    if (from_start || was_called(object)) {
        name_callers_past_us(object);
    } else if (is_reached_past_us(object)) {
        add(pt_driver_is_library(object) ? PT_UNSEEN_LOADED : PT_UNSEEN_COPY, object->path);
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
    while (size_bytes >= PT_MESSAGE_BYTES &&
           (bytes = memchr(bytes, message[0], size_bytes - PT_MESSAGE_BYTES + 1)) != NULL) {
        if (strncmp(bytes, message, sizeof message - 1) == 0 &&
            strncmp(bytes + sizeof message - 1, message_end, sizeof message_end - 1) == 0) {
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
    int fd = pt_raw_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    for (ssize_t got;
         fd >= 0 && !hit && (got = read(fd, window + kept, sizeof window - kept)) > 0;) {
        size_t filled = kept + (size_t)got;
        hit = holds_message(window, filled);
        kept = filled < PT_MESSAGE_BYTES ? filled : PT_MESSAGE_BYTES - 1;
        memmove(window, window + filled - kept, kept);
    }
    if (fd >= 0) {
        pt_raw_close(fd);
    }
    return hit;
}

/* Paths are copied when the objects are there; files are read at the end, and not under the
 * loader's lock. */
#define PT_PATHS_MAX 256u
static struct {
    unsigned count;
    char text[PT_PATHS_MAX][256];
} paths;

static bool has_path(const char *path)
{
    for (unsigned i = 0; i < paths.count; i++) {
        if (strcmp(paths.text[i], path) == 0) {
            return true;
        }
    }
    return false;
}

static int take_path(const struct pt_object *object, const struct dl_phdr_info *info, void *context)
{
    unsigned long long *position = context;
    bool from_start = (*position)++ < objects_at_start;
    (void)info;
    if (paths.count == PT_PATHS_MAX) {
        return 1;
    }
    if (from_start && atomic_load(&pt_called_count) >
                          0) { /* a program with two drivers from the start would not link */
        return 0;
    }
    const char *path = object->path[0]
                           ? object->path
                           : "/proc/self/exe"; /* the program is listed without a path */
    bool exports = pt_object_export(object->base, object->dynamic, PT_DRIVER_MARK) !=
                   NULL; /* the shared driver holds the message too */
    size_t at = 0;
    if (!exports && path[0] == '/' && strlen(path) < sizeof paths.text[0] && !has_path(path)) {
        pt_text_append(paths.text[paths.count++], sizeof paths.text[0], &at, path);
    }
    return paths.count == PT_PATHS_MAX;
}

static void look_for_copies(void)
{
    for (unsigned i = 0; i < paths.count; i++) {
        if (file_holds_message(paths.text[i])) {
            char program[PT_PATH_BYTES];
            ssize_t length = readlink(paths.text[i], program, sizeof program - 1);
            program[length > 0 ? length : 0] = '\0';
            add(PT_UNSEEN_HIDDEN, strcmp(paths.text[i], "/proc/self/exe") == 0 && length > 0
                                      ? program
                                      : paths.text[i]);
        }
    }
}

static void look(bool deep)
{
    unsigned long long position = 0;
    if (pt_objects_changes().loads !=
        loads_at_start) { /* what was there from the start is bound in order */
        pt_objects_each(look_for_exports, &position);
    }
    position = 0;
    if (deep && paths.count < PT_PATHS_MAX) {
        pt_objects_each(take_path, &position);
    }
}

bool pt_unseen_search(bool deep)
{
    if (pt_try_lock(&looking)) { /* else a dlclose of another thread is at it */
        look(deep);
        if (deep) {
            look_for_copies();
        }
        pt_unlock(&looking);
    }
    return found_count > 0;
}

void pt_unseen_before_unload(bool deep)
{
    unsigned long long loads =
        begun_by == getpid() ? pt_objects_changes().loads : atomic_load(&loads_looked_at);
    if (atomic_load(&loads_looked_at) != loads && pt_try_lock(&looking)) {
        atomic_store(&loads_looked_at, loads);
        look(deep);
        pt_unlock(&looking);
    }
}

/* A driver that was not called when it was looked for, but later. */
static bool was_called_since(const char *name)
{
    for (unsigned i = 0; i < atomic_load(&pt_called_count); i++) {
        if (strcmp(pt_called_driver(i)->soname, name) == 0) {
            return true;
        }
    }
    return false;
}

static void write_one(struct pt_pen *pen, const struct unseen *unseen)
{
    uint8_t buffer[192];
    char token[PT_TOKEN_BYTES];
    struct pt_bson b;
    pt_bson_init(&b, buffer, sizeof buffer);
    pt_bson_int32(&b, "k", PT_KIND_UNSEEN);
    pt_bson_int32(&b, "why", (int32_t)unseen->why);
    bool is_library = unseen->why == PT_UNSEEN_LOADED; /* a libmongoc, whose name is no secret */
    pt_bson_string(&b, "object",
                   is_library ? unseen->object : pt_name_shown(token, PT_OF_OBJECT, unseen->object),
                   PT_OBJECT_BYTES);
    pt_record_bytes(pen, buffer, (uint32_t)pt_bson_finish(&b));
}

static void tell_one(const struct unseen *unseen)
{
    char text[PT_OBJECT_BYTES + 32];
    size_t at = pt_text_decimal(text, (uint64_t)unseen->why);
    text[at++] = ' ';
    text[at] = '\0';
    pt_text_append(text, sizeof text, &at, unseen->object);
    pt_tell("unseen", text);
}

void pt_unseen_write(struct pt_pen *pen)
{
    for (unsigned i = 0; i < found_count; i++) {
        if (!was_called_since(found[i].object)) {
            write_one(pen, &found[i]);
            tell_one(&found[i]);
        }
    }
}
