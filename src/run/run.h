/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run.h: the parts of `phasetap run`, in the order of their use. One thread. docs/RUN.md describes
 * the behaviour that they implement together.
 *
 *     run_options.c   flags made from the table of options
 *     run_output.c    where the log goes
 *     run_listener.c  the socket on which preload objects report (preload/base/handshake.h)
 *     run_child.c     starts the program, waits for it
 *     run_signals.c   signals and job control while it runs; run_probe.c: who else got a signal
 *     run_news.c      what the preload objects reported
 *     run_finish.c    completes the logs
 *     run_tell.c      what the user is told; run_doubt.c: why the log may be missing
 *     run_end.c       ends this process as the program ended
 */
#ifndef PHASETAP_RUN_H
#define PHASETAP_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "text/args.h"
#include "model/unseen_text.h"

/* ---- options: one or two flags for each row of PT_OPTIONS ---- */

#define PT_RUN_FLAGS_HIGHEST 64

/* Fills `flags` with those of the option table, then with `own` up to its end; ends the list. */
void pt_run_flags(struct pt_flag flags[PT_RUN_FLAGS_HIGHEST], const struct pt_flag *own);
/* Checks the values that were given. 0, or 125 after an error message. */
int pt_run_options_check(void);
/* Puts what was given into the environment, as PHASETAP_<NAME>. In the child. */
void pt_run_options_export(void);
/* False when a flag or PHASETAP_ENABLE switches the recording off. */
bool pt_run_options_enabled(void);

/* ---- output ---- */

/* Prepares the place of the log: `given` (from -o or the environment) or the default folder.
 * Returns the absolute path to be freed, or NULL after an error message. An existing log is
 * removed, any other file refused. */
char *pt_run_output(const char *given, bool quiet);

/* ---- news: what the preload objects reported ---- */

#define PT_RUN_LOGS_HIGHEST   256
#define PT_RUN_UNSEEN_HIGHEST 16
#define PT_RUN_OFF_HIGHEST    16
#define PT_RUN_NAME_BYTES     17 /* a process's name as the kernel keeps it, with its final zero */

/* Who sent a line, as the kernel says: 0 and -1 when it belongs to another pid or user namespace.
 */
struct pt_run_sender {
    int64_t pid;
    int64_t uid;
};

enum pt_run_log_state {
    PT_RUN_LOG_GOOD,
    PT_RUN_LOG_LIVES,     /* its process still runs */
    PT_RUN_LOG_MISSING,   /* there is no such file, seen from here */
    PT_RUN_LOG_UNREADABLE /* `why` says why */
};

struct pt_run_log {
    char *path; /* as seen from here: under the sender's root, when that is another one */
    struct pt_run_sender sender;
    enum pt_run_log_state state;
    const char *why;
};

/* Processes that switched the recording off, for one reason under one user. */
struct pt_run_off {
    int32_t reason; /* enum pt_reason */
    struct pt_run_sender first;
    int64_t count;
};

struct pt_run_news {
    int64_t loads;                      /* programs that the preload object was loaded into */
    char child_name[PT_RUN_NAME_BYTES]; /* the direct child's when we were last loaded into it */
    struct pt_run_log logs[PT_RUN_LOGS_HIGHEST];
    size_t log_count;
    int64_t logs_beyond; /* reported when `logs` was full */
    struct pt_unseen_driver unseen[PT_RUN_UNSEEN_HIGHEST];
    size_t unseen_count;
    struct pt_run_off off[PT_RUN_OFF_HIGHEST];
    size_t off_count;
    int64_t calls; /* of the driver, that the logs tell of */
};

/* Takes one line, without the token. `child`: the direct child. Changes `line`. */
void pt_run_news_take(struct pt_run_news *news, char *line, struct pt_run_sender sender,
                      pid_t child);
/* Adds a log; a path that is there already is ignored. */
void pt_run_news_add_log(struct pt_run_news *news, const char *path, struct pt_run_sender sender);
void pt_run_news_release(struct pt_run_news *news);

/* ---- listener ---- */

#define PT_RUN_ADDRESS_BYTES   96
#define PT_RUN_WAITING_HIGHEST 64

struct pt_run_listener {
    int fd;
    char address[PT_RUN_ADDRESS_BYTES];  /* the value of PHASETAP_HANDSHAKE */
    int waiting[PT_RUN_WAITING_HIGHEST]; /* connections whose message has not come yet */
    size_t waiting_count;
};

/* False, with errno, when no socket can be had; the other functions then do nothing. */
bool pt_run_listener_open(struct pt_run_listener *listener);
/* Takes every line that waits. Never blocks. */
void pt_run_listener_drain(struct pt_run_listener *listener, struct pt_run_news *news, pid_t child);
/* The same for the last time: waits a moment for a sender that has only connected yet. */
void pt_run_listener_finish(struct pt_run_listener *listener, struct pt_run_news *news,
                            pid_t child);
void pt_run_listener_close(struct pt_run_listener *listener);

/* ---- child ---- */

struct pt_run_plan {
    char **arguments; /* of the program, ends in NULL */
    char *preload;    /* path of libphasetap.so */
    char *audit;      /* path of libphasetap-audit.so, NULL: without it */
    char *output;     /* absolute */
    struct pt_run_listener listener;
};

struct pt_run_result {
    pid_t pid;
    int status;                        /* exit status, -1 when killed */
    int signal;                        /* 0 when not killed */
    int64_t ended_ns;                  /* CLOCK_MONOTONIC when its end was seen */
    int exec_error;                    /* errno of a program that could not be started, else 0 */
    char last_name[PT_RUN_NAME_BYTES]; /* of the process when it ended; empty: not known */
};

/* Starts the program, waits for it, forwards signals to it, and takes the news. False, with errno,
 * when no process could be made. */
bool pt_run_child(struct pt_run_plan *plan, struct pt_run_news *news,
                  struct pt_run_result *ret_result);

/* ---- afterwards ---- */

/* Looks at each log; cuts the hole off those of processes that were killed, and writes how the
 * direct child ended behind its own. Counts the calls in them. `output`: where logs may lie that
 * nobody reported. */
void pt_run_finish(struct pt_run_news *news, const struct pt_run_result *result,
                   const char *output);

/* Where the logs are and what comes next; why calls, or all of them, were not seen. */
void pt_run_tell(const struct pt_run_news *news, const struct pt_run_plan *plan,
                 const struct pt_run_result *result);

/* Why there is no log: what is known, and what is not. */
void pt_run_tell_no_log(const struct pt_run_news *news, const struct pt_run_plan *plan,
                        const struct pt_run_result *result);

/* The exit status of the program. When a signal ended it, the same signal ends this process,
 * without a core file; 128 + signal is returned where the signal cannot. */
int pt_run_end(const struct pt_run_result *result);

#endif
