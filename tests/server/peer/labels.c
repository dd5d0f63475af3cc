/* SPDX-License-Identifier: Apache-2.0 */
/* Error labels; labels.h is the manual. */
#include "labels.h"

#include <string.h>

static bool is_one_of(int32_t code, const int32_t *codes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (codes[i] == code) {
            return true;
        }
    }
    return false;
}

/* Network trouble and elections. */
static bool is_retryable(int32_t code)
{
    static const int32_t codes[] = {6,    7,     89,    91,    134,   189,  262,
                                    9001, 10107, 11600, 11602, 13435, 13436};
    return is_one_of(code, codes, sizeof codes / sizeof codes[0]);
}

/* LockTimeout, WriteConflict, NoSuchTransaction. */
static bool ends_transaction(int32_t code)
{
    static const int32_t codes[] = {24, 112, 251};
    return is_one_of(code, codes, sizeof codes / sizeof codes[0]);
}

static bool is_end_of_transaction(const struct request *request)
{
    return strcmp(request->command.key, "commitTransaction") == 0 ||
           strcmp(request->command.key, "abortTransaction") == 0;
}

static const char *label_of(const struct request *request, int32_t code)
{
    struct bson_element field;
    bool numbered = bson_find(request->body, "txnNumber", &field);
    bool in_transaction = numbered && bson_find(request->body, "autocommit", &field);
    bool end = is_end_of_transaction(request);
    if (is_retryable(code) && numbered && (!in_transaction || end)) {
        return "RetryableWriteError";
    }
    return in_transaction && (ends_transaction(code) || is_retryable(code))
               ? "TransientTransactionError"
               : NULL;
}

void labels_append(const struct request *request, int32_t code, struct bson_out *out)
{
    const char *label = label_of(request, code);
    if (label != NULL) {
        size_t labels = bson_out_array_begin(out, "errorLabels");
        bson_out_string(out, "0", label);
        bson_out_end(out, labels);
    }
}
