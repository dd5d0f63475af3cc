/* SPDX-License-Identifier: Apache-2.0 */
#include "log/log_texts.h"

#include <stddef.h>

#include <phasetap/clock_state.h>
#include <phasetap/log_format.h>

const char *pt_kind_text(int32_t kind)
{
    switch (kind) {
    case PT_KIND_MANIFEST:
        return "manifest";
    case PT_KIND_STATUS:
        return "status";
    case PT_KIND_NAME:
        return "name";
    case PT_KIND_THREAD:
        return "thread";
    case PT_KIND_DRIVER:
        return "driver";
    case PT_KIND_SPAN:
        return "span";
    case PT_KIND_CONNECTION:
        return "connection";
    case PT_KIND_GAP:
        return "gap";
    case PT_KIND_COMMAND:
        return "command";
    case PT_KIND_WRITE:
        return "write";
    case PT_KIND_LEFT:
        return "left";
    case PT_KIND_TXN:
        return "transaction";
    case PT_KIND_PART:
        return "part";
    case PT_KIND_ERROR:
        return "error";
    case PT_KIND_SAMPLE:
        return "sample";
    case PT_KIND_SYSTEM:
        return "system";
    case PT_KIND_CLOCK:
        return "clock";
    case PT_KIND_SCHED:
        return "sched";
    case PT_KIND_HELPER:
        return "helper";
    case PT_KIND_BEGIN:
        return "begin";
    case PT_KIND_FINISH:
        return "finish";
    case PT_KIND_MISUSE:
        return "misuse";
    case PT_KIND_THROUGHPUT:
        return "throughput";
    case PT_KIND_TOTAL:
        return "total";
    case PT_KIND_RESET:
        return "reset";
    case PT_KIND_END:
        return "end";
    case PT_KIND_EXITED:
        return "exited";
    case PT_KIND_RUN_END:
        return "run_end";
    case PT_KIND_UNSEEN:
        return "unseen";
    default:
        return NULL;
    }
}

const char *pt_error_where_text(int32_t where)
{
    switch (where) {
    case PT_ERROR_WRITE:
        return "write";
    case PT_ERROR_WRITE_CONCERN:
        return "write_concern";
    case PT_ERROR_SERVER:
        return "server";
    case PT_ERROR_DRIVER:
        return "driver";
    default:
        return NULL;
    }
}

const char *pt_txn_text(int32_t state)
{
    switch (state) {
    case PT_TXN_OPEN:
        return "open";
    case PT_TXN_COMMITTED:
        return "committed";
    case PT_TXN_ABORTED:
        return "aborted";
    default:
        return NULL;
    }
}

const char *pt_misuse_text(int32_t what)
{
    switch (what) {
    case PT_MISUSE_END_WITHOUT_BEGIN:
        return "end without begin";
    case PT_MISUSE_END_OF_OUTER:
        return "end of an outer phase: the inner ones ended with it";
    case PT_MISUSE_TOO_DEEP:
        return "nested too deep";
    case PT_MISUSE_BAD_NAME:
        return "no name";
    case PT_MISUSE_NOT_ENDED:
        return "the thread ended inside the phase";
    case PT_MISUSE_NO_TOTALS:
        return "more phases than phasetap_phase_summary can hold";
    default:
        return "not known to this version";
    }
}

const char *pt_unseen_reason(int32_t why)
{
    switch (why) {
#define REASON_CASE(id, constant, text)                                                            \
    case id:                                                                                       \
        return text;
        PT_UNSEEN_REASONS(REASON_CASE)
    default:
        return "for a reason unknown to this version";
    }
}

const char *pt_clock_text(int32_t clock)
{
    switch (clock) {
#define CLOCK_CASE(id, constant, text)                                                             \
    case id:                                                                                       \
        return text;
        PT_CLOCK_STATES(CLOCK_CASE)
    default:
        return "a clock unknown to this version";
    }
}
