/* SPDX-License-Identifier: Apache-2.0 */
/*
 * prometheus_out.h: samples in the text format of Prometheus, version 0.0.4.
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 *
 * A family (a metric with its HELP and TYPE) is begun once, and all its samples follow; each has
 * the labels given between begin and value. Values of labels are untrusted: quotes, backslashes and
 * line ends are escaped, and what is no UTF-8 or could drive a terminal is written as \xXX or
 * \uXXXX, a backslash of the name itself as two, so that different names stay different.
 *
 * One thread. The caller checks ferror().
 */
#ifndef PHASETAP_PROMETHEUS_OUT_H
#define PHASETAP_PROMETHEUS_OUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct pt_samples {
    FILE *out;
    const char *family;  /* name of the metric whose samples are written */
    const char *program; /* label of each sample; NULL: none */
    bool labelled;       /* the sample that is being written has a label */
};

void pt_samples_family(struct pt_samples *samples, const char *name, const char *type,
                       const char *help);

/* `suffix` is "" or that of a histogram's series, such as "_bucket". */
void pt_sample_begin(struct pt_samples *samples, const char *suffix);
/* NULL is the empty text, which Prometheus takes for no label. */
void pt_sample_label(struct pt_samples *samples, const char *key, const char *value);
void pt_sample_int(struct pt_samples *samples, int64_t number);
/* Nanoseconds as seconds, with all digits. */
void pt_sample_seconds(struct pt_samples *samples, int64_t ns);
/* One of the two. */
void pt_sample_number(struct pt_samples *samples, int64_t number, bool seconds);

#endif
