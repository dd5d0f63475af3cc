/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log_texts.h: the numbers of the log format as words, for reports and dumps. The numbers come from
 * a log, so any value may be passed. The texts are constant; any thread may call this.
 */
#ifndef PHASETAP_LOG_TEXTS_H
#define PHASETAP_LOG_TEXTS_H

#include <stdint.h>

/* Kind of a document: "span", "gap", ...; NULL for an unknown kind. */
const char *pt_kind_text(int32_t kind);

/* Where an error arose (enum pt_error_where): "write", "write_concern", "server", "driver"; NULL
 * for an unknown number. */
const char *pt_error_where_text(int32_t where);

/* How far a transaction is (enum pt_txn_state): "open", "committed", "aborted"; NULL for an unknown
 * number. */
const char *pt_txn_text(int32_t state);

/* Misuse of the annotation interface (enum pt_misuse). Never NULL. */
const char *pt_misuse_text(int32_t what);

/* Why calls of a driver could not be recorded (PT_UNSEEN_REASONS), a clause to follow the name of
 * the object. Never NULL. */
const char *pt_unseen_reason(int32_t why);

/* The clock of a CLOCK document, and why it is not the time-stamp counter. Never NULL. */
const char *pt_clock_text(int32_t clock);

#endif
