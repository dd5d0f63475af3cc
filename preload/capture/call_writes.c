/* SPDX-License-Identifier: Apache-2.0 */
/* call_writes.c: what a call hands to a write. (capture/call.h) */
#include "capture/call.h"

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
    int64_t most = handle->inserts;
    call->wrote_phase = handle->inserts ? PT_PHASE_INSERTION : 0;
    if (handle->updates > most) {
        most = handle->updates;
        call->wrote_phase = PT_PHASE_UPDATE;
    }
    call->wrote_phase = handle->deletes > most ? PT_PHASE_DELETION : call->wrote_phase;
    call->bulk_documents = handle->inserts + handle->updates + handle->deletes;
    call->bulk_bytes = handle->bytes;
    handle->inserts = handle->updates = handle->deletes = handle->bytes = 0;
}
