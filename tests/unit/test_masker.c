/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Unit tests of the example masking program: hashes against published vectors, transforms of texts,
 * the walk over nested documents, the generator, batches, the order of progress and checkpoints. No
 * server is needed. Links masker_parts (tools/masker) and Criterion.
 */
#include "checkpoint.h"
#include "generate.h"
#include "mask.h"
#include "progress.h"
#include "queue.h"
#include "transforms.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void expect_keyed_hash(const void *key, size_t key_bytes, const char *data,
                              const char *expected)
{
    uint8_t digest[KEYED_HASH_BYTES];
    char text[2 * KEYED_HASH_BYTES + 1];
    keyed_hash(key, key_bytes, data, strlen(data), digest);
    for (size_t i = 0; i < KEYED_HASH_BYTES; i++) {
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
    }
    cr_expect_str_eq(text, expected);
}

/* RFC 4231, test cases 2, 1 and 6: a context takes keys of all lengths, one after the other. */
Test(masker_hash, hmac_vectors)
{
    uint8_t repeated[131];
    for (int round = 0; round < 2; round++) {
        expect_keyed_hash("Jefe", 4, "what do ya want for nothing?",
                          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        memset(repeated, 0x0b, 20);
        expect_keyed_hash(repeated, 20, "Hi There",
                          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        memset(repeated, 0xaa, sizeof repeated);
        expect_keyed_hash(repeated, sizeof repeated,
                          "Test Using Larger Than Block-Size Key - Hash Key First",
                          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    }
}

Test(masker_hash, siphash_vectors)
{
    const siphash_key key = {UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)};
    uint8_t input[15];
    for (uint8_t i = 0; i < sizeof input; i++) {
        input[i] = i;
    }
    cr_expect_eq(siphash(&key, input, 0), UINT64_C(0x726fdb47dd0e0e31));
    cr_expect_eq(siphash(&key, input, 15), UINT64_C(0xa129ca6149be45e5));
}

static void expect_partial(uint32_t keep_last, const char *input, const char *expected)
{
    const mask_action action = {.kind = ACTION_PARTIAL, .keep_last = keep_last, .text = "X"};
    char result[64];
    const size_t length = transform_partial_text(&action, input, strlen(input), result);
    cr_expect_str_eq(result, expected);
    cr_expect_eq(length, strlen(expected));
}

Test(masker_text, partial_keeps_the_last_characters_and_the_punctuation)
{
    expect_partial(4, "930-91-0362", "XXX-XX-0362");
    expect_partial(2, "J\xc3\xb6rg M\xc3\xbcller", "XXXX XXXXer");
    expect_partial(4, "1234", "XXXX");
    expect_partial(0, "abc", "XXX");
    expect_partial(4, "", "");
}

Test(masker_text, format_keeps_classes_and_is_consistent)
{
    const mask_action action = {.kind = ACTION_PSEUDONYM, .choice_key = {1, 2}};
    char first[32];
    char second[32];
    cr_expect_eq(transform_format_text(&action, "(212) 555-Ab", 12, first), 12u);
    transform_format_text(&action, "(212) 555-Ab", 12, second);
    cr_expect_str_eq(first, second);
    cr_expect_str_neq(first, "(212) 555-Ab");
    cr_expect(first[0] == '(' && first[4] == ')' && first[5] == ' ' && first[9] == '-');
    cr_expect(first[1] >= '0' && first[1] <= '9' && first[10] >= 'A' && first[10] <= 'Z' &&
              first[11] >= 'a');
}

Test(masker_text, date_texts_shift_over_the_end_of_a_month)
{
    char date[] = "2024-02-28T10:00:00Z";
    char wrong[] = "28.02.2024";
    cr_expect(transform_shift_text(date, strlen(date), INT64_C(2) * 86400000));
    cr_expect_str_eq(date, "2024-03-01T10:00:00Z");
    cr_expect_not(transform_shift_text(wrong, strlen(wrong), 86400000));
}

/* Rules from a text, by way of a temporary file. */
static rule_set *load_rules(const char *text)
{
    char file[] = "/tmp/masker_rules_XXXXXX";
    const int descriptor = mkstemp(file);
    cr_assert_geq(descriptor, 0);
    cr_assert_eq(write(descriptor, text, strlen(text)), (ssize_t)strlen(text));
    close(descriptor);
    rule_set *rules = rules_load(file);
    unlink(file);
    return rules;
}

/* The masked form of a JSON document under the global rules, as relaxed JSON; freed with
 * bson_free(). */
static char *mask_json(const char *rules_text, const char *json)
{
    rule_set *rules = load_rules(rules_text);
    cr_assert_not_null(rules);
    bson_error_t error;
    bson_t *source = bson_new_from_json((const uint8_t *)json, -1, &error);
    cr_assert_not_null(source, "%s", error.message);
    bson_t result = BSON_INITIALIZER;
    mask_context context;
    mask_context_init(&context, rules_for(rules, "any"));
    cr_assert(mask_document(&context, source, &result));
    char *text = bson_as_relaxed_extended_json(&result, NULL);
    mask_context_release(&context);
    bson_destroy(&result);
    bson_destroy(source);
    rules_free(rules);
    return text;
}

static void expect_masked(const char *rules_text, const char *json, const char *expected)
{
    char *text = mask_json(rules_text, json);
    cr_expect_str_eq(text, expected, "%s", text);
    bson_free(text);
}

#define RULES(fields) "{\"salt\": \"s\", \"global\": {\"fields\": {" fields "}}}"

Test(masker_walk, nested_paths_and_arrays)
{
    expect_masked(RULES("\"name.family\": \"redact\", "
                        "\"contacts[].phone\": {\"action\": \"partial\", \"keep_last\": 2}"),
                  "{\"name\": {\"given\": \"A\", \"family\": \"B\"}, \"contacts\": [{\"phone\": "
                  "\"123\", \"x\": 1}, "
                  "{\"phone\": [\"4567\"]}]}",
                  "{ \"name\" : { \"given\" : \"A\", \"family\" : \"REDACTED\" }, "
                  "\"contacts\" : [ { \"phone\" : \"X23\", "
                  "\"x\" : 1 }, { \"phone\" : [ \"XX67\" ] } ] }");
}

Test(masker_walk, an_action_holds_for_everything_inside_but_what_is_kept)
{
    expect_masked(RULES("\"a\": {\"action\": \"redact\", \"with\": \"-\"}, \"a.keep\": \"keep\""),
                  "{\"a\": {\"keep\": \"k\", \"b\": \"x\", \"c\": [1, {\"d\": true}], \"n\": "
                  "null}, \"z\": \"z\"}",
                  "{ \"a\" : { \"keep\" : \"k\", \"b\" : \"-\", \"c\" : [ 0, { \"d\" : false } ], "
                  "\"n\" : null }, "
                  "\"z\" : \"z\" }");
}

Test(masker_walk, a_star_stands_for_unnamed_fields)
{
    expect_masked(RULES("\"*\": \"redact\", \"_id\": \"keep\""),
                  "{\"_id\": 7, \"a\": \"x\", \"b\": 2.5}",
                  "{ \"_id\" : 7, \"a\" : \"REDACTED\", \"b\" : 0.0 }");
}

Test(masker_walk, a_type_that_an_action_cannot_change_is_redacted)
{
    expect_masked(RULES("\"d\": \"date_shift\", \"p\": \"partial\", \"r\": \"hash\""),
                  "{\"d\": \"no date\", \"p\": 1.5, \"r\": {\"$numberDecimal\": \"1.5\"}}",
                  "{ \"d\" : \"REDACTED\", \"p\" : 0.0, \"r\" : null }");
}

Test(masker_walk, numbers)
{
    expect_masked(RULES("\"a\": {\"action\": \"partial\", \"keep_last\": 3}"),
                  "{\"a\": [123456, 99, -12345]}", "{ \"a\" : [ 456, 0, 345 ] }");
}

Test(masker_walk, equal_values_get_equal_pseudonyms_and_another_salt_others)
{
    const char *json = "{\"a\": \"Smith\", \"b\": \"Smith\"}";
    const char *fields = "\"global\": {\"fields\": {\"a\": \"hash\", \"b\": \"hash\"}}}";
    char rules_one[128];
    char rules_two[128];
    snprintf(rules_one, sizeof rules_one, "{\"salt\": \"one\", %s", fields);
    snprintf(rules_two, sizeof rules_two, "{\"salt\": \"two\", %s", fields);
    char *one = mask_json(rules_one, json);
    char *two = mask_json(rules_two, json);
    cr_expect_str_neq(one, two);
    cr_expect_eq(strncmp(strstr(one, "\"a\" : ") + 6, strstr(one, "\"b\" : ") + 6, 34), 0);
    cr_expect_null(strstr(one, "Smith"));
    bson_free(one);
    bson_free(two);
}

static int64_t shifted_date(const char *patient)
{
    char json[96];
    snprintf(json, sizeof json,
             "{\"mrn\": \"%s\", \"when\": {\"$date\": {\"$numberLong\": \"1000\"}}}", patient);
    rule_set *rules =
        load_rules("{\"salt\": \"s\", \"global\": {\"patient_key\": \"mrn\", \"fields\": "
                   "{\"mrn\": \"hash\", \"when\": {\"action\": \"date_shift\", \"days\": 300}}}}");
    bson_t *source = bson_new_from_json((const uint8_t *)json, -1, NULL);
    bson_t result = BSON_INITIALIZER;
    bson_iter_t iter;
    mask_context context;
    mask_context_init(&context, rules_for(rules, "any"));
    cr_assert(mask_document(&context, source, &result));
    cr_assert(bson_iter_init_find(&iter, &result, "when"));
    const int64_t date_ms = bson_iter_date_time(&iter);
    mask_context_release(&context);
    bson_destroy(&result);
    bson_destroy(source);
    rules_free(rules);
    return date_ms;
}

Test(masker_walk, dates_shift_by_whole_days_per_patient)
{
    const int64_t first_ms = shifted_date("p1");
    cr_expect_eq(shifted_date("p1"), first_ms);
    cr_expect_neq(shifted_date("p2"), first_ms);
    cr_expect_eq((first_ms - 1000) % 86400000, 0);
    cr_expect_neq(first_ms, 1000);
    cr_expect_leq(llabs(first_ms - 1000), INT64_C(300) * 86400000);
}

static bson_t *nest(int levels)
{
    bson_t *inner = bson_new();
    BSON_APPEND_UTF8(inner, "a", "secret");
    for (int i = 0; i < levels; i++) {
        bson_t *outer = bson_new();
        BSON_APPEND_DOCUMENT(outer, "a", inner);
        bson_destroy(inner);
        inner = outer;
    }
    return inner;
}

Test(masker_walk, too_deep_a_document_is_refused)
{
    rule_set *rules = load_rules(RULES("\"a\": \"redact\""));
    mask_context context;
    mask_context_init(&context, rules_for(rules, "any"));
    const int levels[] = {50, 99, 101, 400};
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        bson_t *source = nest(levels[i]);
        bson_t result = BSON_INITIALIZER;
        cr_expect_eq(mask_document(&context, source, &result), levels[i] <= 100, "%d levels",
                     levels[i]);
        bson_destroy(&result);
        bson_destroy(source);
    }
    mask_context_release(&context);
    rules_free(rules);
}

Test(masker_rules, faulty_rules_are_refused)
{
    static const char *const faulty[] = {
        "",
        "[]",
        "{\"salt\": \"\"}",
        "{\"salt\": \"s\", \"unknown\": 1}",
        "{\"salt\": \"s\", \"collections\": [1]}",
        "{\"salt\": \"s\", \"collections\": {\"a\": 1}}",
        "{\"salt\": \"s\", \"global\": {\"indexes\": {}}}",
        "{\"salt\": \"s\", \"global\": {\"indexes\": [{\"keys\": {\"a\": 2}}]}}",
        "{\"salt\": \"s\", \"global\": {\"patient_key\": 1}}",
        RULES("\"a..b\": \"redact\""),
        RULES("\"a\": \"remove\""),
        RULES("\"a\": {\"action\": \"hash\", \"length\": 65}"),
        RULES("\"a\": {\"action\": \"partial\", \"fill\": \"XX\"}"),
        RULES("\"a\": {\"action\": \"pseudonym\", \"kind\": \"cat\"}"),
    };
    for (size_t i = 0; i < sizeof faulty / sizeof faulty[0]; i++) {
        cr_expect_null(load_rules(faulty[i]), "rules %zu were taken: %s", i, faulty[i]);
    }
}

Test(masker_rules, own_rules_come_on_top_of_the_global_ones)
{
    rule_set *rules = load_rules(
        "{\"salt\": \"s\", \"global\": {\"fields\": {\"a\": \"redact\", \"b\": \"redact\"}}, "
        "\"collections\": {\"c\": {\"fields\": {\"b\": \"keep\"}}}}");
    const rule_node *root = &rules_for(rules, "c")->root;
    cr_expect_eq(rule_node_find(root, "a", 1)->action.kind, ACTION_REDACT);
    cr_expect_eq(rule_node_find(root, "b", 1)->action.kind, ACTION_KEEP);
    cr_expect_eq(rule_node_find(&rules_for(rules, "d")->root, "b", 1)->action.kind, ACTION_REDACT);
    rules_free(rules);
}

static bson_t *generated(const char *collection, uint64_t seed, uint32_t index)
{
    bson_t *document = bson_new();
    generate_document(collection, seed, index, document);
    return document;
}

Test(masker_generate, documents_depend_on_seed_kind_and_index)
{
    bson_t *documents[] = {generated("patients", 1, 5), generated("patients", 1, 5),
                           generated("patients", 2, 5), generated("patients", 1, 6),
                           generated("claims", 1, 5)};
    cr_expect(bson_equal(documents[0], documents[1]));
    for (int i = 2; i < 5; i++) {
        cr_expect_not(bson_equal(documents[0], documents[i]), "document %d", i);
    }
    cr_expect(documents[0]->len > 500 && documents[0]->len < 2000, "%u bytes", documents[0]->len);
    for (int i = 0; i < 5; i++) {
        bson_destroy(documents[i]);
    }
}

Test(masker_queue, batches_give_back_their_documents_in_order)
{
    batch *filled = batch_new(0);
    for (uint32_t i = 0; i < 200; i++) {
        bson_t *document = generated("patients", 1, i);
        cr_assert(batch_add(filled, document));
        bson_destroy(document);
    }
    bson_t found;
    size_t offset = 0;
    for (uint32_t i = 0; i < 200; i++) {
        bson_t *document = generated("patients", 1, i);
        cr_assert(batch_next(filled, &offset, &found));
        cr_expect(bson_equal(document, &found));
        bson_destroy(document);
    }
    cr_expect_not(batch_next(filled, &offset, &found));
    batch_free(filled);
}

Test(masker_queue, first_in_first_out_then_closed_or_stopped)
{
    batch_queue queue;
    queue_init(&queue, 2);
    cr_expect(queue_push(&queue, batch_new(0), NULL));
    cr_expect(queue_push(&queue, batch_new(1), NULL));
    batch *first = queue_pop(&queue, NULL);
    cr_expect_eq(first->sequence, 0u);
    queue_close(&queue);
    batch *second = queue_pop(&queue, NULL);
    cr_expect_eq(second->sequence, 1u);
    cr_expect_null(queue_pop(&queue, NULL));
    queue_stop(&queue);
    cr_expect_not(queue_push(&queue, first, NULL));
    batch_free(first);
    batch_free(second);
    queue_release(&queue);
}

static bson_t *id_of(int32_t id)
{
    bson_t *document = bson_new();
    BSON_APPEND_INT32(document, "_id", id);
    return document;
}

static uint64_t saved_documents(const char *file)
{
    uint64_t documents = 0;
    checkpoint *loaded = checkpoint_open(file, "db", "copy", true);
    cr_assert_not_null(loaded);
    const bson_t *position = checkpoint_position(loaded, "c", &documents);
    cr_assert_not_null(position);
    bson_iter_t iter;
    cr_assert(bson_iter_init_find(&iter, position, "_id"));
    cr_expect_eq((uint64_t)bson_iter_int32(&iter), documents);
    checkpoint_free(loaded);
    return documents;
}

Test(masker_progress, a_checkpoint_waits_for_all_batches_before_it)
{
    char folder[] = "/tmp/masker_test_XXXXXX";
    char file[64];
    cr_assert_not_null(mkdtemp(folder));
    snprintf(file, sizeof file, "%s/position", folder);
    checkpoint *saved = checkpoint_open(file, "db", "copy", false);
    progress shown;
    progress_init(&shown, saved, "c", 0, false);
    cr_expect(progress_batch_done(&shown, 1, 10, id_of(20)));
    cr_expect_neq(access(file, F_OK), 0, "saved although batch 0 is missing");
    cr_expect(progress_batch_done(&shown, 0, 10, id_of(10)));
    cr_expect_eq(saved_documents(file), 20u);
    cr_expect(progress_batch_done(&shown, 3, 10, id_of(40)));
    cr_expect_eq(saved_documents(file), 20u);
    cr_expect(progress_batch_done(&shown, 2, 10, id_of(30)));
    cr_expect_eq(saved_documents(file), 40u);
    progress_release(&shown);
    cr_expect_null(checkpoint_open(file, "other", "copy", true));
    cr_expect(checkpoint_save_finished(saved, "c"));
    cr_expect(checkpoint_is_finished(saved, "c"));
    checkpoint_free(saved);
    unlink(file);
    rmdir(folder);
}
