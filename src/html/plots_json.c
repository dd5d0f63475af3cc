/* SPDX-License-Identifier: Apache-2.0 */
#include "html/plots_json.h"

static const char *const keys[PT_PLOTS] = {
    [PT_PLOT_READ] = "read",
    [PT_PLOT_WRITTEN] = "written",
    [PT_PLOT_CPU] = "cpu",
    [PT_PLOT_MEMORY] = "memory",
    [PT_PLOT_DISK_READ] = "disk_read",
    [PT_PLOT_DISK_WRITTEN] = "disk_written",
    [PT_PLOT_MACHINE_CPU] = "machine_cpu",
    [PT_PLOT_RUN_QUEUE] = "run_queue",
};

/* To four digits: a plot has no more, and the page is smaller. NAN is written as null. */
static double rounded(double value)
{
    char text[32];
    double read = 0.0;
    snprintf(text, sizeof text, "%.4g", value);
    return sscanf(text, "%lf", &read) == 1 ? read : value;
}

enum column { MEAN, LOW, HIGH };

static double value_of(const struct pt_plot_bin *bin, enum column column)
{
    return column == LOW ? bin->low : column == HIGH ? bin->high : bin->sum / bin->weight_ns;
}

static void put_column(struct pt_json *json, const char *key, const struct pt_plot_bin *bins,
                       enum column column)
{
    pt_json_open_array(json, key);
    for (size_t i = 0; i < PT_PLOT_BINS; i++) {
        if (bins[i].weight_ns > 0.0) {
            pt_json_double(json, NULL, rounded(value_of(&bins[i], column)));
        } else {
            pt_json_null(json, NULL);
        }
    }
    pt_json_close_array(json);
}

/* Documents per second: there is no time in which they are not known. */
static void put_rates(struct pt_json *json, const struct pt_plots *plots, int plot)
{
    double width_s = (double)plots->span_ns / PT_PLOT_BINS / 1e9;
    pt_json_open_array(json, "mean");
    for (size_t i = 0; i < PT_PLOT_BINS; i++) {
        pt_json_double(json, NULL, rounded(plots->bins[plot][i].sum / width_s));
    }
    pt_json_close_array(json);
}

void pt_plots_json(struct pt_json *json, const struct pt_plots *plots)
{
    pt_json_open_object(json, "plots");
    pt_json_int(json, "bins", PT_PLOT_BINS);
    for (int plot = 0; plot < PT_PLOTS; plot++) {
        pt_json_open_object(json, keys[plot]);
        if (plot <= PT_PLOT_WRITTEN) {
            put_rates(json, plots, plot);
        } else {
            put_column(json, "mean", plots->bins[plot], MEAN);
            put_column(json, "low", plots->bins[plot], LOW);
            put_column(json, "high", plots->bins[plot], HIGH);
        }
        pt_json_close_object(json);
    }
    pt_json_close_object(json);
}
