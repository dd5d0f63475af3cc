/* SPDX-License-Identifier: Apache-2.0 */
/*
 * prometheus.c: totals of runs as a text file for the textfile collector of node_exporter, by
 * program. From the models, so that what a log holds as totals only is counted too.
 *
 * A family must stand in one piece, hence family by family over all programs. Streams; keeps
 * nothing.
 */
#include "export/prometheus_family.h"

#include "export/format_functions.h"
#include "text/version.h"

static void put_build(struct pt_samples *samples)
{
    pt_samples_family(samples, "phasetap_build_info", "gauge",
                      "The phasetap that wrote this file, by version; always 1.");
    samples->program = NULL;
    pt_sample_begin(samples, "");
    pt_sample_label(samples, "version", pt_version());
    pt_sample_int(samples, 1);
}

static void put_families(struct pt_samples *samples, const struct pt_family *families,
                         const struct pt_export_model *models, size_t count)
{
    for (; families->name != NULL; families++) {
        pt_samples_family(samples, families->name, families->type, families->help);
        for (size_t i = 0; i < count; i++) {
            samples->program = models[i].program;
            families->put(samples, models[i].model);
        }
    }
}

bool pt_prometheus_models(struct pt_export *export, const struct pt_export_model *models,
                          size_t count)
{
    struct pt_samples samples = {.out = export->out};
    put_build(&samples);
    put_families(&samples, pt_families_run, models, count);
    put_families(&samples, pt_families_phase, models, count);
    put_families(&samples, pt_families_server, models, count);
    return true;
}
