/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_case.h: what the tests of the model and the reports share: a synthetic log is put into
 * `maker`, read into `model`, and the JSON report made from it is read back by libbson's parser
 * into `report`. One thread.
 *
 * A suite is declared with TestSuite(name, .init = report_case_start, .fini = report_case_end).
 */
#ifndef REPORT_CASE_H
#define REPORT_CASE_H

#include <stdbool.h>

#include "log_maker.h"
#include "report/report.h"

#define SECOND 1000000000LL

extern struct log_maker maker; /* manifest and status are there from the start */
extern struct pt_model model;  /* keeps five entries of each phase */
extern bson_t report;

void report_case_start(void);
void report_case_end(void);

/* Reads what the maker holds into the model; it must be a good log. May be done again with another
 * log. */
void read_log(void);
/* Finishes the model and makes the report. */
void make_report(void);
/* What a printer writes; to be freed by the caller. */
char *print(void (*printer)(const struct pt_model *, FILE *));

/* ---- elements of the report at a dotted path, in which indices of arrays are keys ---- */

bool is_there(const char *dotted);
/* The test fails when it is missing or of another type. */
int64_t integer(const char *dotted);
double real(const char *dotted);
char *text_at(const char *dotted);

#endif
