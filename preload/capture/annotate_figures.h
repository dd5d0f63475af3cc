/* SPDX-License-Identifier: Apache-2.0 */
/*
 * annotate_figures.h: what the program asks of phasetap about itself: phases, their entries,
 * summary, report, and to start anew. The functions behind phasetap/phasetap.h, which says what
 * they do. Any thread; errno is kept. Visitors are the program's code and run on the calling
 * thread, with no lock held.
 */
#ifndef PT_ANNOTATE_FIGURES_H
#define PT_ANNOTATE_FIGURES_H

#include "phasetap/phasetap.h"

int pt_figures_phase_summary(const char *name, struct phasetap_summary *summary);
size_t pt_figures_each_phase(phasetap_phase_visitor visit, void *context);
size_t pt_figures_each_entry(const char *name, phasetap_entry_visitor visit, void *context);
void pt_figures_reset(void);
/* These run the tool and wait for it. */
int pt_figures_log_summary(void);
int pt_figures_write_report(const char *path);

#endif
