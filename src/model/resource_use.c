/* SPDX-License-Identifier: Apache-2.0 */
#include "model/resource_use.h"

#include "base/saturate.h"

#define NOT_KNOWN (-1)
/* The process's CPU time may be counted in clock ticks, the sampler's exactly. */
#define CPU_SLACK_NS 1000000000LL

void pt_resources_init(struct pt_resources *resources)
{
    *resources = (struct pt_resources){0};
    struct pt_process_use *use = &resources->process;
    use->rss_first_bytes = use->rss_last_bytes = use->rss_highest_bytes = use->peak_bytes =
        NOT_KNOWN;
    use->user_cpu_ns = use->system_cpu_ns = use->read_bytes = use->written_bytes = NOT_KNOWN;
    use->minor_faults = use->major_faults = NOT_KNOWN;
    use->voluntary_switches = use->involuntary_switches = NOT_KNOWN;
    resources->system.cgroup_limit_bytes = resources->system.cgroup_use_highest_bytes = NOT_KNOWN;
}

/* Counters only grow: a value that is not to be had does not erase one that was. */
static void raise_to(int64_t *value, int64_t seen)
{
    *value = pt_max(*value, seen);
}

static void grow(struct pt_growth *growth, int64_t value)
{
    if (value < 0) {
        return;
    }
    if (!growth->seen) {
        growth->first = value;
        growth->seen = true;
    }
    growth->last = value;
}

int64_t pt_growth_of(const struct pt_growth *growth)
{
    return growth->seen ? pt_max(0, growth->last - growth->first) : NOT_KNOWN;
}

void pt_resources_baseline(struct pt_resources *resources, const struct pt_doc_sample *sample)
{
    if (sample->t >= resources->baseline.t) {
        resources->baseline = *sample;
    }
}

static int64_t growth(int64_t value, int64_t baseline)
{
    return value < 0 || baseline < 0 ? value : pt_max(0, value - baseline);
}

/* The sample with its counters as they grew since the baseline. */
static struct pt_doc_sample since_baseline(const struct pt_doc_sample *sample,
                                           const struct pt_doc_sample *base)
{
    struct pt_doc_sample grown = *sample;
    grown.ucpu = growth(sample->ucpu, base->ucpu);
    grown.scpu = growth(sample->scpu, base->scpu);
    grown.own = growth(sample->own, base->own);
    grown.rd = growth(sample->rd, base->rd);
    grown.wr = growth(sample->wr, base->wr);
    grown.minf = growth(sample->minf, base->minf);
    grown.majf = growth(sample->majf, base->majf);
    grown.vcs = growth(sample->vcs, base->vcs);
    grown.ics = growth(sample->ics, base->ics);
    return grown;
}

void pt_resources_sample(struct pt_resources *resources, const struct pt_doc_sample *recorded)
{
    struct pt_process_use *use = &resources->process;
    const struct pt_doc_sample grown = since_baseline(recorded, &resources->baseline);
    const struct pt_doc_sample *sample = &grown;
    use->samples++;
    raise_to(&use->last_ns, sample->t);
    raise_to(&use->user_cpu_ns, sample->ucpu);
    raise_to(&use->system_cpu_ns, sample->scpu);
    if (sample->own <= pt_add(pt_add(sample->ucpu, sample->scpu), CPU_SLACK_NS)) {
        raise_to(&use->sampler_cpu_ns,
                 sample->own); /* a thread cannot have used more than its process */
    }
    if (sample->rss >= 0) {
        use->rss_first_bytes = use->rss_first_bytes < 0 ? sample->rss : use->rss_first_bytes;
        use->rss_last_bytes = sample->rss;
        raise_to(&use->rss_highest_bytes, sample->rss);
    }
    raise_to(&use->peak_bytes, pt_max(sample->peak, sample->rss));
    raise_to(&use->read_bytes, sample->rd);
    raise_to(&use->written_bytes, sample->wr);
    raise_to(&use->minor_faults, sample->minf);
    raise_to(&use->major_faults, sample->majf);
    raise_to(&use->voluntary_switches, sample->vcs);
    raise_to(&use->involuntary_switches, sample->ics);
    raise_to(&use->threads_highest, sample->thr);
}

