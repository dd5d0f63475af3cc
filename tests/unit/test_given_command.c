/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What command documents and pipelines of the application say: documents and bytes that they write,
 * aggregations that store their result; and no bytes make the parser read past its input (each
 * input lies in a heap block of its exact size).
 */
#include <bson/bson.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "bson/given_command.h"
#include "phasetap/log_format.h"

static struct pt_given parse(const uint8_t *data, size_t bytes)
{
    struct pt_given given;
    uint8_t *copy = malloc(bytes > 0 ? bytes : 1);
    cr_assert(ne(ptr, copy, NULL));
    memcpy(copy, data, bytes);
    memset(&given, 0xFF, sizeof given);
    pt_given_parse(&given, copy, bytes);
    free(copy);
    return given;
}

/* From JSON with ' for ". */
static bson_t *document(const char *json)
{
    bson_error_t error;
    char *quoted = bson_strdup(json);
    for (char *at = strchr(quoted, '\''); at != NULL; at = strchr(at, '\'')) {
        *at = '"';
    }
    bson_t *made = bson_new_from_json((const uint8_t *)quoted, -1, &error);
    cr_assert(ne(ptr, made, NULL), "%s: %s", quoted, error.message);
    bson_free(quoted);
    return made;
}

static void expect(const char *json, int32_t phase, int64_t documents, int64_t bytes,
                   int64_t removals)
{
    bson_t *command = document(json);
    struct pt_given given = parse(bson_get_data(command), command->len);
    cr_assert(eq(i64, given.documents, documents), "%s", json);
    cr_assert(eq(i64, given.bytes, bytes), "%s", json);
    cr_assert(eq(i64, given.removals, removals), "%s", json);
    cr_assert(eq(int, given.phase, phase), "%s", json);
    bson_destroy(command);
}

static bool pipeline_writes(const char *json)
{
    bson_t *pipeline = document(json);
    bool writes = pt_given_pipeline_writes(bson_get_data(pipeline), pipeline->len);
    bson_destroy(pipeline);
    return writes;
}

enum { INT_BYTES = 4 + 1 + 2 + 4 + 1, EMPTY_BYTES = 5 }; /* {"v": 1}; {} */

Test(given_command, inserts)
{
    expect("{'insert': 'c', 'documents': [{'v': 1}]}", PT_PHASE_INSERTION, 1, INT_BYTES, 0);
    expect("{'insert': 'c', 'ordered': false, 'documents': [{'v': 1}, {}, {'v': 2}], '$db': 'd'}",
           PT_PHASE_INSERTION, 3, 2 * INT_BYTES + EMPTY_BYTES, 0);
    expect("{'insert': 'c'}", PT_PHASE_INSERTION, 0, 0, 0);
    expect("{'insert': 'c', 'documents': 3}", PT_PHASE_INSERTION, 0, 0, 0);
}

/* Of an update, the update document, or pipeline, alone. */
Test(given_command, updates)
{
    expect("{'update': 'c', 'updates': [{'q': {'v': 1, 'w': 1}, 'u': {'v': 2}, 'multi': true}]}",
           PT_PHASE_UPDATE, 1, INT_BYTES, 0);
    expect("{'update': 'c', 'updates': [{'q': {}, 'u': [{}]}, {'q': {}}, 7]}", PT_PHASE_UPDATE, 3,
           4 + 1 + 2 + EMPTY_BYTES + 1, 0);
    expect("{'findAndModify': 'c', 'query': {'v': 1}, 'update': {'v': 2}, 'new': true}",
           PT_PHASE_UPDATE, 1, INT_BYTES, 0);
    expect("{'findandmodify': 'c', 'query': {'v': 1}, 'remove': true}", PT_PHASE_UPDATE, 1, 0, 0);
}

Test(given_command, deletes)
{
    expect("{'delete': 'c', 'deletes': [{'q': {'v': 1}, 'limit': 1}, {'q': {}, 'limit': 0}]}",
           PT_PHASE_DELETION, 0, 0, 2);
}

/* The phase is that of most operations. */
Test(given_command, bulk_writes)
{
    expect("{'bulkWrite': 1, 'ops': [{'insert': 0, 'document': {'v': 1}},"
           " {'update': 0, 'filter': {}, 'updateMods': {'v': 1}, 'multi': false}, {'delete': 0, "
           "'filter': {}},"
           " {'update': 0, 'filter': {}, 'updateMods': [{}]}], 'nsInfo': [{'ns': 'd.c'}]}",
           PT_PHASE_UPDATE, 3, 2 * INT_BYTES + 4 + 1 + 2 + EMPTY_BYTES + 1, 1);
    expect("{'bulkWrite': 1, 'ops': [{'insert': 0, 'document': {}}, {'delete': 0}]}",
           PT_PHASE_INSERTION, 1, EMPTY_BYTES, 1);
    expect("{'bulkWrite': 1, 'ops': [{'insert': 0}, {'delete': 0}, {'delete': 0}, {'other': 0}, 1, "
           "{}]}",
           PT_PHASE_DELETION, 1, 0, 2);
    expect("{'bulkWrite': 1, 'ops': []}", 0, 0, 0, 0);
}

