/* SPDX-License-Identifier: Apache-2.0 */
/*
 * time_namespace.h: by how much CLOCK_MONOTONIC of this process is ahead of that of the machine
 * (time_namespaces(7)). The number of a namespace does not identify a clock: the kernel gives it
 * again. Once, when the recording starts.
 */
#ifndef PT_TIME_NAMESPACE_H
#define PT_TIME_NAMESPACE_H

#include <stdbool.h>
#include <stdint.h>

/* False: it cannot be told. `inode` is that of /proc/self/ns/time, 0: there is none. */
bool pt_time_offset(int64_t inode, int64_t *ret_ns);

#endif
