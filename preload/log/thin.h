/* SPDX-License-Identifier: Apache-2.0 */
/*
 * thin.h: which documents a log still takes once half of its size limit is used. The others are
 * added to the totals (totals.h).
 *
 * The rule (docs/FORMAT.md, "Totals"): the documents of one call, those of one thread with one `q`,
 * stay or go together where they lie in one chunk. What stays: a sample, equal for each doubling of
 * the number of documents so far; calls that failed and calls that are among the slowest 16 of
 * their phase so far, each up to a share of the room for each doubling. Behind seven eighths of the
 * limit no call stays.
 *
 * Only the holder of the flush lock comes here.
 */
#ifndef PT_THIN_H
#define PT_THIN_H

#include <stdbool.h>
#include <stdint.h>

/* Once for each append. True: the log takes only some of its documents. */
bool pt_thin_begin(uint64_t committed_bytes, uint64_t bytes, int64_t documents);

/* Whether the log takes a document of a kind that has totals; `end` of the run of documents in
 * which it lies. */
bool pt_thin_keeps(const uint8_t *document, const uint8_t *end);

/* In the child of a fork, and when the log begins again. */
void pt_thin_forget(void);

#endif
