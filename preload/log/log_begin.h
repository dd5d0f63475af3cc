/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log_begin.h: what every log file begins with: the manifest, and the names known so far. A process
 * begins one log when its recording starts; it begins again when somebody truncated the file.
 */
#ifndef PT_LOG_BEGIN_H
#define PT_LOG_BEGIN_H

#include <stdint.h>

#include "phasetap/log_format.h"

/* For the log that was created last. `manifest` is kept by reference. *bytes: the log's length
 * then. On the thread that starts the recording. */
enum pt_reason pt_log_begin(const void *manifest, uint32_t manifest_bytes, uint64_t *bytes);

/* The same once more, into an empty file. Under the flush lock. */
enum pt_reason pt_log_begin_again(int fd, uint64_t *bytes);

#endif
