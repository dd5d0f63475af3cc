/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lttng_wrapper.c: a preload object as one would write it with LTTng: a tracepoint at entry and at
 * return of the per-document calls. (rows `cursor`, `append`) The tracepoints record nothing unless
 * a session is running.
 */
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "lttng_points.h"

#include "driver/original.h"

#define WRAPPER_EXPORT    __attribute__((visibility("default")))
#define SPAN_POINT(phase) lttng_ust_tracepoint(phasetap_bench, span, 1, 0, phase, 1)

WRAPPER_EXPORT bool mongoc_cursor_next(mongoc_cursor_t *cursor, const bson_t **document)
{
    SPAN_POINT(1);
    bool result = PT_ORIGINAL(mongoc_cursor_next)(cursor, document);
    SPAN_POINT(2);
    return result;
}

WRAPPER_EXPORT bool mongoc_bulk_operation_insert_with_opts(mongoc_bulk_operation_t *bulk,
                                                           const bson_t *document,
                                                           const bson_t *opts, bson_error_t *error)
{
    SPAN_POINT(3);
    bool result = PT_ORIGINAL(mongoc_bulk_operation_insert_with_opts)(bulk, document, opts, error);
    SPAN_POINT(4);
    return result;
}

WRAPPER_EXPORT void mongoc_bulk_operation_replace_one(mongoc_bulk_operation_t *bulk,
                                                      const bson_t *selector,
                                                      const bson_t *document, bool upsert)
{
    SPAN_POINT(5);
    PT_ORIGINAL(mongoc_bulk_operation_replace_one)(bulk, selector, document, upsert);
    SPAN_POINT(6);
}
