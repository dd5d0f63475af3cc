/* SPDX-License-Identifier: Apache-2.0 */
/* Index creation with whichever function the driver's version has: see compat.h. */
#include "compat.h"
#include "db.h"

#define MAXIMUM_INDEXES 64

#if MASKER_HAS_CREATE_INDEXES

static bool create(mongoc_collection_t *target, const index_rule *list, truth_log *log,
                   bson_error_t *error)
{
    mongoc_index_model_t *models[MAXIMUM_INDEXES];
    size_t count = 0;
    for (; list != NULL && count < MAXIMUM_INDEXES; list = list->next) {
        models[count++] = mongoc_index_model_new(list->keys, list->options);
    }
    truth_call_begin(log);
    const bool good =
        mongoc_collection_create_indexes_with_opts(target, models, count, NULL, NULL, error);
    for (size_t i = 0; i < count; i++) {
        mongoc_index_model_destroy(models[i]);
    }
    return good;
}

#else

static void append_index(bson_t *array, uint32_t position, const index_rule *rule)
{
    char buffer[16];
    const char *key = NULL;
    bson_t index;
    bson_uint32_to_string(position, &key, buffer, sizeof buffer);
    BSON_APPEND_DOCUMENT_BEGIN(array, key, &index);
    BSON_APPEND_DOCUMENT(&index, "key", rule->keys);
    bson_concat(&index, rule->options);
    bson_append_document_end(array, &index);
}

static bool create(mongoc_collection_t *target, const index_rule *list, truth_log *log,
                   bson_error_t *error)
{
    bson_t command = BSON_INITIALIZER;
    bson_t array;
    BSON_APPEND_UTF8(&command, "createIndexes", mongoc_collection_get_name(target));
    compat_array_begin(&command, "indexes", -1, &array);
    for (uint32_t count = 0; list != NULL && count < MAXIMUM_INDEXES; list = list->next) {
        append_index(&array, count++, list);
    }
    bson_append_array_end(&command, &array);
    truth_call_begin(log);
    const bool good =
        mongoc_collection_write_command_with_opts(target, &command, NULL, NULL, error);
    bson_destroy(&command);
    return good;
}

#endif

bool db_create_indexes(connection *used, const char *collection, const index_rule *list)
{
    if (list == NULL) {
        return true;
    }
    bson_error_t error;
    char *namespace = db_namespace(used, collection);
    mongoc_collection_t *target =
        mongoc_client_get_collection(used->client, used->database->options->db, collection);
    const bool good = create(target, list, used->log, &error);
    truth_call_end(used->log, TRUTH_CREATE_INDEXES, truth_intern(used->database->truth, namespace),
                   0, 0);
    mongoc_collection_destroy(target);
    bson_free(namespace);
    if (!good) {
        db_report("creating indexes", &error);
    }
    return good;
}
