/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wrap.c: the wrappers that wrappers.def describes, one macro for each kind of row, and nothing
 * else. Each wrapper finds the original, enters the call, makes it, leaves and returns. The others
 * are written by hand: wrap_client.c, wrap_cursor.c, wrap_socket.c, wrap_session.c, wrap_monitor.c.
 *
 * Called by the application and by the driver itself, on any thread. Macros and not one generic
 * function, since a wrapper must have the original's own prototype, and PT_CALLER is its own return
 * address.
 */
#include "base/export.h"
#include "capture/call.h"
#include "capture/monitor.h"
#include "capture/transaction.h"
#include "driver/handles.h"
#include "driver/original.h"
#include "interpose/append.h"
#include "interpose/made.h"
#include "interpose/outcome.h"
#include "interpose/session.h"

/* The first argument: the object that the call is about. */
#define PT_FIRST(...)           PT_FIRST_OF(__VA_ARGS__, NULL)
#define PT_FIRST_OF(first, ...) first

/* The clauses of a row only label what they hold. */
#define ON(object)     object
#define PHASE(phase)   PT_PHASE_##phase
#define BEFORE(code)   code
#define OK(expression) expression
#define ERROR(pointer) pointer
#define AFTER(code)    code

/* `driver`, for rows that note what the call has made. Others do not pay: it is a pure function. */
#define PT_DRIVER_OF(name, object)                                                                 \
    __attribute__((unused)) int driver = pt_original_driver(PT_FN_##name, object, PT_CALLER)

#define PT_TIMED(ret, name, params, args, on, phase, before, ok, error_of, after)                  \
    PT_EXPORT ret name params                                                                      \
    {                                                                                              \
        struct pt_call call;                                                                       \
        __attribute__((unused)) bson_error_t failure;                                              \
        __typeof__(&name) original = PT_ORIGINAL_ON(PT_FIRST args, name);                          \
        if (original == NULL) {                                                                    \
            return (ret){0};                                                                       \
        }                                                                                          \
        bool outermost = pt_call_enter(&call, PT_FN_##name, on);                                   \
        struct pt_call *files = outermost ? NULL : pt_call_of_gridfs(&call);                       \
        if (outermost || files) {                                                                  \
            before;                                                                                \
        }                                                                                          \
        if (files) {                                                                               \
            files->inner_bytes += call.wrote_bytes;                                                \
        }                                                                                          \
        ret result = original args;                                                                \
        if (outermost) {                                                                           \
            pt_call_leave(&call, phase, ok, error_of);                                             \
            PT_DRIVER_OF(name, PT_FIRST args);                                                     \
            after;                                                                                 \
        }                                                                                          \
        return result;                                                                             \
    }

#define PT_VOID(name, params, args, on, before)                                                    \
    PT_EXPORT void name params                                                                     \
    {                                                                                              \
        struct pt_call call;                                                                       \
        const void *object = on;                                                                   \
        struct pt_handle *gone = NULL;                                                             \
        if (PT_FIRST args == NULL) { /* legal on a driver that nobody has called yet */            \
            pt_original_refresh();                                                                 \
        }                                                                                          \
        __typeof__(&name) original = PT_ORIGINAL_ON(PT_FIRST args, name);                          \
        bool outermost =                                                                           \
            object && pt_handle_find(object) && pt_call_enter(&call, PT_FN_##name, object);        \
        before;                                                                                    \
        if (original) {                                                                            \
            original args;                                                                         \
        }                                                                                          \
        if (outermost) {                                                                           \
            pt_call_leave(&call, PT_PHASE_TEARDOWN, true, NULL);                                   \
        }                                                                                          \
        pt_handle_free(gone);                                                                      \
    }

#define PT_MADE(ret, name, params, args, after)                                                    \
    PT_EXPORT ret name params                                                                      \
    {                                                                                              \
        __typeof__(&name) original = PT_ORIGINAL_ON(PT_FIRST args, name);                          \
        ret result = original ? original args : NULL;                                              \
        PT_DRIVER_OF(name, PT_FIRST args);                                                         \
        after;                                                                                     \
        return result;                                                                             \
    }

#define PT_ROOT(ret, name, params, args, after)                                                    \
    PT_EXPORT ret name params                                                                      \
    {                                                                                              \
        pt_original_refresh();                                                                     \
        __typeof__(&name) original = PT_ORIGINAL(name);                                            \
        ret result = original ? original args : NULL;                                              \
        PT_DRIVER_OF(name, NULL);                                                                  \
        after;                                                                                     \
        return result;                                                                             \
    }

#define PT_RETURN_void(expression) expression
#define PT_RETURN_bool(expression) bool result = expression
#define PT_RESULT_void
#define PT_RESULT_bool result
/* Documents that an operation hands over: none by a removal. */
#define PT_GIVEN_inserts 1
#define PT_GIVEN_updates 1
#define PT_GIVEN_deletes 0
#define PT_APPENDED_void true
#define PT_APPENDED_bool result
#define PT_MISSING_void
#define PT_MISSING_bool false

#define PT_LIST(...)    __VA_ARGS__

/* The driver builds some appends on others, through the PLT. Those inside another only forward,
 * from a function that saves no register; it tells the other one who called. */
#define PT_APPEND(ret, name, params, args, appended_to, operation, document)                       \
    static __attribute__((noinline)) ret pt_outer_##name(PT_LIST params, const void *caller)       \
    {                                                                                              \
        __typeof__(&name) original =                                                               \
            (__typeof__(&name))pt_original(PT_FN_##name, PT_FIRST args, caller);                   \
        if (__builtin_expect(original == NULL, 0)) {                                               \
            return PT_MISSING_##ret;                                                               \
        }                                                                                          \
        struct pt_thread *t = pt_append_begin(appended_to);                                        \
        if (t == NULL) {                                                                           \
            return original args;                                                                  \
        }                                                                                          \
        t->appending = true;                                                                       \
        t->appended_bytes = pt_bson_length(document);                                              \
        t->wrote_documents += PT_GIVEN_##operation;                                                \
        t->wrote_bytes += t->appended_bytes;                                                       \
        t->bulk->operation++;                                                                      \
        t->bulk->operation##_bytes += t->appended_bytes;                                           \
        if (__builtin_expect(t->bulk->last_kind != PT_BULK_##operation + 1, 0)) {                  \
            t->bulk->last_kind = PT_BULK_##operation + 1;                                          \
            t->bulk->runs[PT_BULK_##operation]++;                                                  \
        }                                                                                          \
        PT_RETURN_##ret(original args);                                                            \
        t->appending = false;                                                                      \
        if (__builtin_expect(!PT_APPENDED_##ret, 0)) {                                             \
            pt_append_refused(t, &t->bulk->operation, &t->bulk->operation##_bytes,                 \
                              PT_GIVEN_##operation);                                               \
        }                                                                                          \
        return PT_RESULT_##ret;                                                                    \
    }                                                                                              \
    PT_EXPORT ret name params                                                                      \
    {                                                                                              \
        __typeof__(&name) original = (__typeof__(&name))atomic_load_explicit(                      \
            &pt_originals[PT_FN_##name], memory_order_relaxed);                                    \
        if (original && pt_append_nested()) {                                                      \
            return original args;                                                                  \
        }                                                                                          \
        return pt_outer_##name(PT_LIST args, PT_CALLER);                                           \
    }

#define PT_CONTEXT(name, event_type)                                                               \
    PT_EXPORT void *name(const event_type *event)                                                  \
    {                                                                                              \
        __typeof__(&name) original = PT_ORIGINAL(name);                                            \
        return original ? pt_monitor_application_context(original(event)) : NULL;                  \
    }

#include "driver/wrappers.def"
