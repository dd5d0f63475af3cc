/* SPDX-License-Identifier: Apache-2.0 */
/* liveness.h: whether the process that wrote a log is still running, judged by its pid, its start
 * time and the boot id. */
#ifndef PHASETAP_LIVENESS_H
#define PHASETAP_LIVENESS_H

#include <stdbool.h>
#include <stdint.h>

#include <phasetap/ring_format.h>

enum pt_owner_state {
    PT_OWNER_GONE,
    PT_OWNER_LIVES,
    PT_OWNER_UNKNOWN, /* of another boot, machine or container, or hidden from this user */
};

/* The process that writes into a ring. GONE only if that is certain. */
enum pt_owner_state pt_owner_state(const struct pt_ring_owner *owner);

/* Also false after a reboot, if /proc cannot be read, and for a zombie that has no
 * other thread. */
bool pt_process_lives(int64_t pid, int64_t start_ticks, const char *boot_id);

/* The same for a process of any pid namespace, by the number of that namespace (0: ours): a
 * container's process has another pid here. False also where the namespace cannot be seen from
 * ours. */
bool pt_process_lives_in(int64_t pid_namespace, int64_t pid, int64_t start_ticks,
                         const char *boot_id);

#endif
