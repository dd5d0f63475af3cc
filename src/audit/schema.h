/* SPDX-License-Identifier: Apache-2.0 */
/*
 * schema.h: the tables of docs/FORMAT.md as data: every kind of document, every field that it may
 * have, and the type of that field. What is not in here may not be in a log. Fixed layouts come
 * from PT_DOCUMENTS. Any thread.
 */
#ifndef PHASETAP_SCHEMA_H
#define PHASETAP_SCHEMA_H

#include <stdbool.h>
#include <stdint.h>

/* V(TYPE, text) */
#define PT_SCHEMA_TYPES(V)                                                                         \
    V(INT32, "int32")                                                                              \
    V(INT64, "int64")                                                                              \
    V(DOUBLE, "double")                                                                            \
    V(BOOL, "bool")                                                                                \
    V(DATE, "date")                                                                                \
    V(TEXT, "text")                                                                                \
    V(NAME, "name")                         /* text: a name, or a token for it */                  \
    V(TABLE, "table of names")              /* document: numbers as keys, texts as values */       \
    V(DEFAULTS, "table of defaults")        /* document: PHASETAP_* as keys, int64 as values */    \
    V(COUNTS, "table of counts")            /* document: numbers as keys, int64 as values */       \
    V(OWN, "document of the program's own") /* annotation metadata: anything */
enum pt_schema_type {
#define PT_SCHEMA_ENUM(type, text) PT_SCHEMA_##type,
    PT_SCHEMA_TYPES(PT_SCHEMA_ENUM)
#undef PT_SCHEMA_ENUM
        PT_SCHEMA_TYPE_COUNT
};

struct pt_schema_field {
    const char *key; /* NULL ends a list */
    enum pt_schema_type type;
    uint32_t bytes_highest; /* of a text, and of each text in a table */
};

struct pt_schema_kind {
    int32_t kind;
    bool fixed; /* the reader has checked the layout byte by byte */
    const struct pt_schema_field *fields;
};

/* NULL: no such kind. */
const struct pt_schema_kind *pt_schema_find(int32_t kind);
/* NULL: the kind has no such field. */
const struct pt_schema_field *pt_schema_field(const struct pt_schema_kind *kind, const char *key);
const char *pt_schema_type_text(enum pt_schema_type type);

#endif
