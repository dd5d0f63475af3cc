/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rule_inputs.h: rules (gate/rule.h) as a command line gives them: as text, or as @FILE, a file of
 * rules; the option may be given again. One thread.
 */
#ifndef PHASETAP_RULE_INPUTS_H
#define PHASETAP_RULE_INPUTS_H

#include "base/texts.h"
#include "gate/rule.h"

/* Adds all rules of `texts`. 0, or PT_EXIT_USAGE after an error message that names `option`. */
int pt_take_rules(struct pt_rules *rules, enum pt_rules_kind kind, const struct pt_texts *texts,
                  const char *option);

/* The whole file as a text that ends with a zero byte, for the caller to free. NULL: it cannot be
 * read (errno), or has more than `most` bytes (EFBIG). */
char *pt_read_text(const char *path, size_t most, size_t *ret_length);

#endif
