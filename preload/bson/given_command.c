/* SPDX-License-Identifier: Apache-2.0 */
#include "bson/given_command.h"

#include "bson/bson_walk.h"
#include "bson/command_ids.h"
#include "phasetap/log_format.h"

static bool find(const struct pt_walk *from, const char *key, struct pt_element *e)
{
    struct pt_walk w = *from;
    while (pt_walk_next(&w, e)) {
        if (pt_key_is(e, key)) {
            return true;
        }
    }
    return false;
}

static bool find_in(const struct pt_element *document, const char *key, struct pt_element *e)
{
    struct pt_walk w;
    return pt_walk_into(&w, document) && find(&w, key, e);
}

/* The elements of an array of the command; false when it has no such array. */
static bool into_array(const struct pt_walk *command, const char *key, struct pt_walk *elements)
{
    struct pt_element array;
    return find(command, key, &array) && array.type == PT_BSON_ARRAY &&
           pt_walk_into(elements, &array);
}

/* A document, or an update by a pipeline. */
static void add_document(struct pt_given *given, const struct pt_element *e)
{
    bool holds = e && (e->type == PT_BSON_DOCUMENT || e->type == PT_BSON_ARRAY);
    given->documents++;
    given->bytes += holds ? (int64_t)e->value_bytes : 0;
}

static void take_insert(struct pt_given *given, const struct pt_walk *command)
{
    struct pt_walk w;
    struct pt_element e;
    if (into_array(command, "documents", &w)) {
        while (pt_walk_next(&w, &e)) {
            add_document(given, &e);
        }
    }
}

static void take_update(struct pt_given *given, const struct pt_walk *command)
{
    struct pt_walk w;
    struct pt_element e, update;
    if (into_array(command, "updates", &w)) {
        while (pt_walk_next(&w, &e)) {
            add_document(given, find_in(&e, "u", &update) ? &update : NULL);
        }
    }
}

static void take_delete(struct pt_given *given, const struct pt_walk *command)
{
    struct pt_walk w;
    struct pt_element e;
    if (into_array(command, "deletes", &w)) {
        while (pt_walk_next(&w, &e)) {
            given->removals++;
        }
    }
}

static void take_find_and_modify(struct pt_given *given, const struct pt_walk *command)
{
    struct pt_element update;
    add_document(given, find(command, "update", &update) ? &update : NULL);
}

/* One of `ops`: { insert: number of the namespace, document }, { update, filter, updateMods }, {
 * delete, filter }. */
static void take_operation(struct pt_given *given, const struct pt_element *operation,
                           int64_t *inserts, int64_t *updates)
{
    struct pt_walk w;
    struct pt_element first, document;
    if (!pt_walk_into(&w, operation) || !pt_walk_next(&w, &first)) {
        return;
    }
    if (pt_key_is(&first, "delete")) {
        given->removals++;
    } else if (pt_key_is(&first, "insert")) {
        ++*inserts;
        add_document(given, find(&w, "document", &document) ? &document : NULL);
    } else if (pt_key_is(&first, "update")) {
        ++*updates;
        given->update_bytes -= given->bytes;
        add_document(given, find(&w, "updateMods", &document) ? &document : NULL);
        given->update_bytes += given->bytes;
    }
}

/* What most of the operations are. */
static int32_t phase_of(int64_t inserts, int64_t updates, int64_t deletes)
{
    int32_t phase = inserts ? PT_PHASE_INSERTION : 0;
    int64_t most = inserts;
    if (updates > most) {
        most = updates;
        phase = PT_PHASE_UPDATE;
    }
    return deletes > most ? PT_PHASE_DELETION : phase;
}

static void take_bulk_write(struct pt_given *given, const struct pt_walk *command)
{
    struct pt_walk w;
    struct pt_element e;
    int64_t inserts = 0, updates = 0;
    if (into_array(command, "ops", &w)) {
        while (pt_walk_next(&w, &e)) {
            take_operation(given, &e, &inserts, &updates);
        }
    }
    given->phase = phase_of(inserts, updates, given->removals);
    given->inserts = inserts;
    given->updates = updates;
}

