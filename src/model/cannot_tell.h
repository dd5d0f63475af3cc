/* SPDX-License-Identifier: Apache-2.0 */
/* cannot_tell.h: what of the partition could not be told, and why. */
#ifndef PHASETAP_CANNOT_TELL_H
#define PHASETAP_CANNOT_TELL_H

#include "model/model.h"

#define PT_CANNOT_TELL(W)                                                                          \
    W(NO_SCHED, READY,                                                                             \
      "time ready without a CPU, as the kernel has no /proc/PID/task/TID/schedstat; it is in the " \
      "parts that wait")                                                                           \
    W(UNSAMPLED, READY,                                                                            \
      "time ready without a CPU, as PHASETAP_SAMPLER was off; it is in the parts that wait")       \
    W(LOG_ENDS, READY,                                                                             \
      "time ready without a CPU, as the log ends before the thread was read a second time; it is " \
      "in the parts that wait")                                                                    \
    W(ONE_READING, READY,                                                                          \
      "time ready without a CPU, as the thread was read only once; it is in the parts that wait")  \
    W(NO_CPU_CLOCK, DRIVER,                                                                        \
      "CPU time inside calls, as PHASETAP_CPU_CLOCK was off; 'driver' is what was no command")
enum pt_cannot_tell {
#define PT_CANNOT_TELL_ENUM(constant, part, text) PT_CANNOT_TELL_##constant,
    PT_CANNOT_TELL(PT_CANNOT_TELL_ENUM)
#undef PT_CANNOT_TELL_ENUM
        PT_CANNOT_TELL_COUNT
};

/* For how many threads. */
int64_t pt_model_cannot_tell(const struct pt_model *model, enum pt_cannot_tell why);
/* What cannot be told and the reason, without a full stop; the part that is wrong for it. */
const char *pt_cannot_tell_text(enum pt_cannot_tell why);
enum pt_part pt_cannot_tell_part(enum pt_cannot_tell why);

#endif
