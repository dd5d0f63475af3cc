/* SPDX-License-Identifier: Apache-2.0 */
/* outputs.h: everything that the tool prints about a log: report, summary, audit, dump, exports. */
#ifndef FUZZ_OUTPUTS_H
#define FUZZ_OUTPUTS_H

/* Ends the process when JSON does not parse or a control character would reach a terminal. */
void fuzz_outputs(const char *path);

/* The report and the summary alone. */
void fuzz_report(const char *path);

#endif
