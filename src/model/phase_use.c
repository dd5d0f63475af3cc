/* SPDX-License-Identifier: Apache-2.0 */
#include "model/phase_use.h"

#include "base/saturate.h"

#define WHOLE_NS 1000000000 /* storage I/O is read at most once a second (docs/FORMAT.md, 20) */
#define MOST     0.8        /* of the time between two samples that a phase has to fill */

enum { COVERED, CPU, MINOR_FAULTS, MAJOR_FAULTS };
enum { IO_COVERED, READ, WRITTEN };

static int64_t portion(int64_t amount, int64_t part, int64_t whole)
{
    return whole <= 0 ? 0 : (int64_t)((__int128)amount * part / whole);
}

static void add_cpu(struct pt_sampled *sampled, const struct pt_doc_sample *sample)
{
    int64_t cpu_ns = pt_add(sample->ucpu, sample->scpu);
    int64_t from_ns = sampled->cpu_t_ns, d_ns = pt_sub(sample->t, from_ns);
    if (sample->ucpu < 0 || sample->scpu < 0 || (sampled->has_cpu && d_ns <= 0)) {
        return;
    }
    if (sampled->has_cpu) {
        pt_series_spread(&sampled->cpu, from_ns, d_ns, COVERED);
        pt_series_pour(&sampled->cpu, from_ns, d_ns, CPU, pt_sub(cpu_ns, sampled->cpu_ns));
        pt_series_pour(&sampled->cpu, from_ns, d_ns, MINOR_FAULTS,
                       pt_sub(sample->minf, sampled->minor_faults));
        pt_series_pour(&sampled->cpu, from_ns, d_ns, MAJOR_FAULTS,
                       pt_sub(sample->majf, sampled->major_faults));
    }
    sampled->has_cpu = true;
    sampled->samples++;
    sampled->cpu_t_ns = sample->t;
    sampled->cpu_ns = cpu_ns;
    sampled->minor_faults = sample->minf;
    sampled->major_faults = sample->majf;
}

/* A sample between two whole ones repeats the values of the last whole one: then nothing is known
 * yet. */
static void add_io(struct pt_sampled *sampled, const struct pt_doc_sample *sample)
{
    int64_t from_ns = sampled->io_t_ns, d_ns = pt_sub(sample->t, from_ns);
    bool repeats = sample->rd == sampled->read_bytes && sample->wr == sampled->written_bytes;
    if (sample->rd < 0 || sample->wr < 0 ||
        (sampled->has_io && (d_ns <= 0 || (repeats && d_ns < WHOLE_NS)))) {
        return;
    }
    if (sampled->has_io) {
        pt_series_spread(&sampled->io, from_ns, d_ns, IO_COVERED);
        pt_series_pour(&sampled->io, from_ns, d_ns, READ, pt_sub(sample->rd, sampled->read_bytes));
        pt_series_pour(&sampled->io, from_ns, d_ns, WRITTEN,
                       pt_sub(sample->wr, sampled->written_bytes));
    }
    sampled->has_io = true;
    sampled->io_t_ns = sample->t;
    sampled->read_bytes = sample->rd;
    sampled->written_bytes = sample->wr;
}

void pt_sampled_add(struct pt_sampled *sampled, const struct pt_doc_sample *sample)
{
    sampled->memory.highest = true;
    add_cpu(sampled, sample);
    add_io(sampled, sample);
    if (sample->rss > 0) {
        pt_series_add(&sampled->memory, sample->t, 0, sample->rss);
    }
}

void pt_sampled_release(struct pt_sampled *sampled)
{
    pt_series_release(&sampled->cpu);
    pt_series_release(&sampled->io);
    pt_series_release(&sampled->memory);
}

/* The values of a series between two moments, each bucket by the part that lies between them. */
static void sum_between(const struct pt_time_series *series, int64_t from_ns, int64_t to_ns,
                        int64_t sums[PT_SERIES_VALUES])
{
    int64_t width_ns = pt_series_width(series);
    for (size_t i = pt_series_find(series, from_ns); i < pt_series_count(series); i++) {
        int64_t begin_ns = pt_series_begin(series, i);
        int64_t end_ns = pt_min(to_ns, pt_add(begin_ns, width_ns));
        if (begin_ns >= to_ns) {
            return;
        }
        for (int value = 0; value < PT_SERIES_VALUES; value++) {
            int64_t amount = pt_series_at(series, i)[value];
            amount = portion(amount, pt_max(0, end_ns - pt_max(from_ns, begin_ns)), width_ns);
            sums[value] = series->highest ? pt_max(sums[value], pt_series_at(series, i)[value])
                                          : pt_add(sums[value], amount);
        }
    }
}

/* Stretches of the run no shorter than the mean time between two samples. */
static int64_t stretch_of(const struct pt_time_series *busy, const struct pt_sampled *sampled)
{
    int64_t covered_ns = 0;
    for (size_t i = 0; i < pt_series_count(&sampled->cpu); i++) {
        covered_ns = pt_add(covered_ns, pt_series_at(&sampled->cpu, i)[COVERED]);
    }
    int64_t mean_ns = covered_ns / pt_max(1, sampled->samples - 1);
    int64_t width_ns = pt_series_width(busy);
    return pt_mul(width_ns, pt_max(1, pt_add(mean_ns, width_ns - 1) / width_ns));
}

