/* SPDX-License-Identifier: Apache-2.0 */
/* Answers of write commands; write_answer.h is the manual. */
#include "write_answer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static size_t reserve_number(struct bson_out *out, const char *key)
{
    bson_out_i32(out, key, 0);
    return out->len_bytes - sizeof(int32_t);
}

static void fill_number(struct bson_out *out, size_t offset, uint64_t value)
{
    int32_t number = value > INT32_MAX ? INT32_MAX : (int32_t)value;
    memcpy(out->data + offset, &number, sizeof number);
}

void write_answer_begin(struct write_answer *answer, struct bson_out *out, bool with_modified)
{
    *answer = (struct write_answer){.out = out};
    answer->n_offset = reserve_number(out, "n");
    answer->modified_offset = with_modified ? reserve_number(out, "nModified") : 0;
}

/* Opens the entry; the caller adds more fields and ends it with the mark. */
static size_t error_begin(struct write_answer *answer, uint32_t index, int32_t code,
                          const char *text)
{
    if (answer->error_count == 0) {
        answer->errors_mark = bson_out_array_begin(answer->out, "writeErrors");
    }
    size_t mark = bson_out_member_begin(answer->out, answer->error_count++);
    bson_out_i32(answer->out, "index", (int32_t)index);
    bson_out_i32(answer->out, "code", code);
    bson_out_string(answer->out, "errmsg", text);
    return mark;
}

void write_answer_error(struct write_answer *answer, uint32_t index, int32_t code, const char *text)
{
    bson_out_end(answer->out, error_begin(answer, index, code, text));
}

static void id_text(const struct bson_element *id, char *text, size_t text_bytes)
{
    if (bson_element_is_number(id)) {
        snprintf(text, text_bytes, "%" PRId64, bson_element_i64(id, 0));
    } else if (bson_element_string(id) != NULL) {
        snprintf(text, text_bytes, "\"%s\"", bson_element_string(id));
    } else if (id->type == 0x07) {
        for (size_t i = 0; i < id->value_bytes && 2 * i + 3 <= text_bytes; i++) {
            snprintf(text + 2 * i, 3, "%02x", id->value[i]);
        }
    }
}

int32_t write_fault_code(struct request *request)
{
    struct fault *fault = &request->settings->write_error;
    return fault_strikes(fault) ? fault->code : 0;
}

void write_fault_text(const char *name_space, int32_t code, struct bson_view statement, char *text,
                      size_t text_bytes)
{
    struct bson_element id;
    char value[128] = "?";
    if (code == 11000 && bson_find(statement, "_id", &id)) {
        id_text(&id, value, sizeof value);
        snprintf(text, text_bytes,
                 "E11000 duplicate key error collection: %s index: _id_ dup key: { _id: %s }",
                 name_space, value);
    } else {
        snprintf(text, text_bytes, "the statement fails as ordered by --write-error");
    }
}

static void append_key(struct write_answer *answer, const struct bson_element *id)
{
    size_t pattern = bson_out_document_begin(answer->out, "keyPattern");
    bson_out_i32(answer->out, "_id", 1);
    bson_out_end(answer->out, pattern);
    size_t key_value = bson_out_document_begin(answer->out, "keyValue");
    bson_out_element(answer->out, "_id", id);
    bson_out_end(answer->out, key_value);
}

bool write_answer_fault(struct write_answer *answer, struct request *request, uint32_t index,
                        struct bson_view statement)
{
    struct bson_element id;
    char text[512];
    int32_t code = write_fault_code(request);
    if (code == 0) {
        return false;
    }
    write_fault_text(request->name_space, code, statement, text, sizeof text);
    size_t mark = error_begin(answer, index, code, text);
    if (code == 11000 && bson_find(statement, "_id", &id)) {
        append_key(answer, &id);
    }
    bson_out_end(answer->out, mark);
    return true;
}

void write_answer_upserted(struct write_answer *answer, uint32_t index,
                           const struct bson_element *id)
{
    size_t mark = bson_out_member_begin(&answer->upserted, answer->upserted_count++);
    bson_out_i32(&answer->upserted, "index", (int32_t)index);
    bson_out_element(&answer->upserted, "_id", id);
    bson_out_end(&answer->upserted, mark);
}

void write_answer_end(struct write_answer *answer)
{
    struct bson_out *out = answer->out;
    if (answer->error_count != 0) {
        bson_out_end(out, answer->errors_mark);
    }
    if (answer->upserted_count != 0) {
        size_t mark = bson_out_array_begin(out, "upserted");
        bson_out_raw(out, answer->upserted.data, answer->upserted.len_bytes);
        bson_out_end(out, mark);
    }
    bson_out_free(&answer->upserted);
    fill_number(out, answer->n_offset, answer->n);
    if (answer->modified_offset != 0) {
        fill_number(out, answer->modified_offset, answer->modified);
    }
}
