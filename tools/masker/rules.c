/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the rules file and builds the trees of field names: see rules.h. */
#include "json_file.h"
#include "message.h"
#include "rules_internal.h"

#include <stdlib.h>
#include <string.h>

#define MAXIMUM_DEPTH 32

struct rule_set {
    collection_rules *first; /* the global rules come first */
};

const rule_node *rule_node_find(const rule_node *node, const char *key, size_t key_bytes)
{
    const rule_node *any = NULL;
    for (const rule_node *child = node->first_child; child != NULL; child = child->next_sibling) {
        if (child->key_bytes == key_bytes && memcmp(child->key, key, key_bytes) == 0) {
            return child;
        }
        if (child->key_bytes == 1 && child->key[0] == '*') {
            any = child;
        }
    }
    return any;
}

static rule_node *exact_child(rule_node *node, const char *key, size_t key_bytes)
{
    for (rule_node *child = node->first_child; child != NULL; child = child->next_sibling) {
        if (child->key_bytes == key_bytes && memcmp(child->key, key, key_bytes) == 0) {
            return child;
        }
    }
    return NULL;
}

static rule_node *obtain_child(rule_node *node, const char *key, size_t key_bytes)
{
    rule_node *child = exact_child(node, key, key_bytes);
    if (child != NULL) {
        return child;
    }
    child = calloc(1, sizeof *child);
    if (child == NULL || (child->key = strndup(key, key_bytes)) == NULL) {
        free(child);
        return NULL;
    }
    child->key_bytes = key_bytes;
    rule_node **end = &node->first_child;
    while (*end != NULL) {
        end = &(*end)->next_sibling;
    }
    *end = child;
    return child;
}

/* Length of one path segment without its "[]"; 0 when the segment is empty. */
static size_t segment_bytes(const char *segment, const char **ret_next)
{
    size_t length = strcspn(segment, ".");
    *ret_next = segment[length] == '.' ? segment + length + 1 : NULL;
    if (length >= 2 && strncmp(segment + length - 2, "[]", 2) == 0) {
        length -= 2;
    }
    return length;
}

/* The node of a dotted path, made when it is new. NULL for an empty segment, too deep a path or
 * lack of memory. */
static rule_node *obtain_path(rule_node *root, const char *path)
{
    rule_node *node = root;
    const char *segment = path;
    for (int depth = 0; segment != NULL && node != NULL; depth++) {
        const char *next = NULL;
        const size_t length = segment_bytes(segment, &next);
        if (length == 0 || depth == MAXIMUM_DEPTH) {
            return NULL;
        }
        node = obtain_child(node, segment, length);
        segment = next;
    }
    return node;
}

static bool read_fields(const rules_reader *reader, const cJSON *fields, rule_node *root)
{
    if (fields != NULL && !cJSON_IsObject(fields)) {
        message_error("rules file '%s', %s: 'fields' must be an object of paths", reader->file,
                      reader->section);
        return false;
    }
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, fields)
    {
        rule_node *node = obtain_path(root, item->string);
        if (node == NULL) {
            message_error(
                "rules file '%s', %s: '%s' is not a path of 1 to %d names such as name.family or "
                "contacts[].phone",
                reader->file, reader->section, item->string, MAXIMUM_DEPTH);
            return false;
        }
        if (!rules_read_action(reader, item->string, item, &node->action)) {
            return false;
        }
    }
    return true;
}

static bool check_members(const rules_reader *reader, const cJSON *section)
{
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, section)
    {
        if (strcmp(item->string, "fields") != 0 && strcmp(item->string, "indexes") != 0 &&
            strcmp(item->string, "patient_key") != 0) {
            message_error("rules file '%s', %s: unknown member '%s'; known are fields, indexes and "
                          "patient_key",
                          reader->file, reader->section, item->string);
            return false;
        }
    }
    return true;
}

static bool read_patient_key(const rules_reader *reader, const cJSON *section, const char *fallback,
                             char **target)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(section, "patient_key");
    if (item != NULL && !cJSON_IsString(item)) {
        message_error("rules file '%s', %s: 'patient_key' must be the path of a field",
                      reader->file, reader->section);
        return false;
    }
    const char *path = item != NULL ? item->valuestring : fallback;
    *target = strdup(path != NULL ? path : "_id");
    return *target != NULL;
}

