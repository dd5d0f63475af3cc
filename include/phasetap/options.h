/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.h: the one table of options. The preload object reads each option from the environment
 * variable PHASETAP_<NAME>; `phasetap run` offers it as a flag and passes it on as that variable.
 * `phasetap run --help`, docs/OPTIONS.md and the messages about wrong values come from this table
 * too. option_value.h holds the grammar of values. No behaviour here.
 *
 * O(NAME, kind, default, minimum, maximum, words, help). Kinds:
 *
 *   PATH     text; bounds unused
 *   SECONDS  a time, kept in nanoseconds
 *   BYTES    a size, kept in bytes
 *   SWITCH   kept as 0 or 1
 *   ROTATION a size and a count, kept as PT_ROTATION(bytes, count); 0: off
 *   CHOICE   one of `words`, lower case, separated by '|'; kept as its position, from 0; maximum
 *            is the last position
 *
 * Default and bounds are in the unit kept. `words` is "" for every kind but CHOICE.
 */
#ifndef PHASETAP_OPTIONS_H
#define PHASETAP_OPTIONS_H

#include <stdint.h>

#define PT_SECOND_NS 1000000000LL
#define PT_MIB       (1024LL * 1024LL)

/* The value of NAMES: its word's position. */
enum pt_names_mode { PT_NAMES_PLAIN, PT_NAMES_ALIAS, PT_NAMES_HASH };

/* The value of a ROTATION: whole KiB, and a count below 1024 in the lowest bits. */
#define PT_ROTATION(bytes, count) (((bytes) & ~1023LL) | (count))
#define PT_ROTATION_BYTES(value)  ((value) & ~1023LL)
#define PT_ROTATION_COUNT(value)  ((int)((value) & 1023LL))
#define PT_ROTATION_DEFAULT_COUNT 4
#define PT_ROTATION_BYTES_LOWEST  65536LL

#define PT_OPTIONS(O)                                                                              \
    O(ENABLE, SWITCH, 1, 0, 1, "", "0 keeps phasetap switched off in this process")                \
    O(OUTPUT, PATH, 0, 0, 0, "",                                                                   \
      "log file of the first process, or an existing folder for a log each (default: "             \
      "$XDG_STATE_HOME/phasetap)")                                                                 \
    O(INTERVAL, SECONDS, 5 * PT_SECOND_NS, 10 * 1000000LL, 3600 * PT_SECOND_NS, "",                \
      "time between two samples of resources (10ms to 1h)")                                        \
    O(SAMPLER, SWITCH, 1, 0, 1, "", "0 takes no samples of resources")                             \
    O(WRITER, SWITCH, 1, 0, 1, "",                                                                 \
      "0 starts no thread in the program: its own threads write the log when they fill a chunk")   \
    O(RING, CHOICE, 0, 0, 1, "memory|log",                                                         \
      "where the newest events lie until they are in the log: a file in /dev/shm, or one beside "  \
      "the log, which survives the end of a container")                                            \
    O(LIMIT, BYTES, 256 * PT_MIB, PT_MIB, 64 * 1024 * PT_MIB, "",                                  \
      "largest size of a log; near it entries are thinned, totals stay exact")                     \
    O(SYNC, SECONDS, 0, 0, 3600 * PT_SECOND_NS, "",                                                \
      "how often what was appended is synced to the disk, so that it survives a power loss; 0: "   \
      "never")                                                                                     \
    O(ROTATE, ROTATION, 0, 0, 64 * 1024 * PT_MIB + 1000, "",                                       \
      "begin a new log file when this one has the size, and keep so many older ones (64M:5); "     \
      "takes the place of PHASETAP_LIMIT")                                                         \
    O(FOLLOW, SWITCH, 1, 0, 1, "", "0 records the first process only, not its forked children")    \
    O(CPU_CLOCK, SWITCH, 1, 0, 1, "",                                                              \
      "0 does not read thread CPU time around calls: waiting then counts as computing")            \
    O(CLOCK, CHOICE, 0, 0, 1, "auto|monotonic",                                                    \
      "monotonic never reads the time-stamp counter in place of CLOCK_MONOTONIC")                  \
    O(NAMES, CHOICE, 0, 0, 2, "plain|alias|hash",                                                  \
      "names of databases, collections, programs and hosts in the log: as they are; as tokens "    \
      "that the file LOG.names translates back; or as tokens that nothing translates, which an "   \
      "invalid value means too")

/*
 * PHASETAP_* variables that are no options, so that the preload object does not report them as
 * unknown. The first group belongs to the tool, the second to the project's tests and scripts.
 */
#define PT_OTHER_VARIABLES(V)                                                                      \
    V(CONFIG)    /* configuration file of the tool */                                              \
    V(HANDSHAKE) /* where the objects report to `phasetap run`, which sets it */                   \
    V(RUN)       /* id of the run, 32 hexadecimal digits; `phasetap run` sets it */                \
    V(PRELOAD)   /* where the tool finds libphasetap.so */                                         \
    V(BSONDUMP)                                                                                    \
    V(BUILD)                                                                                       \
    V(CACHE)                                                                                       \
    V(DEMO_PATIENTS)                                                                               \
    V(DRIVER_SOURCES)                                                                              \
    V(FERRETDB_WATCHED)                                                                            \
    V(KILLS)                                                                                       \
    V(TEST_DRIVER)                                                                                 \
    V(TEST_METRICS)                                                                                \
    V(TEST_URI)

/* Characters of the id of a run. */
#define PT_RUN_ID_CHARS 32
/* Characters of the ids in TRACEPARENT, which is no option: the variable of W3C Trace Context. */
#define PT_TRACE_ID_CHARS  32
#define PT_SPAN_ID_CHARS   16

#define PT_VARIABLE_PREFIX "PHASETAP_"
/* Room for the name of a variable. A longer name is no misspelt option. */
#define PT_VARIABLE_BYTES 64

enum pt_value_kind {
    PT_VALUE_PATH,
    PT_VALUE_SECONDS,
    PT_VALUE_BYTES,
    PT_VALUE_SWITCH,
    PT_VALUE_CHOICE,
    PT_VALUE_ROTATION,
};

struct pt_option {
    const char *variable; /* PHASETAP_NAME */
    enum pt_value_kind kind;
    int64_t default_value, minimum, maximum;
    const char *words;
    const char *help;
};

enum pt_option_id {
#define PT_OPTION_ID(name, kind, default_value, minimum, maximum, words, help) PT_OPTION_##name,
    PT_OPTIONS(PT_OPTION_ID)
#undef PT_OPTION_ID
        PT_OPTION_COUNT
};

__attribute__((unused)) static const struct pt_option pt_option_table[PT_OPTION_COUNT] = {
#define PT_OPTION_ROW(name, kind, default_value, minimum, maximum, words, help)                    \
    {PT_VARIABLE_PREFIX #name, PT_VALUE_##kind, default_value, minimum, maximum, words, help},
    PT_OPTIONS(PT_OPTION_ROW)
#undef PT_OPTION_ROW
};

/* What an invalid value means: the default, and of NAMES what tells least. */
static inline int64_t pt_option_fallback(const struct pt_option *option)
{
    return option == &pt_option_table[PT_OPTION_NAMES] ? PT_NAMES_HASH : option->default_value;
}

#endif
