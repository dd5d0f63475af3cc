/* SPDX-License-Identifier: Apache-2.0 */
#include "log/log_names.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "log/bson_field.h"

static const char *const class_words[PT_NAME_CLASSES] = {"phase",    "namespace", "command",
                                                         "function", "reason",    "server"};

static bool reach(struct pt_name_list *list, size_t id)
{
    char **texts = pt_array_reach(list->texts, &list->count, id, 64, sizeof *texts);
    if (texts == NULL) {
        return false;
    }
    list->texts = texts;
    return true;
}

/* Takes ownership of `text`. The first meaning of an id stays: a log never gives an id twice. */
static void define(struct pt_names *names, enum pt_name_class class, int64_t id, char *text,
                   bool replace)
{
    struct pt_name_list *list = &names->lists[class];
    if (text == NULL || id < 0 || id > PT_NAMES_HIGHEST || !reach(list, (size_t)id)) {
        free(text);
        return;
    }
    char **slot = &list->texts[id];
    if (*slot != NULL && !replace) {
        free(text);
        return;
    }
    free(*slot);
    *slot = text;
}

static void define_copy(struct pt_names *names, enum pt_name_class class, int64_t id,
                        const char *text)
{
    define(names, class, id, strdup(text), true);
}

void pt_names_init(struct pt_names *names)
{
    memset(names, 0, sizeof *names);
#define DEFINE_PHASE(id, constant, text, reported) define_copy(names, PT_NAME_PHASE, id, text);
#define DEFINE_COMMAND(id, text, phase)            define_copy(names, PT_NAME_COMMAND, id, #text);
#define DEFINE_REASON(id, constant, text)          define_copy(names, PT_NAME_REASON, id, text);
    PT_PHASES(DEFINE_PHASE)
    PT_COMMANDS(DEFINE_COMMAND)
    PT_REASONS(DEFINE_REASON)
    define_copy(names, PT_NAME_COMMAND, PT_COMMAND_OTHER, "other");
}

void pt_names_release(struct pt_names *names)
{
    for (int class = 0; class < PT_NAME_CLASSES; class ++) {
        struct pt_name_list *list = &names->lists[class];
        for (size_t id = 0; id < list->count; id++) {
            free(list->texts[id]);
        }
        free(list->texts);
        *list = (struct pt_name_list){0};
    }
}

/* A document of the manifest: ids as keys, names as values. */
static void learn_list(struct pt_names *names, enum pt_name_class class,
                       const struct pt_record *record, const char *key)
{
    uint32_t length = 0;
    const uint8_t *data = pt_field_document(record, key, &length);
    bson_t document;
    bson_iter_t iter;
    if (data == NULL || !pt_iter_open(data, length, &document, &iter)) {
        return;
    }
    while (bson_iter_next(&iter)) {
        if (bson_iter_type(&iter) == BSON_TYPE_UTF8) {
            define_copy(names, class, atoll(bson_iter_key(&iter)), bson_iter_utf8(&iter, NULL));
        }
    }
}

static char *join_namespace(char *database, char *collection)
{
    char *joined = NULL;
    if (database != NULL && collection != NULL && collection[0] != '\0') {
        if (asprintf(&joined, "%s.%s", database, collection) < 0) {
            joined = NULL;
        }
    } else if (database != NULL) {
        joined = strdup(database);
    }
    free(database);
    free(collection);
    return joined;
}

static void learn_name(struct pt_names *names, const struct pt_record *record)
{
    int64_t id = pt_field_int(record, "id", 0);
    char *class = pt_field_text(record, "class");
    if (class != NULL && id >= PT_NAME_FIRST && strcmp(class, "phase") == 0) {
        define(names, PT_NAME_PHASE, id, pt_field_text(record, "name"), false);
    } else if (class != NULL && id >= PT_NAME_FIRST && strcmp(class, "server") == 0) {
        define(names, PT_NAME_SERVER, id, pt_field_text(record, "name"), false);
    } else if (class != NULL && id >= PT_NAME_FIRST && strcmp(class, "namespace") == 0) {
        char *joined =
            join_namespace(pt_field_text(record, "database"), pt_field_text(record, "collection"));
        define(names, PT_NAME_NAMESPACE, id, joined, false);
    }
    free(class);
}

void pt_names_learn(struct pt_names *names, const struct pt_record *record)
{
    if (record->kind == PT_KIND_NAME) {
        learn_name(names, record);
    } else if (record->kind == PT_KIND_MANIFEST) {
        learn_list(names, PT_NAME_PHASE, record, "phases");
        learn_list(names, PT_NAME_COMMAND, record, "commands");
        learn_list(names, PT_NAME_FUNCTION, record, "functions");
        learn_list(names, PT_NAME_REASON, record, "reasons");
    }
}

const char *pt_names_find(const struct pt_names *names, enum pt_name_class class, int64_t id)
{
    const struct pt_name_list *list = &names->lists[class];
    return id >= 0 && (uint64_t)id < list->count ? list->texts[id] : NULL;
}

const char *pt_names_text(struct pt_names *names, enum pt_name_class class, int64_t id)
{
    const char *found = pt_names_find(names, class, id);
    if (found == NULL) {
        char *text = NULL;
        if (asprintf(&text, "%s %" PRId64, class_words[class], id) >= 0) {
            define(names, class, id, text, false);
        }
        found = pt_names_find(names, class, id);
    }
    return found != NULL ? found : "unknown";
}
