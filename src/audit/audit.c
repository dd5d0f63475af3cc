/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/audit.h"

#include <inttypes.h>
#include <string.h>

#include "audit/hidden_names.h"
#include "audit/schema.h"
#include "log/bson_field.h"
#include "log/log_texts.h"
#include "log/names_mode.h"
#include "text/safe_text.h"

#define EMPTY_BYTES 5 /* of a document */

void pt_audit_release(struct pt_audit *audit)
{
    pt_texts_release(&audit->texts);
    audit->row_count = 0;
}

static struct pt_audit_row *find(struct pt_audit *audit, int32_t kind, const char *key,
                                 const char *type)
{
    for (size_t i = 0; i < audit->row_count; i++) {
        struct pt_audit_row *row = &audit->rows[i];
        if (row->kind == kind && strcmp(row->key, key) == 0 && strcmp(row->type, type) == 0) {
            return row;
        }
    }
    return NULL;
}

/* Counts one occurrence. What finds no row any more is unknown all the same. */
static void count(struct pt_audit *audit, int32_t kind, const char *key, const char *type,
                  uint32_t bytes, bool known)
{
    struct pt_audit_row *row = find(audit, kind, key, type);
    audit->unknown += !known;
    if (row == NULL && audit->row_count < PT_AUDIT_ROWS) {
        const char *copy = pt_texts_keep(&audit->texts, key);
        if (copy == NULL) {
            return;
        }
        row = &audit->rows[audit->row_count++];
        *row = (struct pt_audit_row){.kind = kind, .key = copy, .type = type, .known = true};
    }
    if (row != NULL) {
        row->count++;
        row->known &= known;
        row->longest = bytes > row->longest ? bytes : row->longest;
    }
}

static bool is_number(const char *key)
{
    return *key != '\0' && strspn(key, "0123456789") == strlen(key);
}

static bool is_entry(const bson_iter_t *iter, const struct pt_schema_field *field)
{
    uint32_t length = 0;
    if (field->type == PT_SCHEMA_DEFAULTS) {
        return strncmp(bson_iter_key(iter), "PHASETAP_", 9) == 0 && BSON_ITER_HOLDS_INT64(iter);
    }
    if (field->type == PT_SCHEMA_COUNTS) {
        return is_number(bson_iter_key(iter)) && BSON_ITER_HOLDS_INT64(iter);
    }
    return is_number(bson_iter_key(iter)) && BSON_ITER_HOLDS_UTF8(iter) &&
           bson_iter_utf8(iter, &length) != NULL && length <= field->bytes_highest;
}

static bool is_table(const bson_iter_t *iter, const struct pt_schema_field *field)
{
    bson_iter_t child;
    if (!BSON_ITER_HOLDS_DOCUMENT(iter) || !bson_iter_recurse(iter, &child)) {
        return false;
    }
    while (bson_iter_next(&child)) {
        if (!is_entry(&child, field)) {
            return false;
        }
    }
    return child.err_off == 0;
}

static bool fits(const bson_iter_t *iter, const struct pt_schema_field *field, uint32_t bytes)
{
    switch (field->type) {
    case PT_SCHEMA_INT32:
        return BSON_ITER_HOLDS_INT32(iter);
    case PT_SCHEMA_INT64:
        return BSON_ITER_HOLDS_INT64(iter);
    case PT_SCHEMA_DOUBLE:
        return BSON_ITER_HOLDS_DOUBLE(iter);
    case PT_SCHEMA_BOOL:
        return BSON_ITER_HOLDS_BOOL(iter);
    case PT_SCHEMA_DATE:
        return BSON_ITER_HOLDS_DATE_TIME(iter);
    case PT_SCHEMA_TEXT:
    case PT_SCHEMA_NAME:
        return BSON_ITER_HOLDS_UTF8(iter) && bytes <= field->bytes_highest;
    case PT_SCHEMA_OWN:
        return BSON_ITER_HOLDS_DOCUMENT(iter);
    default:
        return is_table(iter, field);
    }
}

static const char *bson_type_text(const bson_iter_t *iter)
{
    switch (bson_iter_type(iter)) {
    case BSON_TYPE_INT32:
        return "int32";
    case BSON_TYPE_INT64:
        return "int64";
    case BSON_TYPE_DOUBLE:
        return "double";
    case BSON_TYPE_UTF8:
        return "text";
    case BSON_TYPE_BINARY:
        return "binary";
    case BSON_TYPE_DOCUMENT:
        return "document";
    default:
        return "another type";
    }
}

/* Bytes of the value, of texts and documents. */
static uint32_t bytes_of(const bson_iter_t *iter)
{
    uint32_t length = 0;
    const uint8_t *data;
    if (BSON_ITER_HOLDS_UTF8(iter)) {
        bson_iter_utf8(iter, &length);
    } else if (BSON_ITER_HOLDS_DOCUMENT(iter)) {
        bson_iter_document(iter, &length, &data);
    }
    return length;
}

