/* SPDX-License-Identifier: Apache-2.0 */
#include "model/ignored_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <phasetap/options.h>

#include "base/saturate.h"
#include "log/bson_field.h"
#include "text/option_text.h"

#define LIST_ADVICE "'phasetap run --help' lists the options"

/* A log is untrusted: a name is a variable of ours, of ordinary length. */
static char *copy_name(const char *name)
{
    bool ours = strncmp(name, PT_VARIABLE_PREFIX, sizeof PT_VARIABLE_PREFIX - 1) == 0;
    return ours ? strndup(name, PT_VARIABLE_BYTES - 1) : NULL;
}

static bool open_table(const struct pt_record *manifest, const char *key, bson_t *document,
                       bson_iter_t *iter)
{
    uint32_t length = 0;
    const uint8_t *data = pt_field_document(manifest, key, &length);
    return data != NULL && pt_iter_open(data, length, document, iter);
}

static void add(struct pt_ignored_variable *list, size_t *count, const char *name, int64_t used)
{
    char *copy = *count < PT_IGNORED_HIGHEST ? copy_name(name) : NULL;
    if (copy != NULL) {
        list[(*count)++] = (struct pt_ignored_variable){.name = copy, .used = used};
    }
}

void pt_ignored_read(struct pt_ignored_options *ignored, const struct pt_record *manifest)
{
    bson_t document;
    bson_iter_t iter;
    bool has_invalid = open_table(manifest, "invalid_variables", &document, &iter);
    while (has_invalid && bson_iter_next(&iter)) {
        int64_t used = 0;
        pt_iter_int(&iter, &used);
        add(ignored->invalid, &ignored->invalid_count, bson_iter_key(&iter), used);
    }
    bool has_unknown = open_table(manifest, "unknown_variables", &document, &iter);
    while (has_unknown && bson_iter_next(&iter)) {
        const char *name = BSON_ITER_HOLDS_UTF8(&iter) ? bson_iter_utf8(&iter, NULL) : "";
        add(ignored->unknown, &ignored->unknown_count, name, 0);
    }
    ignored->unknown_total = pt_max(0, pt_field_int(manifest, "unknown_count", 0));
}

static void release(struct pt_ignored_variable *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(list[i].name);
    }
}

void pt_ignored_release(struct pt_ignored_options *ignored)
{
    release(ignored->invalid, ignored->invalid_count);
    release(ignored->unknown, ignored->unknown_count);
}

void pt_ignored_invalid_sentence(char text[PT_IGNORED_BYTES], const char *variable, int64_t used)
{
    char shown[PT_OPTION_TEXT_BYTES];
    char accepted[PT_OPTION_TEXT_BYTES];
    const struct pt_option *option = pt_option_find(variable);
    if (option == NULL) { /* of another version */
        snprintf(text, PT_IGNORED_BYTES, "%s is not valid and was ignored; " LIST_ADVICE, variable);
        return;
    }
    snprintf(text, PT_IGNORED_BYTES, "%s is not valid and was ignored; %s was used; set it to %s",
             variable, pt_option_shown(option, used, shown), pt_option_accepts(option, accepted));
}

void pt_ignored_unknown_sentence(char text[PT_IGNORED_BYTES], const char *variable)
{
    snprintf(text, PT_IGNORED_BYTES, "%s is no option of phasetap and was ignored; " LIST_ADVICE,
             variable);
}
