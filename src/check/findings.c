/* SPDX-License-Identifier: Apache-2.0 */
#include "check/findings.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void pt_find(struct pt_findings *findings, enum pt_finding_kind kind, const char *format, ...)
{
    va_list arguments;
    char *text = NULL;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    findings->problems += kind == PT_FINDING_PROBLEM;
    if (length >= 0 && findings->count < PT_FINDINGS_HIGHEST) {
        findings->items[findings->count].kind = kind;
        findings->items[findings->count++].text = text;
    } else if (length >= 0) {
        free(text);
    }
}

void pt_findings_release(struct pt_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        free(findings->items[i].text);
    }
    memset(findings, 0, sizeof *findings);
}
