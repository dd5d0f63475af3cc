/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/rule.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "gate/rule_text.h"

/* One rule that is being parsed. */
struct parser {
    enum pt_rules_kind kind;
    struct pt_rule *rule;
    const char *at;
    char *wrong;
};

static bool fail(char *wrong, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool fail(char *wrong, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(wrong, PT_RULE_WRONG_BYTES, format, arguments);
    va_end(arguments);
    return false;
}

/* Where the figure ends: at the first operator outside of quotes. */
static const char *end_of_figure(const char *at)
{
    bool quoted = false;
    for (; *at != '\0' && (quoted || strchr("<>=!", *at) == NULL); at++) {
        quoted ^= *at == '"';
    }
    return at;
}

static void copy(char *to, size_t room, const char *from, size_t length)
{
    length = length < room ? length : room - 1;
    memcpy(to, from, length);
    to[length] = '\0';
}

/* Leaves out the quotes around a phase. */
static void take_phase(char *to, const char *from, size_t length)
{
    while (length > 0 && (from[length - 1] == ' ' || from[length - 1] == '\t')) {
        length--;
    }
    if (length >= 2 && from[0] == '"' && from[length - 1] == '"') {
        from++;
        length -= 2;
    }
    copy(to, PT_RULE_NAME_BYTES, from, length);
}

static bool unknown_metric(const struct parser *parser, const char *metric, bool of_phase)
{
    char names[PT_METRIC_NAMES_BYTES];
    pt_metric_names(names, of_phase);
    return fail(parser->wrong, "'%s': there is no figure '%s' of %s; there are %s",
                parser->rule->text, metric, of_phase ? "a phase" : "a run", names);
}

/* The last point divides phase and metric. */
static bool take_figure(struct parser *parser)
{
    char metric[PT_RULE_NAME_BYTES];
    const char *end = end_of_figure(parser->at);
    const char *point = memrchr(parser->at, '.', (size_t)(end - parser->at));
    const char *start = point != NULL ? point + 1 : parser->at;
    pt_rule_skip_blanks(&start);
    size_t length = end > start ? (size_t)(end - start) : 0;
    while (length > 0 && (start[length - 1] == ' ' || start[length - 1] == '\t')) {
        length--;
    }
    copy(metric, sizeof metric, start, length);
    if (point != NULL) {
        take_phase(parser->rule->phase, parser->at, (size_t)(point - parser->at));
    }
    parser->rule->metric = pt_metric_find(metric, point != NULL);
    if (parser->rule->metric == NULL) {
        return unknown_metric(parser, metric, point != NULL);
    }
    parser->at = end;
    return true;
}

static bool take_sign(struct parser *parser, double *ret_sign)
{
    bool negative = *parser->at == '-';
    bool sign = negative || *parser->at == '+';
    bool of_change = parser->kind == PT_RULES_FAIL_ON;
    *ret_sign = negative ? -1.0 : 1.0;
    if (sign != of_change) {
        return fail(parser->wrong,
                    of_change ? "'%s': the limit is a change, and begins with + or -, as in +10%%"
                              : "'%s': the limit is a value without a sign",
                    parser->rule->text);
    }
    parser->at += sign;
    pt_rule_skip_blanks(&parser->at);
    return true;
}

/* A share of the value before, of --fail-on alone. */
static bool take_percent(struct parser *parser, double *ret_factor)
{
    if (parser->kind != PT_RULES_FAIL_ON || *parser->at != '%') {
        return false;
    }
    parser->at++;
    parser->rule->relative = true;
    *ret_factor = 0.01;
    return true;
}

static bool take_limit(struct parser *parser)
{
    double sign;
    double number;
    double factor;
    struct pt_rule *rule = parser->rule;
    if (!take_sign(parser, &sign)) {
        return false;
    }
    bool good = pt_rule_take_number(&parser->at, &number);
    pt_rule_skip_blanks(&parser->at);
    good = good && (take_percent(parser, &factor) ||
                    pt_rule_take_unit(&parser->at, rule->metric->unit, &factor));
    pt_rule_skip_blanks(&parser->at);
    if (!good || *parser->at != '\0') {
        return fail(parser->wrong, "'%s': behind the operator stands %s%s", rule->text,
                    pt_rule_unit_example(rule->metric->unit),
                    parser->kind == PT_RULES_FAIL_ON ? ", or a percentage, with its sign" : "");
    }
    rule->limit = sign * number * factor;
    return true;
}

static enum pt_word word_of(const struct parser *parser)
{
    if (parser->kind != PT_RULES_FAIL_ON) {
        return PT_WORD_NONE;
    }
    if (strcmp(parser->rule->text, "slower") == 0) {
        return PT_WORD_SLOWER;
    }
    return strcmp(parser->rule->text, "unclear") == 0 ? PT_WORD_UNCLEAR : PT_WORD_NONE;
}

static bool parse_rule(struct parser *parser)
{
    parser->rule->word = word_of(parser);
    if (parser->rule->word != PT_WORD_NONE) {
        return true;
    }
    parser->at = parser->rule->text;
    if (*end_of_figure(parser->at) == '\0') {
        return fail(parser->wrong, "'%s' is no rule; a rule is %s", parser->rule->text,
                    parser->kind == PT_RULES_FAIL_ON
                        ? "'Document Insertion.p95 > +10%' or 'slower'"
                        : "'failed == 0' or 'Document Insertion.p95 <= 20ms'");
    }
    if (!take_figure(parser)) {
        return false;
    }
    if (!pt_rule_take_operator(&parser->at, &parser->rule->op)) {
        return fail(parser->wrong,
                    "'%s': the operators are < <= > >= == and !=", parser->rule->text);
    }
    pt_rule_skip_blanks(&parser->at);
    return take_limit(parser);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool add_rule(struct pt_rules *rules, enum pt_rules_kind kind, const char *from,
                     size_t length, char *wrong)
{
    while (length > 0 && is_blank(from[0])) {
        from++;
        length--;
    }
    while (length > 0 && is_blank(from[length - 1])) {
        length--;
    }
    if (length == 0) {
        return true;
    }
    if (rules->count == PT_RULES_HIGHEST) {
        return fail(wrong, "there are more than %d rules", PT_RULES_HIGHEST);
    }
    if (length >= PT_RULE_TEXT_BYTES) {
        return fail(wrong, "a rule has more than %d bytes: '%.40s...'", PT_RULE_TEXT_BYTES - 1,
                    from);
    }
    struct pt_rule *rule = &rules->items[rules->count];
    *rule = (struct pt_rule){.metric = NULL};
    copy(rule->text, sizeof rule->text, from, length);
    struct parser parser = {.kind = kind, .rule = rule, .wrong = wrong};
    bool good = parse_rule(&parser);
    rules->count += good;
    return good;
}

/* Where the rule ends; `ret_next`: where the one behind it begins. */
static const char *end_of_rule(const char *text, const char **ret_next)
{
    const char *end = text;
    bool quoted = false;
    for (; *end != '\0' && *end != '\n' && (quoted || (*end != ';' && *end != '#')); end++) {
        quoted ^= *end == '"';
    }
    *ret_next = *end == '#' ? end + strcspn(end, "\n") : end;
    *ret_next += **ret_next != '\0';
    return end;
}

bool pt_rules_parse(struct pt_rules *rules, enum pt_rules_kind kind, const char *text, char *wrong)
{
    bool good = true;
    size_t before = rules->count;
    while (good && *text != '\0') {
        const char *next;
        const char *end = end_of_rule(text, &next);
        good = add_rule(rules, kind, text, (size_t)(end - text), wrong);
        text = next;
    }
    if (good && rules->count == before) {
        return fail(wrong, "there is no rule in it");
    }
    return good;
}