/* The share of a stretch that the phase filled of what was used in it. */
static void take_stretch(struct pt_phase_use *use, const struct pt_sampled *sampled,
                         int64_t from_ns, int64_t width_ns, int64_t filled_ns)
{
    int64_t cpu[PT_SERIES_VALUES] = {0}, io[PT_SERIES_VALUES] = {0}, memory[PT_SERIES_VALUES] = {0};
    int64_t to_ns = pt_add(from_ns, width_ns);
    sum_between(&sampled->cpu, from_ns, to_ns, cpu);
    sum_between(&sampled->io, from_ns, to_ns, io);
    sum_between(&sampled->memory, from_ns, to_ns, memory);
    int64_t told_ns = pt_min(filled_ns, cpu[COVERED]), io_ns = pt_min(filled_ns, io[IO_COVERED]);
    use->told_ns = pt_add(use->told_ns, told_ns);
    use->untold_ns = pt_add(use->untold_ns, filled_ns - told_ns);
    use->cpu_ns = pt_add(use->cpu_ns, portion(cpu[CPU], told_ns, cpu[COVERED]));
    use->minor_faults =
        pt_add(use->minor_faults, portion(cpu[MINOR_FAULTS], told_ns, cpu[COVERED]));
    use->major_faults =
        pt_add(use->major_faults, portion(cpu[MAJOR_FAULTS], told_ns, cpu[COVERED]));
    use->io_ns = pt_add(use->io_ns, io_ns);
    use->read_bytes = pt_add(use->read_bytes, portion(io[READ], io_ns, io[IO_COVERED]));
    use->written_bytes = pt_add(use->written_bytes, portion(io[WRITTEN], io_ns, io[IO_COVERED]));
    use->resident_bytes = pt_max(use->resident_bytes, memory[0]);
}

struct pt_phase_use pt_phase_use_of(const struct pt_time_series *busy,
                                    const struct pt_sampled *sampled)
{
    struct pt_phase_use use = {0};
    int64_t width_ns = stretch_of(busy, sampled), filled_sum_ns = 0;
    size_t step = (size_t)(width_ns / pt_series_width(busy));
    double weighted = 0.0;
    for (size_t i = 0; i < pt_series_count(busy); i += step) {
        int64_t spent_ns = 0;
        for (size_t at = i; at < i + step && at < pt_series_count(busy); at++) {
            spent_ns = pt_add(spent_ns, pt_series_at(busy, at)[0]);
        }
        int64_t filled_ns = pt_min(spent_ns, width_ns);
        filled_sum_ns = pt_add(filled_sum_ns, filled_ns);
        weighted += (double)filled_ns * (double)filled_ns;
        take_stretch(&use, sampled, pt_series_begin(busy, i), width_ns, filled_ns);
    }
    /* On average, weighted by its time, the phase fills too little of the stretches it is in. */
    if (weighted < MOST * (double)width_ns * (double)filled_sum_ns) {
        return (struct pt_phase_use){.untold_ns = filled_sum_ns,
                                     .short_ns = sampled->samples > 1 ? filled_sum_ns : 0};
    }
    return use;
}

void pt_phase_use_merge(struct pt_phase_use *to, const struct pt_phase_use *from)
{
    to->told_ns = pt_add(to->told_ns, from->told_ns);
    to->untold_ns = pt_add(to->untold_ns, from->untold_ns);
    to->short_ns = pt_add(to->short_ns, from->short_ns);
    to->crowded_ns = pt_add(to->crowded_ns, from->crowded_ns);
    to->shared_ns = pt_add(to->shared_ns, from->shared_ns);
    to->totals_ns = pt_add(to->totals_ns, from->totals_ns);
    to->cpu_ns = pt_add(to->cpu_ns, from->cpu_ns);
    to->minor_faults = pt_add(to->minor_faults, from->minor_faults);
    to->major_faults = pt_add(to->major_faults, from->major_faults);
    to->io_ns = pt_add(to->io_ns, from->io_ns);
    to->read_bytes = pt_add(to->read_bytes, from->read_bytes);
    to->written_bytes = pt_add(to->written_bytes, from->written_bytes);
    to->resident_bytes = pt_max(to->resident_bytes, from->resident_bytes);
}

const char *pt_phase_use_unknown(const struct pt_phase_use *use)
{
    if (use->shared_ns > 0) {
        return "samples are of the process and not of one collection";
    }
    if (use->totals_ns > 0) {
        return "the log has only totals of some of its calls";
    }
    if (use->crowded_ns > 0) {
        return "the log has more phases than are followed";
    }
    if (use->told_ns > 0 && use->told_ns / 9 >= use->untold_ns) {
        return NULL;
    }
    return use->short_ns > use->untold_ns / 2
               ? "its calls are shorter than the time between two samples (PHASETAP_INTERVAL)"
               : "the process was not sampled while it ran";
}
