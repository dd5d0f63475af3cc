/* SPDX-License-Identifier: Apache-2.0 */
/*
 * progress.h: how many bytes of logs this process has read so far, for those who wait. One counter
 * for all readers; any thread.
 */
#ifndef PHASETAP_PROGRESS_H
#define PHASETAP_PROGRESS_H

#include <stdint.h>

void pt_progress_add(int64_t bytes);
int64_t pt_progress_bytes(void);

#endif
