/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch_screen.h: the terminal on which a watch screen is shown, by ncurses. The only file that
 * knows of ncurses; a tool that was built without it (PHASETAP_CURSES is not defined) has no
 * screen, and prints lines instead.
 *
 * The terminal is as it was before once the screen is closed, and while the process is stopped
 * (SIGTSTP). One screen at a time, one thread.
 */
#ifndef PHASETAP_WATCH_SCREEN_H
#define PHASETAP_WATCH_SCREEN_H

#include "watch/watch_view.h"

enum pt_watch_key {
    PT_KEY_NONE,
    PT_KEY_QUIT,
    PT_KEY_PAUSE,
    PT_KEY_SORT,
    PT_KEY_NEXT,
    PT_KEY_UP,
    PT_KEY_DOWN,
    PT_KEY_PAGE_UP,
    PT_KEY_PAGE_DOWN,
    PT_KEY_RESIZED,
};

bool pt_watch_screen_is_built(void);
/* False where the terminal cannot show a screen, or there is none; nothing was changed then. */
bool pt_watch_screen_open(void);
void pt_watch_screen_close(void);

/* Sets width and height. */
void pt_watch_screen_size(struct pt_view *view);
void pt_watch_screen_put(const struct pt_view *view);
/* The next key, or PT_KEY_NONE after that time or a signal. PT_KEY_QUIT once the terminal is gone.
 */
enum pt_watch_key pt_watch_screen_key(int64_t wait_ns);

#endif
