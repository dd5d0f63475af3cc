/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The answer of insert, update and delete: n, nModified, writeErrors, upserted. One thread; begin
 * and end in pairs.
 */
#ifndef PEER_WRITE_ANSWER_H
#define PEER_WRITE_ANSWER_H

#include "bson_out.h"
#include "request.h"

struct write_answer {
    struct bson_out *out;
    size_t n_offset;
    size_t modified_offset; /* 0: the command has no nModified */
    size_t errors_mark;
    uint32_t error_count;
    struct bson_out
        upserted; /* members of the array to come, apart because writeErrors is still open */
    uint32_t upserted_count;
    uint64_t n;
    uint64_t modified;
};

void write_answer_begin(struct write_answer *answer, struct bson_out *out, bool with_modified);

/*
 * Appends a writeErrors entry for the statement at `index` when the command's fault strikes; true
 * when it did. A duplicate key (11000) is told the way a server does: with the value of the
 * document's _id in its text.
 */
bool write_answer_fault(struct write_answer *answer, struct request *request, uint32_t index,
                        struct bson_view statement);

/* The code of the command's fault when it strikes now, else 0; and the text of a code, cut to
 * text_bytes. */
int32_t write_fault_code(struct request *request);
void write_fault_text(const char *name_space, int32_t code, struct bson_view statement, char *text,
                      size_t text_bytes);

void write_answer_error(struct write_answer *answer, uint32_t index, int32_t code,
                        const char *text);
void write_answer_upserted(struct write_answer *answer, uint32_t index,
                           const struct bson_element *id);
void write_answer_end(struct write_answer *answer);

#endif
