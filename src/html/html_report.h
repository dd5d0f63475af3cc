/* SPDX-License-Identifier: Apache-2.0 */
/*
 * html_report.h: the HTML report: one file that holds everything it needs and asks no host for
 * anything, which its own Content-Security-Policy forbids. Nothing of a log is in its markup or its
 * scripts: all of it is one piece of JSON (island.h), which the page's script shows as text.
 * docs/HTML.md describes the page. One thread.
 */
#ifndef PHASETAP_HTML_REPORT_H
#define PHASETAP_HTML_REPORT_H

#include <stdio.h>

#include "html/view.h"

/* How such a file begins, blanks left out. */
#define PT_HTML_MARK "<!DOCTYPEhtml><!--phasetapreport-->"

/* Writes the page of a finished model and its view. Stream errors are left to the caller. False:
 * out of memory; the page is not whole. */
bool pt_html_report(const struct pt_view *view, FILE *out);

#endif
