/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/watch_screen.h"

#ifdef PHASETAP_CURSES

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "watch/watch_stop.h"

#define YELLOW_PAIR 1
#define RED_PAIR    2
#define CYAN_PAIR   3

static SCREEN *screen;
static bool utf8;
static volatile sig_atomic_t stop_wanted;

static void want_stop(int signal)
{
    (void)signal;
    stop_wanted = 1;
}

/* Not that of ncurses, which ignores a Ctrl-Z that is typed while it writes. A signal that is
 * ignored for this process stays ignored. */
static void handle_stop(void (*handler)(int))
{
    struct sigaction before;
    struct sigaction action = {.sa_handler = handler};
    sigemptyset(&action.sa_mask);
    if (sigaction(SIGTSTP, NULL, &before) == 0 && before.sa_handler != SIG_IGN) {
        sigaction(SIGTSTP, &action, NULL);
    }
}

/* Returns when the process was continued. */
static void stop(void)
{
    stop_wanted = 0;
    endwin();
    handle_stop(SIG_DFL);
    raise(SIGTSTP);
    handle_stop(want_stop);
    clearok(stdscr, TRUE);
    refresh();
}

bool pt_watch_screen_is_built(void)
{
    return true;
}

/* Default colours: never white on white. */
static void set_colours(void)
{
    const char *refused = getenv("NO_COLOR");
    if ((refused == NULL || refused[0] == '\0') && has_colors() && start_color() == OK &&
        use_default_colors() == OK) {
        init_pair(YELLOW_PAIR, COLOR_YELLOW, -1);
        init_pair(RED_PAIR, COLOR_RED, -1);
        init_pair(CYAN_PAIR, COLOR_CYAN, -1);
    }
}

bool pt_watch_screen_open(void)
{
    const char *term = getenv("TERM");
    bool dumb = term == NULL || term[0] == '\0' || strcmp(term, "dumb") == 0;
    if (dumb || isatty(STDIN_FILENO) != 1 || isatty(STDOUT_FILENO) != 1) {
        return false;
    }
    setlocale(LC_CTYPE, "");
    utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    handle_stop(want_stop);
    screen = newterm(NULL, stdout, stdin);
    if (screen == NULL) {
        handle_stop(SIG_DFL);
        return false;
    }
    cbreak();
    noecho();
    nodelay(stdscr, TRUE);
    keypad(stdscr, TRUE);
    curs_set(0);
    set_colours();
    return true;
}

void pt_watch_screen_close(void)
{
    if (screen != NULL) {
        endwin();
        delscreen(screen);
        screen = NULL;
        handle_stop(SIG_DFL);
    }
}

void pt_watch_screen_size(struct pt_view *view)
{
    getmaxyx(stdscr, view->height, view->width);
}

static attr_t look_of(enum pt_style style)
{
    switch (style) {
    case PT_BOLD:
        return A_BOLD;
    case PT_WARN:
        return COLOR_PAIR(YELLOW_PAIR);
    case PT_BAD:
        return COLOR_PAIR(RED_PAIR);
    case PT_KEY:
        return COLOR_PAIR(CYAN_PAIR);
    default:
        return A_NORMAL;
    }
}

/* A terminal that is not known to show UTF-8 gets a question mark for each character. */
static void put_text(const char *text)
{
    for (const char *at = text; !utf8 && *at != '\0'; at++) {
        unsigned char c = (unsigned char)*at;
        if (c < 0x80 || c >= 0xC0) {
            addch(c < 0x80 ? c : '?');
        }
    }
    if (utf8) {
        addstr(text);
    }
}

void pt_watch_screen_put(const struct pt_view *view)
{
    erase();
    for (int row = 0; row < view->count; row++) {
        move(row, 0);
        attrset((int)look_of(view->rows[row].style));
        put_text(view->rows[row].text);
    }
    attrset(A_NORMAL);
    refresh();
}

static enum pt_watch_key key_of(int key)
{
    static const struct {
        int code;
        enum pt_watch_key key;
    } keys[] = {
        {'q', PT_KEY_QUIT},          {'Q', PT_KEY_QUIT},          {'p', PT_KEY_PAUSE},
        {'s', PT_KEY_SORT},          {'\t', PT_KEY_NEXT},         {KEY_UP, PT_KEY_UP},
        {KEY_DOWN, PT_KEY_DOWN},     {KEY_PPAGE, PT_KEY_PAGE_UP}, {KEY_NPAGE, PT_KEY_PAGE_DOWN},
        {KEY_RESIZE, PT_KEY_RESIZED}};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (keys[i].code == key) {
            return keys[i].key;
        }
    }
    return PT_KEY_NONE;
}

/* Its own wait, since that of ncurses returns at once for ever when the terminal is gone. */
enum pt_watch_key pt_watch_screen_key(int64_t wait_ns)
{
    int key = getch();
    if (key == ERR) {
        enum pt_watch_woken woken = pt_watch_wait(STDIN_FILENO, wait_ns);
        if (stop_wanted != 0) {
            stop();
        }
        key = getch();
        if (woken == PT_WOKEN_BY_HANGUP || (woken == PT_WOKEN_BY_INPUT && key == ERR)) {
            return PT_KEY_QUIT;
        }
    }
    return key_of(key);
}

#else

bool pt_watch_screen_is_built(void)
{
    return false;
}

bool pt_watch_screen_open(void)
{
    return false;
}

void pt_watch_screen_close(void)
{
}

void pt_watch_screen_size(struct pt_view *view)
{
    view->width = PT_PAGE_DEFAULT;
    view->height = 24;
}

void pt_watch_screen_put(const struct pt_view *view)
{
    (void)view;
}

enum pt_watch_key pt_watch_screen_key(int64_t wait_ns)
{
    (void)wait_ns;
    return PT_KEY_QUIT;
}

#endif
