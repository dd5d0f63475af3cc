/* SPDX-License-Identifier: Apache-2.0 */
/* trend.h: how the calls of a group changed over the course of the run, from its series. */
#ifndef PHASETAP_TREND_H
#define PHASETAP_TREND_H

#include "model/call_group.h"

/* A stretch of the run. */
struct pt_stretch {
    int64_t calls, documents, ns, bytes;
};

struct pt_stretch pt_trend_stretch(const struct pt_call_group *group, size_t from, size_t to);
/* Nanoseconds of each call, or document; 0: there were none. */
double pt_stretch_call(const struct pt_stretch *stretch);
double pt_stretch_document(const struct pt_stretch *stretch);
double pt_stretch_bytes(const struct pt_stretch *stretch); /* of each document */

/* The line of the mean duration of a bucket's calls over their position. False when there are fewer
 * than ten buckets with calls. */
bool pt_trend_by_position(const struct pt_call_group *group, struct pt_line *line);

#endif
