/* SPDX-License-Identifier: Apache-2.0 */
/* The indexes of the rules file as BSON: see rules_internal.h. */
#include "message.h"
#include "rules_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool wrong(const rules_reader *reader)
{
    message_error("rules file '%s', %s: each of 'indexes' must look like {\"keys\": {\"mrn\": 1}, "
                  "\"unique\": false}",
                  reader->file, reader->section);
    return false;
}

/* Appends "field_1" to the index name. False when the name would get longer than a server takes. */
static bool extend_name(char *name, size_t size, const char *field, int direction)
{
    const size_t used = strlen(name);
    const int length =
        snprintf(name + used, size - used, "%s%s_%d", used > 0 ? "_" : "", field, direction);
    return length > 0 && (size_t)length < size - used;
}

static bool read_keys(const cJSON *keys, bson_t *ret_keys, char *name, size_t size)
{
    if (!cJSON_IsObject(keys) || keys->child == NULL) {
        return false;
    }
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, keys)
    {
        if (!cJSON_IsNumber(item) || (item->valueint != 1 && item->valueint != -1) ||
            !extend_name(name, size, item->string, item->valueint)) {
            return false;
        }
        BSON_APPEND_INT32(ret_keys, item->string, item->valueint);
    }
    return true;
}

static bool read_index(const cJSON *value, index_rule *rule)
{
    char name[120] = "";
    const cJSON *given = cJSON_GetObjectItemCaseSensitive(value, "name");
    const cJSON *unique = cJSON_GetObjectItemCaseSensitive(value, "unique");
    if (!read_keys(cJSON_GetObjectItemCaseSensitive(value, "keys"), rule->keys, name,
                   sizeof name) ||
        (given != NULL && !cJSON_IsString(given)) || (unique != NULL && !cJSON_IsBool(unique))) {
        return false;
    }
    BSON_APPEND_UTF8(rule->options, "name", given != NULL ? given->valuestring : name);
    if (cJSON_IsTrue(unique)) {
        BSON_APPEND_BOOL(rule->options, "unique", true);
    }
    return true;
}

bool rules_read_indexes(const rules_reader *reader, const cJSON *value, index_rule **list)
{
    if (value != NULL && !cJSON_IsArray(value)) {
        return wrong(reader);
    }
    while (*list != NULL) {
        list = &(*list)->next;
    }
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, value)
    {
        *list = calloc(1, sizeof **list);
        if (*list == NULL) {
            return wrong(reader);
        }
        (*list)->keys = bson_new();
        (*list)->options = bson_new();
        if (!read_index(item, *list)) {
            return wrong(reader);
        }
        list = &(*list)->next;
    }
    return true;
}

void rules_free_indexes(index_rule *list)
{
    for (index_rule *next; list != NULL; list = next) {
        next = list->next;
        bson_destroy(list->keys);
        bson_destroy(list->options);
        free(list);
    }
}
