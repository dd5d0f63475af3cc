/* SPDX-License-Identifier: Apache-2.0 */
/* Checkpoint files: see checkpoint.h. The file is JSON, the _id in it canonical extended JSON. */
#include "checkpoint.h"

#include "json_file.h"
#include "message.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FORMAT_VERSION 1

struct checkpoint {
    char *file;
    char *temporary; /* file + ".new" */
    cJSON *root;     /* what the file holds */
    bson_t *last_id; /* of root's "last_id", or NULL */
};

static const char *text_member(const cJSON *root, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(root, name));
    return text != NULL ? text : "";
}

static double number_member(const cJSON *root, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(root, name);
    return cJSON_IsNumber(item) ? item->valuedouble : 0;
}

static void start_root(checkpoint *target, const char *db, const char *mode)
{
    target->root = cJSON_CreateObject();
    cJSON_AddNumberToObject(target->root, "version", FORMAT_VERSION);
    cJSON_AddStringToObject(target->root, "db", db);
    cJSON_AddStringToObject(target->root, "mode", mode);
    cJSON_AddArrayToObject(target->root, "finished");
}

static bool load_last_id(checkpoint *target)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(target->root, "last_id");
    char *text = item != NULL ? cJSON_PrintUnformatted(item) : NULL;
    bson_error_t error;
    if (text == NULL) {
        return item == NULL;
    }
    target->last_id = bson_new_from_json((const uint8_t *)text, -1, &error);
    cJSON_free(text);
    return target->last_id != NULL && bson_has_field(target->last_id, "_id");
}

static bool load(checkpoint *target, const char *db, const char *mode)
{
    target->root = json_file_read(target->file, "checkpoint file");
    if (target->root == NULL) {
        return false;
    }
    if ((int)number_member(target->root, "version") != FORMAT_VERSION ||
        !cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(target->root, "finished")) ||
        !load_last_id(target)) {
        message_error(
            "checkpoint file '%s': not a checkpoint of this program; start without --resume",
            target->file);
        return false;
    }
    if (strcmp(text_member(target->root, "db"), db) != 0 ||
        strcmp(text_member(target->root, "mode"), mode) != 0) {
        message_error("checkpoint file '%s': it belongs to another run (database '%s', mode '%s'); "
                      "use its options",
                      target->file, text_member(target->root, "db"),
                      text_member(target->root, "mode"));
        return false;
    }
    return true;
}

checkpoint *checkpoint_open(const char *file, const char *db, const char *mode, bool resume)
{
    checkpoint *opened = calloc(1, sizeof *opened);
    if (opened == NULL || asprintf(&opened->temporary, "%s.new", file) < 0 ||
        (opened->file = strdup(file)) == NULL) {
        message_error("out of memory");
        free(opened);
        return NULL;
    }
    if (!resume) {
        start_root(opened, db, mode);
    } else if (!load(opened, db, mode)) {
        checkpoint_free(opened);
        return NULL;
    }
    return opened;
}

void checkpoint_free(checkpoint *closed)
{
    if (closed == NULL) {
        return;
    }
    cJSON_Delete(closed->root);
    bson_destroy(closed->last_id);
    free(closed->temporary);
    free(closed->file);
    free(closed);
}

bool checkpoint_is_finished(const checkpoint *from, const char *collection)
{
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(from->root, "finished"))
    {
        if (cJSON_IsString(item) && strcmp(item->valuestring, collection) == 0) {
            return true;
        }
    }
    return false;
}

const bson_t *checkpoint_position(const checkpoint *from, const char *collection,
                                  uint64_t *ret_documents)
{
    if (from->last_id == NULL || strcmp(text_member(from->root, "collection"), collection) != 0) {
        return NULL;
    }
    *ret_documents = (uint64_t)number_member(from->root, "documents");
    return from->last_id;
}

static bool write_all(int descriptor, const char *text, size_t length)
{
    while (length > 0) {
        const ssize_t written = write(descriptor, text, length);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        text += written > 0 ? written : 0;
        length -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

static bool write_temporary(const checkpoint *target, const char *text)
{
    const int descriptor = open(target->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        return false;
    }
    const bool good = write_all(descriptor, text, strlen(text)) && fsync(descriptor) == 0;
    return close(descriptor) == 0 && good;
}

static bool save(const checkpoint *target)
{
    char *text = cJSON_Print(target->root);
    const bool good = text != NULL && write_temporary(target, text) &&
                      rename(target->temporary, target->file) == 0;
    if (!good) {
        message_error(
            "cannot write the checkpoint file '%s': %s; free space or choose another path",
            target->file, strerror(errno));
        unlink(target->temporary);
    }
    cJSON_free(text);
    return good;
}

static void remove_position(checkpoint *target)
{
    cJSON_DeleteItemFromObjectCaseSensitive(target->root, "collection");
    cJSON_DeleteItemFromObjectCaseSensitive(target->root, "documents");
    cJSON_DeleteItemFromObjectCaseSensitive(target->root, "last_id");
}

bool checkpoint_save_position(checkpoint *target, const char *collection, uint64_t documents,
                              const bson_t *last_id)
{
    char *text = bson_as_canonical_extended_json(last_id, NULL);
    cJSON *position = text != NULL ? cJSON_Parse(text) : NULL;
    bson_free(text);
    remove_position(target);
    cJSON_AddStringToObject(target->root, "collection", collection);
    cJSON_AddNumberToObject(target->root, "documents", (double)documents);
    if (position == NULL || !cJSON_AddItemToObject(target->root, "last_id", position)) {
        message_error("cannot write the checkpoint file '%s': the last _id cannot be shown as JSON",
                      target->file);
        return false;
    }
    return save(target);
}

bool checkpoint_save_finished(checkpoint *target, const char *collection)
{
    remove_position(target);
    cJSON *finished = cJSON_GetObjectItemCaseSensitive(target->root, "finished");
    if (!cJSON_AddItemToArray(finished, cJSON_CreateString(collection))) {
        message_error("checkpoint file '%s': its list of finished collections is damaged",
                      target->file);
        return false;
    }
    return save(target);
}
