/* SPDX-License-Identifier: Apache-2.0 */
/* Invented documents for collections that exist from the start (store.h: collection_generate). */
#include <stdio.h>
#include <string.h>

#include "bson_out.h"
#include "store.h"

/* Fills the `notes` text up to the wanted size; text that repeats, as free text in records does. */
static void pad_notes(struct bson_out *out, size_t start, size_t wanted_bytes)
{
    static const char phrase[] = "Seen for follow-up, no acute distress, medication unchanged. ";
    size_t overhead_bytes = 1 + sizeof "notes" + 4 + 1 + 1;
    size_t used_bytes = out->len_bytes - start + overhead_bytes;
    size_t text_bytes = wanted_bytes > used_bytes ? wanted_bytes - used_bytes : 0;
    uint8_t *at = bson_out_extend(out, overhead_bytes - 1 + text_bytes);
    int32_t len = (int32_t)text_bytes + 1;
    *at = BSON_STRING;
    memcpy(at + 1, "notes", sizeof "notes");
    at += 1 + sizeof "notes";
    memcpy(at, &len, sizeof len);
    for (size_t i = 0; i < text_bytes; i++) {
        at[4 + i] = (uint8_t)phrase[i % (sizeof phrase - 1)];
    }
    at[4 + text_bytes] = 0;
}

static void write_document(struct bson_out *out, uint32_t id, size_t wanted_bytes)
{
    char text[64];
    out->len_bytes = 0;
    size_t mark = bson_out_begin(out);
    bson_out_i32(out, "_id", (int32_t)id);
    snprintf(text, sizeof text, "Patient %u", id);
    bson_out_string(out, "name", text);
    snprintf(text, sizeof text, "%03u-%02u-%04u", id % 900, id % 97, id % 9973);
    bson_out_string(out, "ssn", text);
    snprintf(text, sizeof text, "patient%u@example.org", id);
    bson_out_string(out, "email", text);
    snprintf(text, sizeof text, "+1-555-%07u", id % 10000000u);
    bson_out_string(out, "phone", text);
    pad_notes(out, mark, wanted_bytes);
    bson_out_end(out, mark);
}

bool collection_generate(struct collection *collection, size_t count, size_t document_bytes)
{
    struct bson_out out = {0};
    bool complete = true;
    for (size_t id = 0; id < count && complete; id++) {
        write_document(&out, (uint32_t)id, document_bytes);
        complete = collection_append(collection, (struct bson_view){out.data, out.len_bytes});
    }
    bson_out_free(&out);
    return complete;
}
