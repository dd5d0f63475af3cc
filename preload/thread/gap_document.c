/* SPDX-License-Identifier: Apache-2.0 */
#include "thread/gap_document.h"

#include "base/options.h"
#include "log/recorder.h"
#include "thread/thread.h"

/* CPU time of a gap, between 0 and its duration: the two clocks are not read at the same moment. */
static int64_t cpu_of_gap(const struct pt_thread *t, int64_t end_cpu_ns, int64_t duration_ns)
{
    int64_t cpu_ns = pt_options.CPU_CLOCK ? end_cpu_ns - t->mark_cpu_ns : duration_ns;
    return cpu_ns < 0 ? 0 : cpu_ns < duration_ns ? cpu_ns : duration_ns;
}

void pt_gap_record(struct pt_thread *t, int64_t end_ns, int64_t end_cpu_ns, int64_t wrote_documents,
                   int64_t wrote_bytes)
{
    int64_t duration_ns = end_ns > t->mark_ns ? end_ns - t->mark_ns : 0;
    int64_t cpu_ns = cpu_of_gap(t, end_cpu_ns, duration_ns);
    PT_RECORD(&t->pen, gap, doc) {
        doc->q = t->calls + 1;
        doc->t = t->mark_ns;
        doc->d = duration_ns;
        doc->cpu = cpu_ns;
        doc->rn = t->read_documents;
        doc->wn = t->wrote_documents + wrote_documents;
        doc->wb = t->wrote_bytes + wrote_bytes;
    }
    if (t->read_documents + t->wrote_documents + wrote_documents > 0) {
        pt_recognised_add(&t->recognised, PT_PHASE_MASKING, t->mark_ns, cpu_ns);
    }
    t->read_documents = t->wrote_documents = t->wrote_bytes = 0;
}

void pt_gap_record_last(struct pt_thread *t, int64_t end_ns, int64_t end_cpu_ns)
{
    if (t->calls > 0) {
        pt_gap_record(t, end_ns, end_cpu_ns, 0, 0);
    }
}