static bool writes(struct pt_walk stages)
{
    struct pt_element e, name;
    struct pt_element last = {0};
    struct pt_walk w;
    while (pt_walk_next(&stages, &e)) {
        last = e;
    }
    return pt_walk_into(&w, &last) && pt_walk_next(&w, &name) &&
           (pt_key_is(&name, "$out") || pt_key_is(&name, "$merge"));
}

static void take_aggregate(struct pt_given *given, const struct pt_walk *command)
{
    struct pt_walk stages;
    if (into_array(command, "pipeline", &stages) && writes(stages)) {
        given->phase = PT_PHASE_AGGREGATION;
    }
}

static const struct {
    const char *name;
    void (*take)(struct pt_given *given, const struct pt_walk *command);
} commands[] = {
    {"insert", take_insert},
    {"update", take_update},
    {"delete", take_delete},
    {"aggregate", take_aggregate},
    {"findAndModify", take_find_and_modify},
    {"findandmodify", take_find_and_modify},
    {"bulkWrite", take_bulk_write},
};

/* Of a command in the table; the name of any other may be the program's own. */
static int32_t phase_by_name(const struct pt_element *first)
{
    int32_t id = pt_command_id(first->key);
    int32_t phase = id != PT_COMMAND_OTHER ? pt_command_phase(id) : 0;
    return phase != PT_PHASE_TEARDOWN ? phase : 0;
}

/* Whether a command's own value is the name of a collection, and not of a user, for example. */
static bool names_collection(const struct pt_element *first)
{
    static const int32_t ids[] = {
        PT_COMMAND_find,          PT_COMMAND_aggregate,       PT_COMMAND_insert,
        PT_COMMAND_update,        PT_COMMAND_delete,          PT_COMMAND_findAndModify,
        PT_COMMAND_findandmodify, PT_COMMAND_createIndexes,   PT_COMMAND_count,
        PT_COMMAND_distinct,      PT_COMMAND_create,          PT_COMMAND_drop,
        PT_COMMAND_dropIndexes,   PT_COMMAND_deleteIndexes,   PT_COMMAND_listIndexes,
        PT_COMMAND_collMod,       PT_COMMAND_convertToCapped, PT_COMMAND_collStats,
        PT_COMMAND_validate,      PT_COMMAND_mapReduce};
    int32_t id = pt_command_id(first->key);
    for (unsigned i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        if (ids[i] == id) {
            return true;
        }
    }
    return false;
}

/* A well-formed text, which ends in a zero. */
static const char *text_of(const struct pt_element *e)
{
    bool text =
        e->type == PT_BSON_STRING && e->value_bytes > 5 && e->value[e->value_bytes - 1] == 0;
    return text ? (const char *)e->value + 4 : NULL;
}

void pt_given_parse(struct pt_given *given, const uint8_t *data, size_t bytes)
{
    struct pt_walk w;
    struct pt_element first, ordered;
    memset(given, 0, sizeof *given);
    if (!pt_walk_init(&w, data, bytes) || !pt_walk_next(&w, &first)) {
        return;
    }
    given->phase = phase_by_name(&first);
    given->collection = names_collection(&first) ? text_of(&first) : NULL;
    given->unordered =
        find(&w, "ordered", &ordered) && ordered.type == PT_BSON_BOOL && ordered.value[0] == 0;
    for (unsigned i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (pt_key_is(&first, commands[i].name)) {
            commands[i].take(given, &w);
            return;
        }
    }
}

bool pt_given_pipeline_writes(const uint8_t *data, size_t bytes)
{
    struct pt_walk w, stages;
    if (!pt_walk_init(&w, data, bytes)) {
        return false;
    }
    return writes(into_array(&w, "pipeline", &stages) ? stages : w);
}
