/* SPDX-License-Identifier: Apache-2.0 */
/* liveness.h: whether the process that wrote a log still lives, told from its pid, start time and
 * boot. */
#ifndef PHASETAP_LIVENESS_H
#define PHASETAP_LIVENESS_H

#include <stdbool.h>
#include <stdint.h>

/* False also when the boot differs, when /proc cannot be read, and for a process that has ended but
 * was not waited for. */
bool pt_process_lives(int64_t pid, int64_t start_ticks, const char *boot_id);

#endif
