/* SPDX-License-Identifier: Apache-2.0 */
#include "base/progress.h"

#include <stdatomic.h>

static _Atomic int64_t read_bytes;

void pt_progress_add(int64_t bytes)
{
    atomic_fetch_add_explicit(&read_bytes, bytes, memory_order_relaxed);
}

int64_t pt_progress_bytes(void)
{
    return atomic_load_explicit(&read_bytes, memory_order_relaxed);
}
