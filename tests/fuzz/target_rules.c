/* SPDX-License-Identifier: Apache-2.0 */
/* The parser of the masker's rules: any file gives rules that can be used, or an error. */
#include <string.h>
#include <unistd.h>

#include "rules.h"
#include "target.h"

static void look_up(const rule_set *rules, const char *collection)
{
    static const char key[] = "name";
    const collection_rules *found = rules_for(rules, collection);
    fuzz_require(found != NULL, "no rules for a collection");
    const rule_node *child = rule_node_find(&found->root, key, strlen(key));
    fuzz_require(child == NULL || strcmp(child->key, key) == 0 || strcmp(child->key, "*") == 0,
                 "a rule of another field");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[FUZZ_PATH_BYTES];
    int fd = fuzz_file(data, size, path);
    rule_set *rules = rules_load(path);
    if (rules != NULL) {
        look_up(rules, "patients");
        look_up(rules, "");
        rules_free(rules);
    }
    close(fd);
    return 0;
}
