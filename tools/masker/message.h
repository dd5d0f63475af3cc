/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MASKER_MESSAGE_H
#define MASKER_MESSAGE_H

/* Exit status of the program. */
#define EXIT_STATUS_OK     0 /* everything asked for was done */
#define EXIT_STATUS_FAILED 1 /* the run started and failed: server, file or write error */
#define EXIT_STATUS_USAGE  2 /* wrong option, rules or configuration file; nothing was touched */

/*
 * Writes "masker: <sentence>\n" to standard error in one write, so that lines of several threads do
 * not mix. Longer sentences than 1 KB are cut. Any thread may call it.
 */
void message_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
