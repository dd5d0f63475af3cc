/* SPDX-License-Identifier: Apache-2.0 */
#include "html/plots.h"

#include <string.h>

#include "base/saturate.h"

static double width_of(const struct pt_plots *plots)
{
    return (double)plots->span_ns / PT_PLOT_BINS;
}

static size_t bin_of(const struct pt_plots *plots, double ns)
{
    double at = ns / width_of(plots);
    return at <= 0.0 ? 0 : at >= PT_PLOT_BINS ? PT_PLOT_BINS - 1 : (size_t)at;
}

/* Nanoseconds of the interval that lie in the bin. */
static double overlap_of(const struct pt_plots *plots, size_t bin, double from, double to)
{
    double begin = (double)bin * width_of(plots), end = begin + width_of(plots);
    double overlap = (to < end ? to : end) - (from > begin ? from : begin);
    return overlap > 0.0 ? overlap : 0.0;
}

void pt_plots_documents(struct pt_plots *plots, enum pt_plot plot, int64_t start_ns,
                        int64_t duration_ns, int64_t documents)
{
    double from = (double)start_ns, to = from + (double)pt_max(1, duration_ns);
    if (documents <= 0 || from > (double)plots->span_ns || to < 0.0) {
        return;
    }
    for (size_t bin = bin_of(plots, from); bin <= bin_of(plots, to); bin++) {
        plots->bins[plot][bin].sum +=
            (double)documents * overlap_of(plots, bin, from, to) / (to - from);
    }
}

static void add(struct pt_plot_bin *bin, double value, double weight_ns)
{
    if (weight_ns <= 0.0) {
        return;
    }
    bin->low = bin->weight_ns > 0.0 && bin->low < value ? bin->low : value;
    bin->high = bin->weight_ns > 0.0 && bin->high > value ? bin->high : value;
    bin->sum += value * weight_ns;
    bin->weight_ns += weight_ns;
}

/* A value that holds from one sample to the next; negative: not known. */
static void hold(struct pt_plots *plots, enum pt_plot plot, double from, double to, double value)
{
    if (value < 0.0 || to <= from || to < 0.0 || from > (double)plots->span_ns) {
        return;
    }
    for (size_t bin = bin_of(plots, from); bin <= bin_of(plots, to); bin++) {
        add(&plots->process[plot][bin], value, overlap_of(plots, bin, from, to));
    }
}

/* -1 when either reading is not known, or the counter went back. */
static double rate(int64_t before, int64_t now, double ns, double unit)
{
    return before < 0 || now < before || ns <= 0.0 ? -1.0 : (double)(now - before) / ns * unit;
}

static int64_t cpu_of(const struct pt_doc_sample *sample)
{
    return sample->ucpu < 0 || sample->scpu < 0 ? -1 : pt_add(sample->ucpu, sample->scpu);
}

void pt_plots_sample(struct pt_plots *plots, int64_t at_ns, const struct pt_doc_sample *sample)
{
    const struct pt_doc_sample *before = &plots->sample;
    double ns = (double)pt_sub(sample->t, before->t), to = (double)at_ns, from = to - ns;
    if (before->t > 0 && ns > 0.0) {
        hold(plots, PT_PLOT_CPU, from, to, rate(cpu_of(before), cpu_of(sample), ns, 100.0));
        hold(plots, PT_PLOT_MEMORY, from, to, (double)sample->rss);
        hold(plots, PT_PLOT_DISK_READ, from, to, rate(before->rd, sample->rd, ns, 1e9));
        hold(plots, PT_PLOT_DISK_WRITTEN, from, to, rate(before->wr, sample->wr, ns, 1e9));
    }
    plots->sample = *sample;
}

void pt_plots_system(struct pt_plots *plots, int64_t at_ns, const struct pt_doc_system *system)
{
    const struct pt_doc_system *before = &plots->system;
    double ns = (double)pt_sub(system->t, before->t), to = (double)at_ns, from = to - ns;
    if (before->t > 0 && ns > 0.0) {
        double ticks = (double)pt_sub(system->all, before->all);
        hold(plots, PT_PLOT_MACHINE_CPU, from, to,
             rate(before->busy, system->busy, before->all < 0 ? 0.0 : ticks, 100.0));
        hold(plots, PT_PLOT_RUN_QUEUE, from, to, rate(before->pcpu, system->pcpu, ns, 100.0));
    }
    plots->system = *system;
}

static void merge(struct pt_plot_bin *to, const struct pt_plot_bin *from, bool adds)
{
    double share = from->weight_ns > 0.0 ? to->weight_ns / from->weight_ns : 0.0;
    if (from->weight_ns <= 0.0) {
        return;
    }
    if (to->weight_ns <= 0.0 || (!adds && to->weight_ns < from->weight_ns)) {
        *to = *from;
    } else if (adds) { /* the sum of two means, with the first one's weight */
        to->sum += from->sum * share;
        to->low += from->low;
        to->high += from->high;
    }
}

void pt_plots_end_process(struct pt_plots *plots)
{
    for (int plot = PT_PLOT_CPU; plot < PT_PLOTS; plot++) {
        for (size_t bin = 0; bin < PT_PLOT_BINS; bin++) {
            merge(&plots->bins[plot][bin], &plots->process[plot][bin],
                  plot != PT_PLOT_MACHINE_CPU && plot != PT_PLOT_RUN_QUEUE);
        }
    }
    memset(plots->process, 0, sizeof plots->process);
    plots->sample.t = plots->system.t = 0;
}
