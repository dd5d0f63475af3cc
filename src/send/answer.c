/* SPDX-License-Identifier: Apache-2.0 */
#include "send/answer.h"

#include <bson/bson.h>
#include <stdlib.h>

enum pt_answer_kind pt_answer_kind(long http_status)
{
    if (http_status >= 200 && http_status < 300) {
        return PT_ANSWER_TAKEN;
    }
    switch (http_status) {
    case 429:
    case 502:
    case 503:
    case 504:
        return PT_ANSWER_AGAIN;
    case 401:
    case 403:
    case 404:
    case 405:
    case 407:
        return PT_ANSWER_WRONG;
    default:
        return http_status >= 400 ? PT_ANSWER_REFUSED : PT_ANSWER_WRONG;
    }
}

/* A number, or as JSON has 64-bit integers of protocol buffers, a text. */
static int64_t number_of(const bson_iter_t *iter)
{
    if (BSON_ITER_HOLDS_UTF8(iter)) {
        return strtoll(bson_iter_utf8(iter, NULL), NULL, 10);
    }
    return BSON_ITER_HOLDS_NUMBER(iter) ? bson_iter_as_int64(iter) : 0;
}

int64_t pt_answer_rejected(const char *text, size_t length, int64_t items)
{
    static const char *const keys[] = {"partialSuccess.rejectedSpans",
                                       "partialSuccess.rejectedDataPoints"};
    int64_t rejected = 0;
    bson_error_t error;
    bson_t *answer =
        length > 0 ? bson_new_from_json((const uint8_t *)text, (ssize_t)length, &error) : NULL;
    for (size_t i = 0; answer != NULL && i < sizeof keys / sizeof keys[0]; i++) {
        bson_iter_t iter, found;
        if (bson_iter_init(&iter, answer) && bson_iter_find_descendant(&iter, keys[i], &found)) {
            rejected = number_of(&found);
        }
        if (rejected > 0) {
            break;
        }
    }
    bson_destroy(answer);
    return rejected < 0 ? 0 : rejected > items ? items : rejected;
}
