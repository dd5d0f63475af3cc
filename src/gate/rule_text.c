/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/rule_text.h"

#include <string.h>

#define DIGITS_HIGHEST 15 /* all of them exact in a double */

void pt_rule_skip_blanks(const char **at)
{
    while (**at == ' ' || **at == '\t' || **at == '\r') {
        ++*at;
    }
}

bool pt_rule_take_operator(const char **at, enum pt_operator *ret_operator)
{
    /* the longer ones first */
    static const struct {
        const char *text;
        enum pt_operator op;
    } operators[] = {{"<=", PT_LESS_EQUAL}, {">=", PT_GREATER_EQUAL}, {"==", PT_EQUAL},
                     {"!=", PT_UNEQUAL},    {"<", PT_LESS},           {">", PT_GREATER}};
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        size_t length = strlen(operators[i].text);
        if (strncmp(*at, operators[i].text, length) == 0) {
            *ret_operator = operators[i].op;
            *at += length;
            return true;
        }
    }
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool pt_rule_take_number(const char **at, double *ret_number)
{
    const char *end = *at;
    double digits = 0.0;
    double divisor = 1.0;
    int count = 0;
    bool point = false;
    for (; is_digit(*end) || (*end == '.' && !point); end++) {
        if (*end == '.') {
            point = true;
            continue;
        }
        digits = digits * 10.0 + (*end - '0');
        divisor *= point ? 10.0 : 1.0;
        count++;
    }
    if (count == 0 || count > DIGITS_HIGHEST || end[-1] == '.') {
        return false;
    }
    *ret_number = digits / divisor;
    *at = end;
    return true;
}

struct unit {
    const char *text;
    double factor;
};

/* The longer of two that begin alike first. */
static const struct unit TIMES[] = {{"ns", 1.0}, {"us", 1e3},   {"ms", 1e6}, {"s", 1e9},
                                    {"m", 60e9}, {"h", 3600e9}, {NULL, 0.0}};
static const struct unit SIZES[] = {
    {"KiB", 1024.0}, {"MiB", 1048576.0}, {"GiB", 1073741824.0}, {"B", 1.0}, {NULL, 0.0}};
static const struct unit RATES[] = {{"/s", 1.0}, {"", 1.0}, {NULL, 0.0}};
static const struct unit COUNTS[] = {{"", 1.0}, {NULL, 0.0}};

bool pt_rule_take_unit(const char **at, enum pt_unit unit, double *ret_factor)
{
    static const struct unit *const tables[] = {[PT_UNIT_COUNT] = COUNTS,
                                                [PT_UNIT_TIME] = TIMES,
                                                [PT_UNIT_RATE] = RATES,
                                                [PT_UNIT_SIZE] = SIZES};
    for (const struct unit *row = tables[unit]; row->text != NULL; row++) {
        size_t length = strlen(row->text);
        if (strncmp(*at, row->text, length) == 0) {
            *ret_factor = row->factor;
            *at += length;
            return true;
        }
    }
    return false;
}

const char *pt_rule_unit_example(enum pt_unit unit)
{
    static const char *const examples[] = {
        [PT_UNIT_COUNT] = "a number such as 0",
        [PT_UNIT_TIME] = "a time such as 20ms (ns, us, ms, s, m or h)",
        [PT_UNIT_RATE] = "documents per second such as 2000",
        [PT_UNIT_SIZE] = "a size such as 512MiB (B, KiB, MiB or GiB)"};
    return examples[unit];
}

bool pt_rule_holds(enum pt_operator op, double value, double limit)
{
    switch (op) {
    case PT_LESS:
        return value < limit;
    case PT_LESS_EQUAL:
        return value <= limit;
    case PT_GREATER:
        return value > limit;
    case PT_GREATER_EQUAL:
        return value >= limit;
    case PT_EQUAL:
        return value == limit;
    case PT_UNEQUAL:
        return value != limit;
    }
    return false;
}
