/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.h: the one table of options. The preload object reads each from the environment variable
 * PHASETAP_<NAME>; `phasetap run` offers it as a flag and passes it on as that variable; `phasetap
 * run --help` and docs/OPTIONS.md are made from this table.
 *
 * O(NAME, kind, default, minimum, maximum, help). Kinds: PATH (text), SECONDS (number with optional
 * `ms` or `s`, kept in ns), BYTES (number with optional K, M or G, powers of 1024), SWITCH (0/1,
 * no/yes, off/on). Bounds are in the unit kept; 0 and 0 where they mean nothing. An invalid value
 * counts as unset.
 */
#ifndef PHASETAP_OPTIONS_H
#define PHASETAP_OPTIONS_H

#define PT_SECOND_NS 1000000000LL
#define PT_MIB       (1024LL * 1024LL)

#define PT_OPTIONS(O)                                                                              \
    O(ENABLE, SWITCH, 1, 0, 1, "0 keeps phasetap switched off in this process")                    \
    O(OUTPUT, PATH, 0, 0, 0,                                                                       \
      "log file of the first process, or an existing folder for a log each (default: "             \
      "$XDG_STATE_HOME/phasetap)")                                                                 \
    O(INTERVAL, SECONDS, 5 * PT_SECOND_NS, 10 * 1000000LL, 3600 * PT_SECOND_NS,                    \
      "time between two samples of resources (10ms to 1h)")                                        \
    O(SAMPLER, SWITCH, 1, 0, 1, "0 starts no sampler thread")                                      \
    O(LIMIT, BYTES, 256 * PT_MIB, PT_MIB, 64 * 1024 * PT_MIB,                                      \
      "largest size of a log; what comes after it is counted, not kept")                           \
    O(FOLLOW, SWITCH, 1, 0, 1, "0 records the first process only, not its forked children")        \
    O(CPU_CLOCK, SWITCH, 1, 0, 1,                                                                  \
      "0 does not read thread CPU time around calls: waiting then counts as computing")            \
    O(SIGBUS_GUARD, SWITCH, 1, 0, 1,                                                               \
      "0 leaves SIGBUS alone: truncating a log that is being written then ends the program")

#endif
