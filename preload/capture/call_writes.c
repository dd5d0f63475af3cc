/* SPDX-License-Identifier: Apache-2.0 */
/* call_writes.c: what a call hands to a write. (capture/call.h) */
#include "capture/call.h"
#include "capture/call_shares.h"

void pt_wrote(struct pt_call *call, int64_t documents, const bson_t *document)
{
    call->wrote_documents += documents;
    call->wrote_bytes += pt_bson_length(document);
}

void pt_removes(struct pt_call *call)
{
    call->bulk_documents++;
}

void pt_wrote_many(struct pt_call *call, const bson_t **documents, size_t count)
{
    for (size_t i = 0; documents && i < count; i++) {
        pt_wrote(call, 1, documents[i]);
    }
}

void pt_bulk_executes(struct pt_call *call, const void *bulk)
{
    struct pt_handle *handle = pt_handle_find(bulk);
    if (handle == NULL || handle->kind != PT_HANDLE_BULK) {
        return;
    }
    const int64_t counts[PT_BULK_KINDS] = {handle->inserts, handle->updates, handle->deletes};
    const int64_t bytes[PT_BULK_KINDS] = {handle->inserts_bytes, handle->updates_bytes,
                                          handle->deletes_bytes};
    for (int i = 0; i < PT_BULK_KINDS; i++) {
        call->shares[i].requested = counts[i];
        call->shares[i].bytes = bytes[i];
        call->shares[i].runs = handle->runs[i];
        call->bulk_documents += counts[i];
        call->bulk_bytes += bytes[i];
        handle->runs[i] = 0;
    }
    call->is_bulk = true;
    call->unordered = handle->unordered;
    call->wrote_phase = call->bulk_documents > 0 ? pt_share_phase(call) : 0;
    handle->inserts = handle->updates = handle->deletes = 0;
    handle->inserts_bytes = handle->updates_bytes = handle->deletes_bytes = 0;
    handle->last_kind = 0;
}