/* Only the first key names a command. */
Test(given_command, others)
{
    expect("{'find': 'c', 'insert': 1, 'documents': [{'v': 1}]}", PT_PHASE_QUERY, 0, 0, 0);
    expect("{'explain': {'delete': 'c', 'deletes': [{}]}}", PT_PHASE_COMMAND, 0, 0, 0);
    expect("{'INSERT': 'c', 'documents': [{}]}", 0, 0, 0, 0);
    expect("{}", 0, 0, 0, 0);
}

Test(given_command, aggregations)
{
    expect("{'aggregate': 'c', 'pipeline': [{'$match': {}}, {'$out': 'o'}], 'cursor': {}}",
           PT_PHASE_AGGREGATION, 0, 0, 0);
    expect("{'aggregate': 'c', 'pipeline': [{'$match': {'$out': 1}}], 'cursor': {}}",
           PT_PHASE_QUERY, 0, 0, 0);
    expect("{'aggregate': 1, 'cursor': {}}", PT_PHASE_QUERY, 0, 0, 0);
}

static const char *collection(const char *json)
{
    static char kept[32];
    bson_t *command = document(json);
    struct pt_given given;
    pt_given_parse(&given, bson_get_data(command), command->len); /* the name lies in the command */
    snprintf(kept, sizeof kept, "%s", given.collection ? given.collection : "-");
    bson_destroy(command);
    return kept;
}

/* The names of users, and of anything else, stay out of the log. */
Test(given_command, collections)
{
    cr_assert(eq(str, (char *)collection("{'createIndexes': 'c', 'indexes': []}"), "c"));
    cr_assert(eq(str, (char *)collection("{'aggregate': 'c', 'pipeline': []}"), "c"));
    cr_assert(eq(str, (char *)collection("{'aggregate': 1, 'pipeline': []}"), "-"));
    cr_assert(eq(str, (char *)collection("{'createUser': 'anna', 'pwd': 'x'}"), "-"));
    cr_assert(eq(str, (char *)collection("{'ping': 'c'}"), "-"));
    cr_assert(eq(str, (char *)collection("{'find': ''}"), "-"));
}

Test(given_command, pipelines)
{
    cr_assert(pipeline_writes("{'pipeline': [{'$match': {}}, {'$out': 'o'}]}"));
    cr_assert(pipeline_writes("{'pipeline': [{'$merge': {'into': 'o'}}]}"));
    cr_assert(pipeline_writes("{'0': {'$match': {'v': 1}}, '1': {'$merge': 'o'}}"));
    cr_assert(pipeline_writes("{'0': {'$out': 'o'}}"));
    cr_assert(not(pipeline_writes("{'pipeline': [{'$out': 'o'}, {'$match': {}}]}")));
    cr_assert(not(pipeline_writes("{'0': {'$match': {'$merge': 1}}, '1': {'$limit': 1}}")));
    cr_assert(not(pipeline_writes("{'pipeline': []}")));
    cr_assert(not(pipeline_writes("{'pipeline': [{}]}")));
    cr_assert(not(pipeline_writes("{'pipeline': [1]}")));
    cr_assert(not(pipeline_writes("{}")));
    cr_assert(not(pt_given_pipeline_writes(NULL, 0)));
}

/* Every type stands in front of what is looked for; regular expressions are the one type that ends
 * the search. */
Test(given_command, values_of_all_types_are_stepped_over)
{
    expect("{'insert': 'c', 'a': 1.5, 'b': {'$numberLong': '1'}, 'c': true, 'd': null,"
           " 'e': {'$date': {'$numberLong': '1'}}, 'f': {'$oid': '0123456789abcdef01234567'},"
           " 'g': {'$binary': {'base64': 'AAAA', 'subType': '00'}}, 'h': {'$timestamp': {'t': 1, "
           "'i': 1}},"
           " 'i': {'$numberDecimal': '1'}, 'j': {'$minKey': 1}, 'k': {'$code': 'f'},"
           " 'l': {'$code': 'f', '$scope': {}}, 'documents': [{}]}",
           PT_PHASE_INSERTION, 1, EMPTY_BYTES, 0);
}

/* Cut at every byte, and changed at random, the same in every run. */
Test(given_command, damaged_anywhere)
{
    bson_t *command =
        document("{'bulkWrite': 1, 'ops': [{'insert': 0, 'document': {'v': 1}},"
                 " {'update': 0, 'filter': {}, 'updateMods': {'v': 1}}, {'delete': 0}]}");
    uint8_t damaged[512];
    uint32_t random = 1;
    cr_assert(lt(sz, command->len, sizeof damaged));
    for (size_t bytes = 0; bytes < command->len; bytes++) {
        struct pt_given given = parse(bson_get_data(command), bytes);
        cr_assert(
            eq(i64, given.documents + given.removals, 0)); /* its length says more than there is */
    }
    for (int round = 0; round < 50000; round++) {
        memcpy(damaged, bson_get_data(command), command->len);
        for (int i = 0; i < 3; i++) {
            random = random * 1664525u + 1013904223u;
            damaged[(random >> 8) % command->len] = (uint8_t)(random >> 24);
        }
        struct pt_given given = parse(damaged, command->len);
        cr_assert(le(i64, given.documents + given.removals, (int64_t)command->len));
        cr_assert(le(i64, given.bytes, (int64_t)command->len * 3));
        (void)pt_given_pipeline_writes(damaged, command->len);
    }
    bson_destroy(command);
}
