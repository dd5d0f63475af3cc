/* SPDX-License-Identifier: Apache-2.0 */
/* One action of the rules file, checked and prepared: see rules_internal.h. */
#include "message.h"
#include "rules_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    const char *name;
    int value;
} named_value;

static const named_value action_names[] = {
    {"keep", ACTION_KEEP},
    {"redact", ACTION_REDACT},
    {"hash", ACTION_HASH},
    {"pseudonym", ACTION_PSEUDONYM},
    {"date_shift", ACTION_DATE_SHIFT},
    {"partial", ACTION_PARTIAL},
    {NULL, 0},
};

static const named_value pseudonym_names[] = {
    {"format", PSEUDONYM_FORMAT}, {"given", PSEUDONYM_GIVEN},
    {"family", PSEUDONYM_FAMILY}, {"full", PSEUDONYM_FULL},
    {"street", PSEUDONYM_STREET}, {"city", PSEUDONYM_CITY},
    {"email", PSEUDONYM_EMAIL},   {NULL, 0},
};

static bool wrong(const rules_reader *reader, const char *path, const char *why)
{
    message_error("rules file '%s', %s, field '%s': %s", reader->file, reader->section, path, why);
    return false;
}

static bool find_value(const named_value *table, const char *name, int *ret_value)
{
    for (; name != NULL && table->name != NULL; table++) {
        if (strcmp(table->name, name) == 0) {
            *ret_value = table->value;
            return true;
        }
    }
    return false;
}

/* An optional whole number in [minimum, maximum]; keeps *value when absent. */
static bool read_number(const cJSON *object, const char *name, uint32_t minimum, uint32_t maximum,
                        uint32_t *value)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    if (item == NULL) {
        return true;
    }
    if (!cJSON_IsNumber(item) || item->valuedouble < minimum || item->valuedouble > maximum) {
        return false;
    }
    *value = (uint32_t)item->valuedouble;
    return true;
}

static bool read_text(const cJSON *object, const char *name, size_t maximum_bytes,
                      const char *fallback, char *target)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    const char *text = item == NULL ? fallback : cJSON_GetStringValue(item);
    if (text == NULL || strlen(text) > maximum_bytes) {
        return false;
    }
    strcpy(target, text);
    return true;
}

/* The key depends on the action's purpose, so that a hash and a pseudonym of one value cannot be
 * matched. */
static void prepare_key(const rules_reader *reader, mask_action *action)
{
    char purpose[32];
    const int length =
        snprintf(purpose, sizeof purpose, "%d %" PRIu64, (int)action->kind, reader->seed);
    uint8_t choice[KEYED_HASH_BYTES];
    keyed_hash(reader->salt, strlen(reader->salt), purpose, (size_t)length, action->key);
    keyed_hash(action->key, sizeof action->key, "choice", 6, choice);
    memcpy(&action->choice_key, choice, sizeof action->choice_key);
}

static bool read_parameters(const rules_reader *reader, const char *path, const cJSON *object,
                            mask_action *action)
{
    if (action->kind == ACTION_PSEUDONYM) {
        const cJSON *kind = cJSON_GetObjectItemCaseSensitive(object, "kind");
        int found = PSEUDONYM_FORMAT;
        if (kind != NULL && !find_value(pseudonym_names, cJSON_GetStringValue(kind), &found)) {
            return wrong(reader, path,
                         "'kind' must be format, given, family, full, street, city or email");
        }
        action->pseudonym = (pseudonym_kind)found;
    }
    if (action->kind == ACTION_HASH && !read_number(object, "length", 8, 64, &action->length)) {
        return wrong(reader, path, "'length' must be a number from 8 to 64");
    }
    if (action->kind == ACTION_DATE_SHIFT &&
        !read_number(object, "days", 1, 36500, &action->days)) {
        return wrong(reader, path, "'days' must be a number from 1 to 36500");
    }
    if (action->kind == ACTION_PARTIAL &&
        (!read_number(object, "keep_last", 0, 1000, &action->keep_last) ||
         !read_text(object, "fill", 1, "X", action->text))) {
        return wrong(reader, path,
                     "'keep_last' must be a number from 0 to 1000 and 'fill' one ASCII character");
    }
    if (action->kind == ACTION_REDACT &&
        !read_text(object, "with", REDACT_TEXT_MAXIMUM_BYTES, "REDACTED", action->text)) {
        return wrong(reader, path, "'with' must be a text of at most 63 bytes");
    }
    return true;
}

bool rules_read_action(const rules_reader *reader, const char *path, const cJSON *value,
                       mask_action *action)
{
    const cJSON *name =
        cJSON_IsObject(value) ? cJSON_GetObjectItemCaseSensitive(value, "action") : value;
    int kind = ACTION_NONE;
    if (!find_value(action_names, cJSON_GetStringValue(name), &kind)) {
        return wrong(reader, path,
                     "the action must be keep, redact, hash, pseudonym, date_shift or partial");
    }
    *action = (mask_action){.kind = (action_kind)kind, .days = 180, .keep_last = 4, .length = 32};
    prepare_key(reader, action);
    return read_parameters(reader, path, cJSON_IsObject(value) ? value : NULL, action);
}
