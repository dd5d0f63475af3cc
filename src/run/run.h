/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run.h: the parts of `phasetap run`: options (run_options.c), where the log goes (run_output.c),
 * the child (run_child.c), and what is done with the logs when it has ended (run_finish.c). One
 * thread.
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

/* ---- output ---- */

/* Prepares the place of the log: `given` (from -o or the environment) or the default folder.
 * Returns the absolute path to be freed, or NULL after an error message. An existing log is
 * removed, any other file refused. */
char *pt_run_output(const char *given, bool quiet);

/* ---- child ---- */

struct pt_run_plan {
    char **arguments; /* of the program, ends in NULL */
    char *preload;    /* path of libphasetap.so */
    char *audit;      /* path of libphasetap-audit.so, NULL: without it */
    char *first;      /* a library that must be loaded even before the preload object, NULL: none */
    char *output;     /* absolute */
    int handshake;    /* descriptor in which preload objects leave lines */
};

struct pt_run_result {
    pid_t pid;
    int status;     /* exit status, -1 when killed */
    int signal;     /* 0 when not killed */
    int exec_error; /* errno of a program that could not be started, else 0 */
};

/* Starts the program and waits for it. SIGINT and SIGQUIT are the program's business, SIGTERM and
 * SIGHUP are handed on to it. False when no process could be made. */
bool pt_run_child(const struct pt_run_plan *plan, struct pt_run_result *ret_result);

/* ---- afterwards ---- */

#define PT_RUN_LOGS_HIGHEST   256
#define PT_RUN_UNSEEN_HIGHEST 16

/* What the preload objects told. */
struct pt_run_news {
    bool loaded;
    char *logs[PT_RUN_LOGS_HIGHEST];
    size_t log_count;
    struct pt_unseen_driver unseen[PT_RUN_UNSEEN_HIGHEST];
    size_t unseen_count;
    int64_t calls;      /* of the driver, that the logs tell of */
    int32_t off_reason; /* enum pt_reason of the first one that switched itself off; 0: none */
    int64_t off_pid;
};

void pt_run_news_read(struct pt_run_news *news, int handshake);
void pt_run_news_release(struct pt_run_news *news);

/* Cuts the hole off the logs of processes that were killed, and writes how the direct child ended
 * behind its own. Counts the calls in the logs. */
void pt_run_finish(struct pt_run_news *news, const struct pt_run_result *result);

/* Where the logs are and what comes next; why calls, or all of them, were not seen. `audited`:
 * under --audit. */
void pt_run_tell(const struct pt_run_news *news, const char *program, bool audited);

#endif
