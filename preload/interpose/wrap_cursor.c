/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wrap_cursor.c: the wrappers of the calls that an application makes once for each document. Most
 * only step through a batch that is in memory (14 to 17 ns), so no clock may be read and nothing
 * logged for them. The monitoring callback has seen the reply that brought the batch and knows how
 * many documents it holds: while some are left, the call is counted and forwarded; the next one
 * will use the network, and is timed.
 */
#include <errno.h>

#include "base/clock.h"
#include "base/export.h"
#include "capture/call.h"
#include "driver/bson_bytes.h"
#include "driver/handles.h"
#include "driver/original.h"
#include "interpose/made.h"
#include "interpose/outcome.h"

typedef bool (*next_function)(void *cursor, const bson_t **document);

/* True when the call succeeded; otherwise `error` holds the cursor's error. The end of a cursor is
 * a success. */
static bool is_well(enum pt_function function, void *cursor, bool result, bson_error_t *error,
                    const void *caller)
{
    if (result) {
        return true;
    }
    return function == PT_FN_mongoc_cursor_next ? pt_cursor_is_well(cursor, error, caller)
                                                : pt_stream_is_well(cursor, error, caller);
}

static void note_batch(struct pt_call *call, struct pt_handle *handle, bool result, bool well)
{
    struct pt_thread *t = call->thread;
    bool lists = handle && handle->lists;
    t->cursor = lists ? NULL : handle; /* the fast path counts documents */
    if (handle) {
        handle->batch_left = call->has_batch ? call->last_batch_documents - result : 0;
        handle->error_told = !well;
        handle->first_phase = 0;
    }
    t->read_documents += result && !lists;
}

/* What the call was, by its commands, or as what was to be its first. */
static int32_t phase_of(const struct pt_call *call, const struct pt_handle *handle, bool well)
{
    if (handle && handle->first_phase) {
        return handle->first_phase;
    }
    if (handle && handle->lists) {
        return PT_PHASE_ADMINISTRATION; /* its getMore, too */
    }
    return well || call->commands ? PT_PHASE_BY_COMMAND : PT_PHASE_QUERY;
}

/* A call that may use the network: the batch is used up, or its size is not known. */
static bool timed_next(enum pt_function function, next_function original, void *cursor,
                       const bson_t **document, const void *caller)
{
    struct pt_call call;
    bson_error_t error;
    if (!pt_call_enter(&call, function, cursor)) {
        return original(cursor, document);
    }
    bool result = original(cursor, document);
    struct pt_handle *handle =
        call.object ? call.object
                    : pt_handle_add_late(cursor, PT_HANDLE_CURSOR,
                                         pt_original_driver(function, cursor, caller));
    bool well = is_well(function, cursor, result, &error, caller);
    bool told = !well && call.commands == 0 && handle && handle->error_told;
    pt_call_leave(&call, phase_of(&call, handle, well), well || told, well ? NULL : &error);
    note_batch(&call, handle, result, well);
    return result;
}

/* The original is not known yet, or it is not the cursor walked last on this thread: that one may
 * still be inside a batch. */
static __attribute__((noinline)) bool other_next(enum pt_function function, void *cursor,
                                                 const bson_t **document, const void *caller)
{
    next_function original = (next_function)pt_original(function, cursor, caller);
    struct pt_thread *t = pt_thread_known();
    struct pt_handle *handle = t && t->call == NULL ? pt_handle_find(cursor) : NULL;
    if (original == NULL) {
        return false;
    }
    if (handle && handle->batch_left > 0) {
        t->cursor = handle->lists ? NULL : handle;
        handle->batch_left--;
        t->read_documents += !handle->lists;
        return original(cursor, document);
    }
    return timed_next(function, original, cursor, document, caller);
}

/* Part of the wrapper, so that PT_CALLER is the application. */
static inline __attribute__((always_inline)) bool next(enum pt_function function, void *cursor,
                                                       const bson_t **document)
{
    next_function original =
        (next_function)atomic_load_explicit(&pt_originals[function], memory_order_relaxed);
    struct pt_thread *t = pt_thread_known();
    if (__builtin_expect(original && t && t->cursor && t->cursor->object == cursor &&
                             t->cursor->batch_left > 0,
                         1)) {
        t->cursor->batch_left--;
        t->read_documents++;
        return original(cursor, document);
    }
    return other_next(function, cursor, document, PT_CALLER);
}

PT_EXPORT bool mongoc_cursor_next(mongoc_cursor_t *cursor, const bson_t **document)
{
    return next(PT_FN_mongoc_cursor_next, cursor, document);
}

PT_EXPORT bool mongoc_change_stream_next(mongoc_change_stream_t *stream, const bson_t **document)
{
    return next(PT_FN_mongoc_change_stream_next, stream, document);
}

/* A cursor over a reply that the application received by a command: its first batch is in the
 * reply, which the call takes over. */
static int64_t documents_in(const bson_t *reply, const void *caller)
{
    struct pt_reply parsed = {0};
    struct pt_errors ignored = {0};
    const uint8_t *bytes = pt_bson_bytes(reply, caller);
    if (bytes) {
        pt_reply_parse(&parsed, &ignored, bytes, (size_t)pt_bson_length(reply));
    }
    return parsed.batch_documents;
}

#define PT_CURSOR_OVER_REPLY(name, last_type, last)                                                \
    PT_EXPORT mongoc_cursor_t *name(mongoc_client_t *client, bson_t *reply, last_type last)        \
    {                                                                                              \
        __typeof__(&name) original = PT_ORIGINAL_ON(client, name);                                 \
        if (original == NULL) {                                                                    \
            return NULL;                                                                           \
        }                                                                                          \
        int64_t documents = documents_in(reply, PT_CALLER);                                        \
        mongoc_cursor_t *cursor = original(client, reply, last);                                   \
        struct pt_handle *handle = pt_made(cursor, PT_HANDLE_CURSOR, client,                       \
                                           pt_original_driver(PT_FN_##name, client, PT_CALLER));   \
        if (handle) {                                                                              \
            handle->batch_left = documents;                                                        \
        }                                                                                          \
        return cursor;                                                                             \
    }

PT_CURSOR_OVER_REPLY(mongoc_cursor_new_from_command_reply_with_opts, const bson_t *, opts)
PT_CURSOR_OVER_REPLY(mongoc_cursor_new_from_command_reply, uint32_t, server_id)

/* The driver sends this without waiting for an answer, and reports no command. */
static void leave_kill(struct pt_call *call)
{
    bool sent = call->client && call->client->connected;
    if (!sent || call->commands > 0 || !pt_call_is_ours(call)) {
        pt_call_leave(call, PT_PHASE_TEARDOWN, true, NULL);
        return;
    }
    int saved_errno = errno;
    int64_t end_ns = pt_now_ns();
    pt_call_interval(call, PT_PHASE_TEARDOWN, end_ns);
    pt_call_finish(call, end_ns, true);
    errno = saved_errno;
}

PT_EXPORT void mongoc_client_kill_cursor(mongoc_client_t *client, int64_t cursor_id)
{
    struct pt_call call;
    __typeof__(&mongoc_client_kill_cursor) original =
        PT_ORIGINAL_ON(client, mongoc_client_kill_cursor);
    if (original == NULL) {
        return;
    }
    bool outermost = pt_call_enter(&call, PT_FN_mongoc_client_kill_cursor, client);
    original(client, cursor_id);
    if (outermost) {
        leave_kill(&call);
    }
}
