/* SPDX-License-Identifier: Apache-2.0 */
#include "thread/annotation_metadata.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "base/uri_text.h"
#include "bson/bson_writer.h"
#include "log/name_ids.h"
#include "phasetap/phasetap.h"

struct metadata {
    struct pt_bson *b;
    unsigned depth; /* of the document or list that is being written, inside the metadata */
    int32_t cut;
};

static void write_fields(struct metadata *m, const struct phasetap_field *fields, size_t count,
                         bool numbered);

static void write_text(struct metadata *m, const char *key, const char *value)
{
    char text[PT_METADATA_TEXT_BYTES + 1], token[PT_TOKEN_BYTES];
    value = value ? value : "";
    m->cut += strnlen(value, PT_METADATA_TEXT_BYTES + 1) > PT_METADATA_TEXT_BYTES;
    pt_uri_text_without_user(text, sizeof text, value);
    pt_bson_string(m->b, key, pt_token_of(token, PT_TOKEN_TEXT, text), PT_METADATA_TEXT_BYTES);
}

static void write_nested(struct metadata *m, const char *key, const struct phasetap_field *field)
{
    bool is_list = field->type == PHASETAP_ARRAY;
    if (m->depth == PT_METADATA_DEPTH) {
        m->b->full = true;
        return;
    }
    if (is_list ? pt_bson_open_array(m->b, key) : pt_bson_open(m->b, key)) {
        m->depth++;
        write_fields(m, field->value.fields, field->count, is_list);
        m->depth--;
        pt_bson_close(m->b);
    }
}

static void write_field(struct metadata *m, const char *key, const struct phasetap_field *field)
{
    double real = field->value.real;
    switch (field->type) {
    case PHASETAP_INT:
        pt_bson_int64(m->b, key, field->value.integer);
        break;
    case PHASETAP_REAL:
        pt_bson_double(m->b, key, isfinite(real) ? real : 0.0);
        break;
    case PHASETAP_BOOL:
        pt_bson_bool(m->b, key, field->value.integer != 0);
        break;
    case PHASETAP_TEXT:
        write_text(m, key, field->value.text);
        break;
    case PHASETAP_NESTED:
    case PHASETAP_ARRAY:
        write_nested(m, key, field);
        break;
    case PHASETAP_LAST:
        break;
    }
}

/* A key of the program's may be of any bytes. */
static void copy_key(struct metadata *m, char out[PT_METADATA_KEY_BYTES + 1], const char *key)
{
    size_t bytes = pt_text_prefix_bytes(key, PT_METADATA_KEY_BYTES);
    pt_text_copy_utf8(out, key, bytes);
    out[bytes] = '\0';
    m->cut += key[bytes] != '\0';
}

/* Whatever does not fit is left out; smaller fields behind it may still fit. */
static void write_fields(struct metadata *m, const struct phasetap_field *fields, size_t count,
                         bool numbered)
{
    char key[PT_METADATA_KEY_BYTES + 1], token[PT_TOKEN_BYTES];
    uint32_t number = 0;
    for (size_t i = 0; fields && i < count; i++) {
        if (fields[i].type == PHASETAP_LAST || (!numbered && fields[i].key == NULL)) {
            continue;
        }
        if (numbered) {
            pt_text_decimal(key, number);
        } else {
            copy_key(m, key, fields[i].key);
        }
        m->b->full = false;
        write_field(m, numbered ? key : pt_name_shown(token, PT_OF_KEY, key), &fields[i]);
        m->cut += m->b->full;
        number += !m->b->full;
        m->b->full = false;
    }
}

int32_t pt_annotation_metadata_write(struct pt_bson *b, const char *key,
                                     const struct phasetap_field *fields, size_t count)
{
    struct metadata m = {.b = b};
    if (pt_bson_open(b, key)) {
        write_fields(&m, fields, count, false);
        pt_bson_close(b);
    }
    return m.cut;
}
