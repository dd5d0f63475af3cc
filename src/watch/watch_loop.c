/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/watch_loop.h"

#include <stdlib.h>
#include <time.h>

#include "text/time_text.h"
#include "watch/watch_line.h"
#include "watch/watch_screen.h"
#include "watch/watch_stop.h"

#define NEWS_NS   200000000LL  /* how often the kernel is asked whether a process has ended */
#define WINDOW_NS 5000000000LL /* of figures "now" on a screen */

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * PT_NS_PER_SECOND + now.tv_nsec;
}

void pt_watch_begin(struct pt_watch_list *list)
{
    pt_watch_list_look(list, now_ns());
}

/* Its first line, its last, and one at each interval between them. */
static void tell(struct pt_watch_process *watched, int64_t total, int64_t at_ns, FILE *out)
{
    if (!watched->read || watched->told) {
        return;
    }
    pt_watch_line(out, watched, total, pt_now_ns());
    pt_watch_process_mark(watched, at_ns, 0);
    watched->told = watched->over;
}

static void tell_all(const struct pt_watch_list *list, const struct pt_watch_plan *plan,
                     int64_t at_ns, bool all, FILE *out)
{
    for (size_t i = 0; i < list->count; i++) {
        struct pt_watch_process *watched = list->processes[i];
        bool is_new = watched->marks[0].at_ns == 0;
        if (all || is_new || watched->over) {
            tell(watched, list->count == 1 ? plan->total : 0, at_ns, out);
        }
    }
    fflush(out);
}

/* Until `until_ns`, or something has happened that is worth a look. */
static void wait_for_news(const struct pt_watch_list *list, int64_t until_ns)
{
    int64_t left_ns = until_ns - now_ns();
    while (left_ns > 0 && !pt_watch_is_stopped()) {
        pt_watch_wait(-1, pt_min(left_ns, NEWS_NS));
        left_ns = pt_watch_list_has_news(list) ? 0 : until_ns - now_ns();
    }
}

void pt_watch_lines(struct pt_watch_list *list, const struct pt_watch_plan *plan, FILE *out)
{
    int64_t next_ns = now_ns();
    while (true) {
        int64_t at_ns = now_ns();
        bool due = at_ns >= next_ns;
        pt_watch_list_look(list, at_ns);
        bool last = pt_watch_is_stopped() || pt_watch_list_is_over(list);
        tell_all(list, plan, at_ns, due || last, out);
        if (last || ferror(out) != 0) {
            return;
        }
        next_ns += due ? plan->interval_ns : 0;
        next_ns = pt_max(next_ns, at_ns);
        wait_for_news(list, next_ns);
    }
}

static void scroll_by(struct pt_view_state *state, size_t rows, bool down)
{
    if (down) {
        state->scroll += rows;
    } else {
        state->scroll -= rows < state->scroll ? rows : state->scroll;
    }
}

/* True: the key ends the screen. */
static bool obey(enum pt_watch_key key, struct pt_view_state *state, const struct pt_view *view)
{
    size_t page = view->height > 8 ? (size_t)view->height / 2 : 4;
    switch (key) {
    case PT_KEY_QUIT:
        return true;
    case PT_KEY_PAUSE:
        state->paused = !state->paused;
        break;
    case PT_KEY_SORT:
        state->busiest = !state->busiest;
        break;
    case PT_KEY_NEXT: /* behind the last process all of them again */
        state->opened++;
        state->scroll = 0;
        break;
    case PT_KEY_UP:
    case PT_KEY_DOWN:
        scroll_by(state, 1, key == PT_KEY_DOWN);
        break;
    case PT_KEY_PAGE_UP:
    case PT_KEY_PAGE_DOWN:
        scroll_by(state, page, key == PT_KEY_PAGE_DOWN);
        break;
    default:
        break;
    }
    return false;
}

static void look(struct pt_watch_list *list, int64_t at_ns)
{
    pt_watch_list_look(list, at_ns);
    for (size_t i = 0; i < list->count; i++) {
        if (list->processes[i]->read) {
            pt_watch_process_mark(list->processes[i], at_ns, WINDOW_NS);
        }
    }
}

static void draw(struct pt_view *view, const struct pt_watch_list *list,
                 struct pt_view_state *state)
{
    pt_watch_screen_size(view);
    pt_watch_view(view, list, state);
    pt_watch_screen_put(view);
}

/* A key, or PT_KEY_NONE when it is time to look again. */
static enum pt_watch_key next_key(const struct pt_watch_list *list, int64_t until_ns)
{
    enum pt_watch_key key = PT_KEY_NONE;
    int64_t left_ns = until_ns - now_ns();
    while (key == PT_KEY_NONE && left_ns > 0 && !pt_watch_is_stopped()) {
        key = pt_watch_screen_key(pt_min(left_ns, NEWS_NS));
        left_ns = pt_watch_list_has_news(list) ? 0 : until_ns - now_ns();
    }
    return key;
}

void pt_watch_on_screen(struct pt_watch_list *list, const struct pt_watch_plan *plan)
{
    struct pt_view *view = calloc(1, sizeof *view);
    struct pt_view_state state = {.total = plan->total};
    int64_t next_ns = now_ns();
    bool over = view == NULL;
    while (!over && !pt_watch_is_stopped()) {
        if (now_ns() >= next_ns || (!state.paused && pt_watch_list_has_news(list))) {
            next_ns = now_ns() + plan->interval_ns;
            if (!state.paused) {
                look(list, now_ns());
            }
        }
        draw(view, list, &state);
        over = pt_watch_list_is_over(list) || obey(next_key(list, next_ns), &state, view);
    }
    free(view);
}
