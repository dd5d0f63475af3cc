/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MASKER_OPTIONS_H
#define MASKER_OPTIONS_H

/*
 * Command line and configuration file. Every option has one line in the table of options.c, from
 * which parsing, range checks, the configuration file (same names, JSON) and --help come.
 */

#include <stdbool.h>
#include <stdint.h>

typedef enum { MODE_NONE, MODE_COPY, MODE_IN_PLACE } run_mode;

/* All strings are owned by the options. */
typedef struct {
    char *uri;
    char *db;
    char *collections;       /* comma-separated names */
    char *mode_name;         /* "copy", "in-place" or NULL; see `mode` */
    char *rules;             /* file, NULL when not given */
    char *checkpoint;        /* file, NULL: none */
    char *ground_truth;      /* file, NULL: none */
    uint32_t batch_size;     /* documents per bulk write; 0 until options_parse() has filled in the
                                default */
    uint32_t read_batch;     /* documents per cursor batch */
    uint32_t workers;        /* 0: single-threaded with a single client */
    uint32_t queue_delay_ms; /* pause of the reader before each fetch */
    uint32_t generate;       /* documents to generate per collection; 0: none */
    uint64_t seed;           /* of the generator */
    bool resume;
    bool drop;
    bool no_ping;
    bool verbose;
    bool help;
    bool version;
    run_mode mode; /* derived: what to do after generating */
} options;

/*
 * Fills `result` from the arguments (a --config file first, so that arguments win). False after an
 * error message. Release with options_release() in both cases.
 */
bool options_parse(options *result, int argument_count, char **arguments);
void options_release(options *result);

/* Usage on standard output. */
void options_print_help(void);

#endif