/* The element that brings a document to a multiple of eight bytes: nothing but underscores. */
static bool is_padding(const bson_iter_t *iter)
{
    const char *key = bson_iter_key(iter);
    return BSON_ITER_HOLDS_NULL(iter) && *key != '\0' && strspn(key, "_") == strlen(key);
}

/* False: the log holds a name, though its manifest says that it holds tokens only. */
static bool take_name(struct pt_audit *audit, enum pt_schema_type type, const bson_iter_t *iter)
{
    bool good = true;
    if (type == PT_SCHEMA_NAME) {
        good = pt_text_is_hidden(bson_iter_utf8(iter, NULL));
    } else if (type == PT_SCHEMA_OWN) {
        good = pt_metadata_is_hidden(iter);
    } else {
        return true;
    }
    audit->names++;
    return good || !audit->hidden;
}

/* The manifest comes first, and says what the names in it are, too. */
static void take_mode(struct pt_audit *audit, const struct pt_record *manifest)
{
    audit->hidden = audit->hidden || pt_names_mode_of(manifest) != PT_NAMES_PLAIN;
}

static void take_element(struct pt_audit *audit, int32_t kind, const struct pt_schema_kind *schema,
                         const bson_iter_t *iter)
{
    const char *key = bson_iter_key(iter);
    const struct pt_schema_field *field = schema != NULL ? pt_schema_field(schema, key) : NULL;
    uint32_t bytes = bytes_of(iter);
    if (is_padding(iter)) {
        return;
    }
    if (field != NULL && fits(iter, field, bytes)) {
        audit->own += field->type == PT_SCHEMA_OWN && bytes > EMPTY_BYTES;
        if (!take_name(audit, field->type, iter)) {
            count(audit, kind, key, "a name that is no token", bytes, false);
            return;
        }
        count(audit, kind, key, pt_schema_type_text(field->type), bytes, true);
    } else {
        count(audit, kind, key, bson_type_text(iter), bytes, false);
    }
}

int pt_audit_record(void *context, const struct pt_record *record)
{
    struct pt_audit *audit = context;
    const struct pt_schema_kind *schema = pt_schema_find(record->kind);
    bson_t document;
    bson_iter_t iter;
    audit->documents++;
    count(audit, record->kind, "", "", 0, schema != NULL);
    if (schema != NULL && schema->fixed) {
        return 0;
    }
    if (record->kind == PT_KIND_MANIFEST) {
        take_mode(audit, record);
    }
    bool whole = pt_iter_open(record->data, record->length_bytes, &document, &iter);
    while (whole && bson_iter_next(&iter)) {
        take_element(audit, record->kind, schema, &iter);
    }
    if (!whole || iter.err_off != 0) {
        count(audit, record->kind, "", "malformed", 0, false);
    }
    return 0;
}

static void print_fixed(const struct pt_audit_row *row, FILE *out)
{
    const struct pt_schema_kind *schema = pt_schema_find(row->kind);
    for (const struct pt_schema_field *field = schema->fields; field->key != NULL; field++) {
        fprintf(out, "    %-18s %-30s %10" PRId64 "\n", field->key,
                pt_schema_type_text(field->type), row->count);
    }
}

static void print_field(const struct pt_audit_row *row, FILE *out)
{
    char key[128];
    fprintf(out, "    %-18s %-30s %10" PRId64, pt_safe_text(key, sizeof key, row->key), row->type,
            row->count);
    if (row->longest > 0) {
        fprintf(out, ", longest %" PRIu32 " bytes", row->longest);
    }
    fputs(row->known ? "\n" : "  NOT IN THE SCHEMA\n", out);
}

static void print_kind(const struct pt_audit *audit, const struct pt_audit_row *kind, FILE *out)
{
    const struct pt_schema_kind *schema = pt_schema_find(kind->kind);
    const char *text = pt_kind_text(kind->kind);
    fprintf(out, "  %" PRId32 " %s: %" PRId64 " documents%s\n", kind->kind,
            text != NULL ? text : "unknown kind", kind->count,
            kind->known ? "" : "  NOT IN THE SCHEMA");
    if (schema != NULL && schema->fixed) {
        print_fixed(kind, out);
    }
    for (size_t i = 0; i < audit->row_count; i++) {
        const struct pt_audit_row *row = &audit->rows[i];
        if (row->kind == kind->kind && row != kind) {
            print_field(row, out);
        }
    }
}

void pt_audit_print(const struct pt_audit *audit, FILE *out)
{
    fputs("Documents by kind, field and type:\n", out);
    for (size_t i = 0; i < audit->row_count; i++) {
        const struct pt_audit_row *row = &audit->rows[i];
        if (row->key[0] == '\0' && row->type[0] == '\0') {
            print_kind(audit, row, out);
        }
    }
    fprintf(out, "Metadata chosen by the program (annotations): %" PRId64 " documents\n",
            audit->own);
    fprintf(out, "Names: %" PRId64 ", %s\n", audit->names,
            audit->hidden ? "which must be tokens (PHASETAP_NAMES=alias or hash)"
                          : "as they are (PHASETAP_NAMES=plain)");
}
