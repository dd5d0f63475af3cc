/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock_state.h: the clock that a recording reads, as the preload object notes it in the CLOCK
 * documents of a log and as the report words it. S(id, CONSTANT, text); ids are part of the format.
 */
#ifndef PHASETAP_CLOCK_STATE_H
#define PHASETAP_CLOCK_STATE_H

#define PT_CLOCK_STATES(S)                                                                         \
    S(0, WAITING, "CLOCK_MONOTONIC: the time-stamp counter was not calibrated (a short run)")      \
    S(1, COUNTER, "the time-stamp counter")                                                        \
    S(2, UNWANTED, "CLOCK_MONOTONIC: PHASETAP_CLOCK=monotonic")                                    \
    S(3, NO_COUNTER, "CLOCK_MONOTONIC: this processor has no invariant time-stamp counter")        \
    S(4, SOURCE,                                                                                   \
      "CLOCK_MONOTONIC: the time-stamp counter cannot be used, because it is not the kernel's "    \
      "clock source")                                                                              \
    S(5, UNSTEADY,                                                                                 \
      "CLOCK_MONOTONIC: the time-stamp counter cannot be used, because its rate varies by more "   \
      "than 0.1 %")                                                                                \
    S(6, STEPPED,                                                                                  \
      "CLOCK_MONOTONIC: the time-stamp counter cannot be used any more, because it moved against " \
      "CLOCK_MONOTONIC (suspend, migration of the virtual machine, or a change of clock source)")  \
    S(7, BACKWARDS,                                                                                \
      "CLOCK_MONOTONIC: the time-stamp counter cannot be used any more, because it went "          \
      "backwards")

enum pt_clock_state {
#define PT_CLOCK_STATE_ENUM(id, constant, text) PT_CLOCK_##constant = (id),
    PT_CLOCK_STATES(PT_CLOCK_STATE_ENUM)
#undef PT_CLOCK_STATE_ENUM
};

#endif
