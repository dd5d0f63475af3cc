/* SPDX-License-Identifier: Apache-2.0 */
#include "log/name_ids.h"

#include <stdbool.h>

#include "base/text.h"
#include "base/uri_text.h"
#include "log/name_table.h"
#include "log/recorder.h"
#include "log/status.h"

static void announce(struct pt_pen *pen, int32_t id)
{
    uint8_t buffer[PT_NAME_DOC_BYTES];
    pt_record_bytes(pen, buffer, pt_name_document(buffer, pt_name_by_id(id)));
}

/* Copies what is kept of a name, so that only well-formed text is compared and stored. */
static void copy(char out[PT_NAME_BYTES], const char *text)
{
    size_t bytes = pt_text_prefix_bytes(text, PT_NAME_BYTES - 1);
    pt_text_copy_utf8(out, text, bytes);
    out[bytes] = '\0';
}

static int32_t intern(struct pt_pen *pen, enum pt_name_sort sort, const char *first,
                      const char *second)
{
    char first_kept[PT_NAME_BYTES];
    char second_kept[PT_NAME_BYTES];
    bool added = false;
    if (first == NULL || first[0] == '\0') {
        return 0;
    }
    copy(first_kept, first);
    copy(second_kept, second ? second : "");
    int32_t id = pt_name_find(sort, first_kept, second_kept);
    if (id == 0) {
        id = pt_name_add(sort, first_kept, second_kept, &added);
    }
    if (added) {
        announce(pen, id);
    } else if (id == 0) {
        pt_status_lose_event(PT_REASON_NAMES);
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
