/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MASKER_RULES_H
#define MASKER_RULES_H

/*
 * The masking rules: a JSON file (format: README.md of this folder) turned into one tree of field
 * names per collection.
 *
 * Built once by the main thread, read-only afterwards: any number of threads may use it at the same
 * time.
 */

#include "keyed_hash.h"
#include "siphash.h"

#include <mongoc/mongoc.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    ACTION_NONE, /* no rule: the value is copied */
    ACTION_KEEP, /* copied although a rule above says otherwise */
    ACTION_REDACT,
    ACTION_HASH,
    ACTION_PSEUDONYM,
    ACTION_DATE_SHIFT,
    ACTION_PARTIAL,
} action_kind;

typedef enum {
    PSEUDONYM_FORMAT, /* digits become digits, letters become letters of the same case */
    PSEUDONYM_GIVEN,
    PSEUDONYM_FAMILY,
    PSEUDONYM_FULL,
    PSEUDONYM_STREET,
    PSEUDONYM_CITY,
    PSEUDONYM_EMAIL,
} pseudonym_kind;

#define REDACT_TEXT_MAXIMUM_BYTES 63

typedef struct {
    action_kind kind;
    uint8_t key[KEYED_HASH_BYTES]; /* hash: from the rules' salt */
    siphash_key choice_key;        /* pseudonym, date shift, numbers: from salt and seed */
    pseudonym_kind pseudonym;      /* pseudonym only */
    uint32_t days;                 /* date shift: the shift lies in [-days, -1] or [1, days] */
    uint32_t keep_last;            /* partial: characters left readable */
    uint32_t length;               /* hash: hexadecimal digits, 8 to 64 */
    char text[REDACT_TEXT_MAXIMUM_BYTES +
              1]; /* redact: what strings become; partial: text[0] is the fill character */
} mask_action;

/* One field name of the tree. An array is transparent: its elements belong to the node of the
 * array. */
typedef struct rule_node {
    char *key; /* "*" matches every field name that no sibling names */
    size_t key_bytes;
    mask_action action;
    struct rule_node *first_child;
    struct rule_node *next_sibling;
} rule_node;

typedef struct index_rule {
    bson_t *keys;    /* e.g. {mrn: 1} */
    bson_t *options; /* name and, where asked for, unique */
    struct index_rule *next;
} index_rule;

typedef struct collection_rules {
    char *name;        /* NULL: the global rules, for collections without rules of their own */
    char *patient_key; /* dotted path of the value that date shifts are consistent for */
    rule_node root;    /* children are the top-level fields */
    index_rule *indexes;
    struct collection_rules *next;
} collection_rules;

typedef struct rule_set rule_set;

/* NULL after an error message that names the file and the faulty member. Free with rules_free(). */
rule_set *rules_load(const char *file);
void rules_free(rule_set *rules);

/* Rules of a collection, or the global ones; never NULL. */
const collection_rules *rules_for(const rule_set *rules, const char *collection);

/* The child of `node` for a field name, else its "*" child, else NULL. */
const rule_node *rule_node_find(const rule_node *node, const char *key, size_t key_bytes);

#endif
