/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MASKER_RULES_INTERNAL_H
#define MASKER_RULES_INTERNAL_H

/* Shared by the files that build the rules (rules.c, rules_action.c, rules_index.c) and nobody
 * else. */

#include "rules.h"

#include <cjson/cJSON.h>

/* Where the reader is, for messages, and what applies to all rules. */
typedef struct {
    const char *file;
    const char *section; /* "global" or the name of a collection */
    const char *salt;
    uint64_t seed;
} rules_reader;

/* Fills `action` from "redact" or {"action": "redact", ...}. False after an error message. */
bool rules_read_action(const rules_reader *reader, const char *path, const cJSON *value,
                       mask_action *action);

/* Builds the list of indexes from the array `value`. False after an error message; the list holds
 * what was built. */
bool rules_read_indexes(const rules_reader *reader, const cJSON *value, index_rule **list);
void rules_free_indexes(index_rule *list);

#endif
