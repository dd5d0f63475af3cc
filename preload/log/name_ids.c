/* SPDX-License-Identifier: Apache-2.0 */
#include "log/name_ids.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "bson/bson_writer.h"
#include "phasetap/log_format.h"
#include "log/recorder.h"
#include "base/text.h"
#include "base/try_lock.h"
#include "base/uri_text.h"

#define PT_NAMES_MAX  4096u
#define PT_ADD_YIELDS 100000 /* the holder writes one document; a cancelled one never ends */

struct name {
    uint32_t hash;
    bool is_phase;
    char first[PT_NAME_BYTES];  /* the phase, or the database */
    char second[PT_NAME_BYTES]; /* the collection */
};

static struct name names[PT_NAMES_MAX];
static atomic_uint count;         /* names[0..count) are complete */
static struct pt_try_lock adding; /* of the next entry */

static uint32_t hash_text(uint32_t hash, const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) { /* FNV-1a */
        hash = (hash ^ (uint8_t)text[i]) * 16777619u;
    }
    return (hash ^ 0xFF) * 16777619u;
}

static void announce(struct pt_pen *pen, unsigned index)
{
    uint8_t buffer[384];
    struct pt_bson b;
    pt_bson_init(&b, buffer, sizeof buffer);
    pt_bson_int32(&b, "k", PT_KIND_NAME);
    pt_bson_int32(&b, "id", (int32_t)(PT_NAME_FIRST + index));
    if (names[index].is_phase) {
        pt_bson_string(&b, "class", "phase", 16);
        pt_bson_string(&b, "name", names[index].first, PT_NAME_BYTES);
    } else {
        pt_bson_string(&b, "class", "namespace", 16);
        pt_bson_string(&b, "database", names[index].first, PT_NAME_BYTES);
        pt_bson_string(&b, "collection", names[index].second, PT_NAME_BYTES);
    }
    pt_record_bytes(pen, buffer, (uint32_t)pt_bson_finish(&b));
}

static int32_t find(const struct name *wanted)
{
    unsigned known = atomic_load_explicit(&count, memory_order_acquire);
    for (unsigned i = 0; i < known; i++) {
        const struct name *n = &names[i];
        if (n->hash == wanted->hash && n->is_phase == wanted->is_phase &&
            strcmp(n->first, wanted->first) == 0 && strcmp(n->second, wanted->second) == 0) {
            return (int32_t)(PT_NAME_FIRST + i);
        }
    }
    return 0;
}

static int32_t add(struct pt_pen *pen, const struct name *wanted)
{
    unsigned index = atomic_load(&count);
    if (index == PT_NAMES_MAX) {
        return 0;
    }
    names[index] = *wanted;
    atomic_store_explicit(&count, index + 1, memory_order_release);
    announce(pen, index);
    return (int32_t)(PT_NAME_FIRST + index);
}

/* Copies what is kept of a name, so that only well-formed text is compared and stored. Returns the
 * hash with it. */
static uint32_t copy(char *out, const char *text, uint32_t hash)
{
    size_t bytes = pt_text_prefix_bytes(text, PT_NAME_BYTES - 1);
    pt_text_copy_utf8(out, text, bytes);
    out[bytes] = '\0';
    return hash_text(hash, out, bytes);
}

static int32_t intern(struct pt_pen *pen, bool is_phase, const char *first, const char *second)
{
    if (first == NULL || first[0] == '\0') {
        return 0;
    }
    struct name wanted;
    wanted.is_phase = is_phase;
    wanted.hash = copy(wanted.first, first, 2166136261u);
    wanted.hash = copy(wanted.second, second ? second : "", wanted.hash);
    int32_t id = find(&wanted);
    if (id != 0 || atomic_load(&count) == PT_NAMES_MAX) {
        return id;
    }
    if (!pt_try_lock_for(&adding, PT_ADD_YIELDS)) {
        return 0;
    }
    id = find(&wanted);
    id = id != 0 ? id : add(pen, &wanted);
    pt_unlock(&adding);
    return id;
}

int32_t pt_name_of_namespace(struct pt_pen *pen, const char *database, const char *collection)
{
    return intern(pen, false, database, collection);
}

int32_t pt_name_of_phase(struct pt_pen *pen, const char *name)
{
    char clean[PT_NAME_BYTES];
    if (name) {
        pt_uri_text_without_user(clean, sizeof clean, name);
    }
    return intern(pen, true, name ? clean : NULL, "");
}

static const struct name *name_of(int32_t id)
{
    unsigned index = (unsigned)id - PT_NAME_FIRST;
    return index < atomic_load_explicit(&count, memory_order_acquire) ? &names[index] : NULL;
}

const char *pt_name_database(int32_t id)
{
    const struct name *n = name_of(id);
    return n && !n->is_phase ? n->first : "";
}

const char *pt_name_text(int32_t id)
{
    const struct name *n = name_of(id);
    return n && n->is_phase ? n->first : NULL;
}

void pt_names_announce_all(struct pt_pen *pen)
{
    pt_unlock(&adding); /* another thread of the parent may have held it at the fork */
    for (unsigned i = 0; i < atomic_load(&count); i++) {
        announce(pen, i);
    }
}
