/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit.h: what a log holds by kind, field and type, and whether all of that is in the schema, so
 * that an operator can prove that nothing else is in it. Values of texts are not shown: only how
 * many there are and how long the longest is.
 *
 * Memory depends on the number of different kinds and fields, which is limited. One thread.
 */
#ifndef PHASETAP_AUDIT_H
#define PHASETAP_AUDIT_H

#include <stdio.h>

#include "base/texts.h"
#include "log/log_layout.h"

#define PT_AUDIT_ROWS 1024 /* different combinations of kind, field and type */

/* One combination. A kind as a whole has the key "". */
struct pt_audit_row {
    int32_t kind;
    const char *key;
    const char *type;
    int64_t count;
    uint32_t longest; /* of texts and own documents, bytes */
    bool known;       /* in the schema */
};

struct pt_audit {
    struct pt_audit_row rows[PT_AUDIT_ROWS];
    size_t row_count;
    struct pt_texts texts;
    int64_t documents;
    int64_t unknown; /* kinds, fields and types that are not in the schema */
    int64_t names;   /* names, and documents of annotations' metadata */
    bool hidden;     /* the manifest says that tokens stand for names */
    int64_t own;     /* documents with metadata that the program chose, not empty */
};

/* Zero bytes are an empty audit. */
void pt_audit_release(struct pt_audit *audit);

/* A handler for pt_log_walk(); `context` is the audit. */
int pt_audit_record(void *context, const struct pt_record *record);

/* Rows by kind, then what is not in the schema. */
void pt_audit_print(const struct pt_audit *audit, FILE *out);

#endif
