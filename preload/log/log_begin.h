/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log_begin.h: what every log file begins with: the manifest, and the names known so far. A process
 * begins one log when its recording starts, and again with each further part (rotation.h).
 */
#ifndef PT_LOG_BEGIN_H
#define PT_LOG_BEGIN_H

#include <stdint.h>

#include "phasetap/log_format.h"

/* For the log that was created last. `manifest` is kept by reference and
 * changed by pt_log_number_part. *bytes: the log's length
 * then. On the thread that starts the recording. */
enum pt_reason pt_log_begin(void *manifest, uint32_t manifest_bytes, uint64_t *bytes);

/* Puts the number of the part into the manifest. */
void pt_log_number_part(uint32_t part);

/* The same once more, into another file or one that was truncated: what it holds is removed. Under
 * the flush lock. */
enum pt_reason pt_log_begin_again(int fd, uint64_t *bytes);

#endif
