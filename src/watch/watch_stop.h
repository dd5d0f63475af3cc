/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch_stop.h: the signals that end watching, and waiting without missing one. SIGINT, SIGTERM and
 * SIGHUP set a flag, once: a second one has its default action. They interrupt a wait at once, and
 * a log that is just being read within a document. SIGTSTP, SIGCONT and SIGWINCH are the screen's.
 * One thread.
 */
#ifndef PHASETAP_WATCH_STOP_H
#define PHASETAP_WATCH_STOP_H

#include <stdbool.h>
#include <stdint.h>

void pt_watch_stop_on_signals(void);
bool pt_watch_is_stopped(void);

enum pt_watch_woken { PT_WOKEN_BY_TIME, PT_WOKEN_BY_INPUT, PT_WOKEN_BY_SIGNAL, PT_WOKEN_BY_HANGUP };

/* Waits until `fd` (-1: none) can be read, a signal comes, or the time is over. */
enum pt_watch_woken pt_watch_wait(int fd, int64_t wait_ns);

#endif
