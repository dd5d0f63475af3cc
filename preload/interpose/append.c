/* SPDX-License-Identifier: Apache-2.0 */
#include "interpose/append.h"

/* Takes the operations of bulks that have no handle; the gap counts their documents all the same.
 */
static struct pt_handle unknown_bulk;

bool pt_append_switch(const void *bulk)
{
    struct pt_thread *t = pt_thread_self();
    if (t == NULL) {
        return false;
    }
    struct pt_handle *known = pt_handle_find(bulk);
    t->bulk = known ? known : &unknown_bulk;
    return true;
}

void pt_append_refused(struct pt_thread *t, int64_t *operations, int64_t *bytes, int64_t given)
{
    t->wrote_documents -= given;
    t->wrote_bytes -= t->appended_bytes;
    --*operations;
    *bytes -= t->appended_bytes;
}
