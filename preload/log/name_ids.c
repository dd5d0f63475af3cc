/* SPDX-License-Identifier: Apache-2.0 */
#include "log/name_ids.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "base/uri_text.h"
#include "log/flush.h"
#include "log/name_table.h"
#include "log/name_token.h"
#include "log/recorder.h"
#include "log/status.h"

static void announce(struct pt_pen *pen, int32_t id)
{
    uint8_t buffer[PT_NAME_DOC_BYTES];
    pt_record_bytes(pen, buffer, pt_name_document(buffer, pt_name_by_id(id)));
    if (pt_tokens_mode() == PT_NAMES_ALIAS) { /* its line of the key file soon, too */
        (void)pt_flush_wake();
    }
}

/* Whether it is ASCII, and so well-formed. */
static bool is_plain(const char *text, size_t length)
{
    uint64_t all = 0;
    for (; length >= 8; text += 8, length -= 8) {
        uint64_t word;
        memcpy(&word, text, 8);
        all |= word;
    }
    while (length > 0) {
        all |= (uint8_t)text[--length];
    }
    return (all & 0x8080808080808080u) == 0;
}

/* What is kept of a name, so that only well-formed text is compared and stored: the text itself, or
 * a copy in `room`. Its length. */
static uint8_t kept(const char **text, char room[PT_NAME_BYTES])
{
    size_t length = strnlen(*text, PT_NAME_BYTES);
    if (length == PT_NAME_BYTES || !is_plain(*text, length)) {
        length = pt_text_prefix_bytes(*text, PT_NAME_BYTES - 1);
        pt_text_copy_utf8(room, *text, length);
        *text = room;
    }
    return (uint8_t)length;
}

/* A phase without a name has no event; an object without one is only not told apart. */
static void count_loss(enum pt_name_sort sort)
{
    if (sort == PT_OF_NAMESPACE) {
        pt_status_lose_object();
    } else {
        pt_status_lose_event(PT_REASON_NAMES);
    }
}

/* Without a pen the name is not announced. */
static int32_t intern(struct pt_pen *pen, enum pt_name_sort sort, const char *first,
                      const char *second)
{
    char first_room[PT_NAME_BYTES];
    char second_room[PT_NAME_BYTES];
    bool added = false;
    if (first == NULL || first[0] == '\0') {
        return 0;
    }
    struct pt_name_key key = {.first = first, .second = second ? second : "", .sort = sort};
    key.first_length = kept(&key.first, first_room);
    key.second_length = kept(&key.second, second_room);
    int32_t id = pt_name_find(&key);
    if (id == 0) {
        id = pt_name_add(&key, &added);
    }
    if (added && pen) {
        announce(pen, id);
    } else if (id == 0 && pen) {
        count_loss(sort);
    }
    return id;
}

int32_t pt_name_of_namespace(struct pt_pen *pen, const char *database, const char *collection)
{
    return intern(pen, PT_OF_NAMESPACE, database, collection);
}

int32_t pt_name_of_phase(struct pt_pen *pen, const char *name)
{
    char clean[PT_NAME_BYTES];
    if (name) {
        pt_uri_text_without_user(clean, sizeof clean, name);
    }
    return intern(pen, PT_OF_PHASE, name ? clean : NULL, "");
}

int32_t pt_name_of_server(struct pt_pen *pen, const char *address)
{
    return intern(pen, PT_OF_SERVER, address, "");
}

const char *pt_name_database(int32_t id)
{
    const struct pt_name *name = pt_name_by_id(id);
    return name && name->sort == PT_OF_NAMESPACE ? name->text : "";
}

const char *pt_name_text(int32_t id)
{
    const struct pt_name *name = pt_name_by_id(id);
    return name && name->sort == PT_OF_PHASE ? name->text : NULL;
}

const char *pt_name_shown(char out[PT_TOKEN_BYTES], enum pt_name_sort sort, const char *text)
{
    char room[PT_NAME_BYTES];
    const char *name = text;
    if (pt_tokens_mode() == PT_NAMES_PLAIN || text[0] == '\0') {
        return text;
    }
    size_t length = kept(&name, room);
    memmove(room, name, length);
    room[length] = '\0';
    if (pt_tokens_mode() == PT_NAMES_ALIAS) {
        (void)intern(NULL, sort, room, "");
    }
    return pt_token_of(out, pt_name_token_kind(sort), room);
}
