/* SPDX-License-Identifier: Apache-2.0 */
#include "model/retries.h"

#include <stdlib.h>

#include "base/saturate.h"

static struct pt_retry *row_of(struct pt_retries *retries, const struct pt_retry *key)
{
    for (size_t i = 0; i < retries->used; i++) {
        struct pt_retry *row = &retries->rows[i];
        if (row->code == key->code && row->where == key->where && row->domain == key->domain) {
            return row;
        }
    }
    if (retries->used == PT_RETRIES_HIGHEST) {
        return NULL;
    }
    struct pt_retry *row = &retries->rows[retries->used++];
    *row = (struct pt_retry){key->where, key->domain, key->code, 0, 0};
    return row;
}

void pt_retries_add(struct pt_retries *retries, const struct pt_retry *more)
{
    struct pt_retry *row = row_of(retries, more);
    if (row == NULL) {
        retries->left_out = pt_add(retries->left_out, more->count);
        return;
    }
    row->count = pt_add(row->count, more->count);
    row->succeeded = pt_add(row->succeeded, more->succeeded);
}

void pt_retries_merge(struct pt_retries *to, const struct pt_retries *from)
{
    for (size_t i = 0; i < from->used; i++) {
        pt_retries_add(to, &from->rows[i]);
    }
    to->left_out = pt_add(to->left_out, from->left_out);
}

static int compare(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

/* A total order: the report of a run does not depend on how its log was written. */
static int more_first(const void *a, const void *b)
{
    const struct pt_retry *first = a;
    const struct pt_retry *second = b;
    int by_count = compare(second->count, first->count);
    int by_code = compare(first->code, second->code);
    int by_origin = compare(first->where, second->where);
    return by_count != 0    ? by_count
           : by_code != 0   ? by_code
           : by_origin != 0 ? by_origin
                            : compare(first->domain, second->domain);
}

void pt_retries_sort(struct pt_retries *retries)
{
    qsort(retries->rows, retries->used, sizeof *retries->rows, more_first);
}
