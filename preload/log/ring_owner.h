/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ring_owner.h: whose ring it is (docs/FORMAT.md, "The ring"), and whether that process is gone.
 *
 * A few small reads of /proc. No state; any thread, when the recording starts or in the writer.
 */
#ifndef PT_RING_OWNER_H
#define PT_RING_OWNER_H

#include <stdbool.h>

#include "phasetap/ring_format.h"

/* This process, and the log at `log_path`. */
void pt_ring_owner_fill(struct pt_ring_owner *owner, const char *log_path);

/* True only if it is certain that no thread of the owner runs any more. `self` is this process: of
 * an owner in another pid namespace, or of another boot, nothing is certain. Changes errno. */
bool pt_ring_owner_is_gone(const struct pt_ring_owner *owner, const struct pt_ring_owner *self);

#endif