static double percent(int64_t part, int64_t whole)
{
    double value = 100.0 * (double)part / (double)whole;
    return value < 0.0 ? 0.0 : value > 100.0 ? 100.0 : value;
}

static void add_cpu(struct pt_system_use *use, int64_t busy, int64_t all)
{
    if (busy < 0 || all < 0) {
        return;
    }
    if (use->has_ticks && all > use->last_all) {
        double value = percent(busy - use->last_busy, all - use->last_all);
        use->cpu_sum += value;
        use->cpu_peak = value > use->cpu_peak ? value : use->cpu_peak;
        use->cpu_count++;
        use->cpu_high += value > PT_PERCENT_HIGH;
    }
    use->last_busy = busy;
    use->last_all = all;
    use->has_ticks = true;
}

static void add_memory(struct pt_system_use *use, int64_t total, int64_t available)
{
    if (total <= 0 || available < 0) {
        return;
    }
    double value = percent(pt_max(0, total - available), total);
    use->memory_sum += value;
    use->memory_peak = value > use->memory_peak ? value : use->memory_peak;
    use->memory_count++;
    use->memory_high += value > PT_PERCENT_HIGH;
}

void pt_resources_system(struct pt_resources *resources, const struct pt_doc_system *sample)
{
    struct pt_system_use *use = &resources->system;
    use->samples++;
    raise_to(&use->cpus, sample->ncpu);
    add_cpu(use, sample->busy, sample->all);
    add_memory(use, sample->mtot, sample->mavl);
    if (sample->cmax >= 0) {
        use->cgroup_limit_bytes = sample->cmax;
    }
    raise_to(&use->cgroup_use_highest_bytes, sample->ccur);
    grow(&use->throttled_ns, sample->cthr);
    grow(&use->pressure_cpu_ns, sample->pcpu);
    grow(&use->pressure_memory_ns, sample->pmem);
    grow(&use->pressure_io_ns, sample->pio);
}

static void add_known(int64_t *to, int64_t from)
{
    if (from >= 0) {
        *to = *to < 0 ? from : pt_add(*to, from);
    }
}

static void merge_process(struct pt_process_use *to, const struct pt_process_use *from)
{
    to->samples += from->samples;
    raise_to(&to->last_ns, from->last_ns);
    add_known(&to->user_cpu_ns, from->user_cpu_ns);
    add_known(&to->system_cpu_ns, from->system_cpu_ns);
    add_known(&to->sampler_cpu_ns, from->sampler_cpu_ns);
    add_known(&to->read_bytes, from->read_bytes);
    add_known(&to->written_bytes, from->written_bytes);
    add_known(&to->minor_faults, from->minor_faults);
    add_known(&to->major_faults, from->major_faults);
    add_known(&to->voluntary_switches, from->voluntary_switches);
    add_known(&to->involuntary_switches, from->involuntary_switches);
}

static void merge_system(struct pt_system_use *to, const struct pt_system_use *from)
{
    struct pt_system_use larger = from->samples > to->samples ? *from : *to;
    larger.samples = to->samples + from->samples;
    larger.cpu_sum = to->cpu_sum + from->cpu_sum;
    larger.cpu_count = to->cpu_count + from->cpu_count;
    larger.cpu_high = to->cpu_high + from->cpu_high;
    larger.memory_high = to->memory_high + from->memory_high;
    larger.cpu_peak = to->cpu_peak > from->cpu_peak ? to->cpu_peak : from->cpu_peak;
    larger.memory_sum = to->memory_sum + from->memory_sum;
    larger.memory_count = to->memory_count + from->memory_count;
    larger.memory_peak = to->memory_peak > from->memory_peak ? to->memory_peak : from->memory_peak;
    *to = larger;
}

void pt_resources_merge(struct pt_resources *to, const struct pt_resources *from)
{
    merge_process(&to->process, &from->process);
    merge_system(&to->system, &from->system);
}
