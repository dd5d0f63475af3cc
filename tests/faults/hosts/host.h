/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host.h: what the parts of the general host program share.
 *
 * `host URI STEP...` executes its steps in order; a step is a word, `name` or `name=argument`. Some
 * open a block that a later step `}` closes: the steps between are those of a child process.
 * Everything that a step did goes to standard output, unbuffered, one line a step, with the name of
 * errno where a system call failed. Nothing in the output depends on time, process numbers or
 * addresses, so the output of a bare run and that of a profiled one can be compared byte by byte.
 *
 * Exit status: 0 after the last step; 120 for a wrong command line; what a step asks for otherwise.
 */
#ifndef HOST_H
#define HOST_H

#include <mongoc/mongoc.h>

#include <stdbool.h>
#include <sys/types.h>

struct host_step {
    const char *name;                  /* a name ending in `{` opens a block */
    void (*run)(const char *argument); /* "" when the step has none */
};

/* Each ends with a row whose name is NULL. */
extern const struct host_step host_work_steps[];
extern const struct host_step host_thread_steps[];
extern const struct host_step host_process_steps[];
extern const struct host_step host_limit_steps[];
extern const struct host_step host_identity_steps[];
extern const struct host_step host_signal_steps[];
extern const struct host_step host_end_steps[];

extern const char *host_uri;

/* host.c. A line of standard output, by one write(2): no buffer that a fork would copy. */
void host_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Says `what: ok`, or `what: ` and the name of errno. */
void host_result(const char *what, bool good);

/* Ends the process with status 120 and a sentence on standard error: the command line is wrong. */
void host_refuse(const char *what) __attribute__((noreturn));

/* A number with an optional suffix K or M (powers of 1024). */
long host_number(const char *text);

/* Executes the steps up to the brace that closes the block just opened. The next step is then the
 * one behind it. */
void host_block(void);

/* Passes over that block. */
void host_skip_block(void);

/* All steps not executed yet, for a program that replaces this one. NULL-terminated. */
char **host_rest(void);

/* host_work.c. This process's own client, made at the first call after start or fork; main thread
 * only. */
mongoc_client_t *host_client(void);

/* `count` inserts into the collection `work`, or `name`; returns how many failed. */
int host_inserts(mongoc_client_t *client, const char *name, int count);

/* host_process.c. Waits for the child; its exit status, or 128 and the number of its signal. */
int host_status_of(pid_t child);

/* host_signals.c. The signal's number, from USR1, SEGV, ... */
int host_signal(const char *name);

#endif
