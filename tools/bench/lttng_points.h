/* SPDX-License-Identifier: Apache-2.0 */
/* lttng_points.h: the tracepoints with which LTTng is compared; the macros and the double inclusion
 * are LTTng's way. */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER phasetap_bench
#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "./lttng_points.h"

#if !defined BENCH_LTTNG_POINTS_H || defined LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ
#define BENCH_LTTNG_POINTS_H

#include <lttng/tracepoint.h>
#include <stdint.h>

LTTNG_UST_TRACEPOINT_EVENT(
    phasetap_bench, span,
    LTTNG_UST_TP_ARGS(int64_t, documents, int64_t, bytes, int, phase, int, client),
    LTTNG_UST_TP_FIELDS(lttng_ust_field_integer(int64_t, documents, documents)
                            lttng_ust_field_integer(int64_t, bytes, bytes)
                                lttng_ust_field_integer(int, phase, phase)
                                    lttng_ust_field_integer(int, client, client)))

#endif

#include <lttng/tracepoint-event.h>