/* Adds the members of one section to `rules`. */
static bool read_section(const rules_reader *reader, const cJSON *section, collection_rules *rules)
{
    if (!cJSON_IsObject(section)) {
        message_error("rules file '%s': '%s' must be an object {...}", reader->file,
                      reader->section);
        return false;
    }
    return check_members(reader, section) &&
           read_fields(reader, cJSON_GetObjectItemCaseSensitive(section, "fields"), &rules->root) &&
           rules_read_indexes(reader, cJSON_GetObjectItemCaseSensitive(section, "indexes"),
                              &rules->indexes);
}

/* A collection has the global rules and its own on top. `own` is NULL for the global rules
 * themselves. */
static bool add_collection(rules_reader *reader, rule_set *rules, const cJSON *global,
                           const cJSON *own)
{
    collection_rules *added = calloc(1, sizeof *added);
    if (added == NULL) {
        message_error("out of memory");
        return false;
    }
    collection_rules **end = &rules->first;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = added;
    reader->section = "global";
    const cJSON *global_key = cJSON_GetObjectItemCaseSensitive(global, "patient_key");
    if (global != NULL && !read_section(reader, global, added)) {
        return false;
    }
    if (own != NULL) {
        reader->section = own->string;
        added->name = strdup(own->string);
        if (added->name == NULL || !read_section(reader, own, added)) {
            return false;
        }
    }
    return read_patient_key(reader, own != NULL ? own : global, cJSON_GetStringValue(global_key),
                            &added->patient_key);
}

static bool check_root(const rules_reader *reader, const cJSON *root)
{
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, root)
    {
        const bool section =
            strcmp(item->string, "global") == 0 || strcmp(item->string, "collections") == 0;
        if (section && !cJSON_IsObject(item)) {
            message_error("rules file '%s': '%s' must be an object {...}", reader->file,
                          item->string);
            return false;
        }
        if (!section && strcmp(item->string, "salt") != 0 && strcmp(item->string, "seed") != 0) {
            message_error("rules file '%s': unknown member '%s'; known are salt, seed, global and "
                          "collections",
                          reader->file, item->string);
            return false;
        }
    }
    return true;
}

static bool read_salt(rules_reader *reader, const cJSON *root)
{
    const cJSON *salt = cJSON_GetObjectItemCaseSensitive(root, "salt");
    const cJSON *seed = cJSON_GetObjectItemCaseSensitive(root, "seed");
    if (!cJSON_IsString(salt) || salt->valuestring[0] == '\0') {
        message_error(
            "rules file '%s': 'salt' must be a secret text, without it hashes can be guessed",
            reader->file);
        return false;
    }
    if (seed != NULL &&
        (!cJSON_IsNumber(seed) || seed->valuedouble < 0 || seed->valuedouble > 9e15)) {
        message_error("rules file '%s': 'seed' must be a number from 0 to 9e15", reader->file);
        return false;
    }
    reader->salt = salt->valuestring;
    reader->seed = seed != NULL ? (uint64_t)seed->valuedouble : 0;
    return true;
}

static bool read_root(rules_reader *reader, const cJSON *root, rule_set *rules)
{
    if (!check_root(reader, root) || !read_salt(reader, root)) {
        return false;
    }
    const cJSON *global = cJSON_GetObjectItemCaseSensitive(root, "global");
    const cJSON *collections = cJSON_GetObjectItemCaseSensitive(root, "collections");
    bool good = add_collection(reader, rules, global, NULL);
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, collections)
    {
        good = good && add_collection(reader, rules, global, item);
    }
    return good;
}

rule_set *rules_load(const char *file)
{
    cJSON *root = json_file_read(file, "rules file");
    if (root == NULL) {
        return NULL;
    }
    rules_reader reader = {.file = file};
    rule_set *rules = calloc(1, sizeof *rules);
    if (rules == NULL || !read_root(&reader, root, rules)) {
        rules_free(rules);
        rules = NULL;
    }
    cJSON_Delete(root);
    return rules;
}

static void free_children(rule_node *node)
{
    for (rule_node *child = node->first_child, *next; child != NULL; child = next) {
        next = child->next_sibling;
        free_children(child);
        free(child->key);
        free(child);
    }
}

void rules_free(rule_set *rules)
{
    if (rules == NULL) {
        return;
    }
    for (collection_rules *item = rules->first, *next; item != NULL; item = next) {
        next = item->next;
        free_children(&item->root);
        rules_free_indexes(item->indexes);
        free(item->patient_key);
        free(item->name);
        free(item);
    }
    free(rules);
}

const collection_rules *rules_for(const rule_set *rules, const char *collection)
{
    for (const collection_rules *item = rules->first->next; item != NULL; item = item->next) {
        if (strcmp(item->name, collection) == 0) {
            return item;
        }
    }
    return rules->first;
}
