/* SPDX-License-Identifier: Apache-2.0 */
#include "log/names_mode.h"

#include <stdlib.h>
#include <string.h>

#include "log/bson_field.h"

enum pt_names_mode pt_names_mode_of(const struct pt_record *manifest)
{
    char *word = pt_field_text(manifest, "names");
    enum pt_names_mode mode = PT_NAMES_PLAIN;
    if (word != NULL && strcmp(word, "alias") == 0) {
        mode = PT_NAMES_ALIAS;
    } else if (word != NULL && strcmp(word, "hash") == 0) {
        mode = PT_NAMES_HASH;
    }
    free(word);
    return mode;
}

/* The manifest is the first document; nothing behind it matters. */
static int take_mode(void *context, const struct pt_record *record)
{
    enum pt_names_mode *mode = context;
    if (record->kind == PT_KIND_MANIFEST) {
        *mode = pt_names_mode_of(record);
    }
    return 1;
}

enum pt_names_mode pt_log_names_mode(struct pt_log *log)
{
    enum pt_names_mode mode = PT_NAMES_PLAIN;
    (void)pt_log_walk(log, take_mode, &mode);
    return mode;
}
