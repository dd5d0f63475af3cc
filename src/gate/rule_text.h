/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rule_text.h: the pieces of a rule's text (rule.h): blanks, names, operators, numbers with their
 * units. Each moves the position behind what it took, and does not move it when it took nothing.
 * Any thread.
 */
#ifndef PHASETAP_RULE_TEXT_H
#define PHASETAP_RULE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "gate/metric.h"

enum pt_operator { PT_LESS, PT_LESS_EQUAL, PT_GREATER, PT_GREATER_EQUAL, PT_EQUAL, PT_UNEQUAL };

/* True when "value operator limit" holds. */
bool pt_rule_holds(enum pt_operator op, double value, double limit);

void pt_rule_skip_blanks(const char **at);
bool pt_rule_take_operator(const char **at, enum pt_operator *ret_operator);
/* Digits, perhaps with a point; no sign. */
bool pt_rule_take_number(const char **at, double *ret_number);
/* The factor of a unit into base units; no unit counts as one where the unit allows that. */
bool pt_rule_take_unit(const char **at, enum pt_unit unit, double *ret_factor);
/* "a time such as 20ms", for messages. */
const char *pt_rule_unit_example(enum pt_unit unit);

#endif
