/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wrap.c: the wrappers that wrappers.def describes. Each does the same: find the original, enter,
 * real call, leave, return. Those that need more care stand in wrap_cursor.c, wrap_client.c and
 * monitor.c.
 */
#include "base/export.h"
#include "capture/call.h"
#include "capture/monitor.h"
#include "driver/handles.h"
#include "driver/original.h"
#include "interpose/made.h"
#include "interpose/outcome.h"

/* Takes the operations of bulks that are not known; the gap counts their documents all the same. */
static struct pt_handle unknown_bulk;

/* First append of a thread, or to another bulk than the one before. False when nothing is recorded.
 */
static __attribute__((noinline)) bool switch_bulk(const void *bulk)
{
    struct pt_thread *t = pt_thread_self();
    if (t == NULL) {
        return false;
    }
    struct pt_handle *known = pt_handle_find(bulk);
    t->bulk = known ? known : &unknown_bulk;
    return true;
}

/* Finds the thread's state for an append, with its `bulk` set; NULL in a nested one, or when
 * nothing is recorded. */
static inline struct pt_thread *begin_append(const void *bulk)
{
    struct pt_thread *t = pt_thread_known();
    if (__builtin_expect(t == NULL || t->bulk == NULL || t->bulk->object != bulk, 0)) {
        if (!switch_bulk(bulk)) {
            return NULL;
        }
        t = pt_thread_known();
    }
    return t->appending ? NULL : t;
}

/* The driver refused the operation: it is counted back. Only the thread's state is at hand, so that
 * the wrapper need not keep more across the call. */
static __attribute__((noinline, cold)) void count_back(struct pt_thread *t, int64_t *operations,
                                                       int64_t given)
{
    t->wrote_documents -= given;
    t->wrote_bytes -= t->appended_bytes;
    --*operations;
    t->bulk->bytes -= t->appended_bytes;
}

#define PT_NOTHING ((void)0)

/* The first argument: the object that the call is about. */
#define PT_FIRST(...)           PT_FIRST_OF(__VA_ARGS__, NULL)
#define PT_FIRST_OF(first, ...) first

/* `driver`, for rows that note what the call has made. Others do not pay: it is a pure function. */
#define PT_DRIVER_OF(name, object)                                                                 \
    __attribute__((unused)) int driver = pt_original_driver(PT_FN_##name, object, PT_CALLER)

#define PT_TIMED(ret, name, params, args, made_from, phase, before, ok, error_of, after)           \
    PT_EXPORT ret name params                                                                      \
    {                                                                                              \
        struct pt_call call;                                                                       \
        __attribute__((unused)) bson_error_t failure;                                              \
        __typeof__(&name) original = PT_ORIGINAL_ON(PT_FIRST args, name);                          \
        if (original == NULL) {                                                                    \
            return (ret){0};                                                                       \
        }                                                                                          \
        bool outermost = pt_call_enter(&call, PT_FN_##name, made_from);                            \
        if (outermost) {                                                                           \
            before;                                                                                \
        }                                                                                          \
        ret result = original args;                                                                \
        if (outermost) {                                                                           \
            pt_call_leave(&call, PT_PHASE_##phase, ok, error_of);                                  \
            PT_DRIVER_OF(name, PT_FIRST args);                                                     \
            after;                                                                                 \
        }                                                                                          \
        return result;                                                                             \
    }

#define PT_VOID(name, params, args, made_from, before)                                             \
    PT_EXPORT void name params                                                                     \
    {                                                                                              \
        struct pt_call call;                                                                       \
        const void *object = made_from;                                                            \
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

#define PT_APPEND(ret, name, params, args, appended_to, operation, document)                       \
    PT_EXPORT ret name params                                                                      \
    {                                                                                              \
        __typeof__(&name) original = PT_ORIGINAL_ON(PT_FIRST args, name);                          \
        if (__builtin_expect(original == NULL, 0)) {                                               \
            return PT_MISSING_##ret;                                                               \
        }                                                                                          \
        struct pt_thread *t = begin_append(appended_to);                                           \
        if (t == NULL) {                                                                           \
            return original args;                                                                  \
        }                                                                                          \
        t->appending = true;                                                                       \
        t->appended_bytes = pt_bson_length(document);                                              \
        t->wrote_documents += PT_GIVEN_##operation;                                                \
        t->wrote_bytes += t->appended_bytes;                                                       \
        t->bulk->operation++;                                                                      \
        t->bulk->bytes += t->appended_bytes;                                                       \
        PT_RETURN_##ret(original args);                                                            \
        t->appending = false;                                                                      \
        if (__builtin_expect(!PT_APPENDED_##ret, 0)) {                                             \
            count_back(t, &t->bulk->operation, PT_GIVEN_##operation);                              \
        }                                                                                          \
        return PT_RESULT_##ret;                                                                    \
    }

#define PT_CONTEXT(name, event_type)                                                               \
    PT_EXPORT void *name(const event_type *event)                                                  \
    {                                                                                              \
        __typeof__(&name) original = PT_ORIGINAL(name);                                            \
        return original ? pt_monitor_application_context(original(event)) : NULL;                  \
    }

#include "driver/wrappers.def"
