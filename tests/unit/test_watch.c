/* SPDX-License-Identifier: Apache-2.0 */
/* What a watched process shows, from documents whose numbers are known. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report_case.h"
#include "watch/watch_figures.h"
#include "watch/watch_line.h"
#include "watch/watch_take.h"
#include "watch/watch_view.h"
#include "watch_case.h"

TestSuite(watch, .init = watch_case_start, .fini = watch_case_end);

static struct pt_watch_figures figures(int64_t total)
{
    struct pt_watch_figures made;
    pt_watch_figures_make(&made, watched, total);
    return made;
}

/* Not inlined: gcc 12 would take what open_memstream has stored in `text` for its address. */
__attribute__((noinline)) static char *line(int64_t total)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    pt_watch_line(out, watched, total, 1736002800LL * SECOND);
    fclose(out);
    return text;
}

static void expect_words(const char *const *words)
{
    char *text = line(0);
    for (; *words != NULL; words++) {
        cr_expect(ne(ptr, strstr(text, *words), NULL), "no '%s' in: %s", *words, text);
    }
    free(text);
}

Test(watch, reads_count_until_it_writes)
{
    take_query(1, SECOND, 100 * MS, 500);
    settle();
    cr_expect(eq(i64, figures(0).done, 500));
    cr_expect(not(figures(0).writes));
    take_insert(1, 2 * SECOND, 100 * MS, 120);
    take(MAKE(write, .th = 1, .q = 2, .ph = PT_PHASE_UPDATE, .mat = 7, .mod = 3, .ups = 1));
    take(MAKE(write, .th = 1, .q = 3, .ph = PT_PHASE_DELETION, .rem = 5));
    settle();
    cr_expect(eq(i64, watched->live.written, 128));
    cr_expect(eq(i64, watched->live.removed, 5));
    cr_expect(eq(i64, figures(0).done, 133));
    cr_expect(eq(i64, watched->live.read, 500));
}

Test(watch, writes_of_a_transaction_are_done_once_committed)
{
    const enum pt_txn_state ends[] = {PT_TXN_OPEN, PT_TXN_ABORTED, PT_TXN_OPEN, PT_TXN_COMMITTED};
    const int64_t done[] = {0, 0, 0, 7};
    for (int i = 0; i < 4; i++) {
        take(MAKE(txn, .th = 1, .q = i + 1, .ph = PT_PHASE_INSERTION, .st = (int32_t)ends[i],
                  .ops = 7, .ins = 7));
        settle();
        cr_expect(figures(0).writes);
        cr_expect(eq(i64, figures(0).done, done[i]));
    }
}

Test(watch, what_was_refused_failed_and_retried)
{
    take(MAKE(write, .th = 1, .q = 1, .ph = PT_PHASE_INSERTION, .ins = 10, .err = 2));
    take(MAKE(left, .th = 1, .q = 1, .ph = PT_PHASE_INSERTION, .ref = 3, .nat = 4));
    take(MAKE(error, .th = 1, .q = 1, .w = PT_ERROR_WRITE, .code = 11000, .n = 2));
    take(MAKE(command, .th = 1, .q = 2, .cmd = PT_COMMAND_insert, .rw = PT_ERROR_SERVER));
    settle();
    cr_expect(eq(i64, watched->live.refused, 5));
    cr_expect(eq(i64, watched->live.errors, 2));
    cr_expect(eq(i64, watched->live.retries, 1));
    cr_expect(eq(i64, figures(0).done, 10));
}

/* The same document lies in the ring at one look and in the log at the next. */
Test(watch, a_document_of_the_ring_counts_once)
{
    const void *span =
        MAKE(span, .th = 2, .q = 1, .ph = PT_PHASE_QUERY, .t = SECOND, .d = MS, .n = 40);
    take_query(1, SECOND, MS, 100);
    for (int i = 0; i < 3; i++) {
        settle();
        take_from_ring(span);
        cr_expect(eq(i64, figures(0).done, 140));
        cr_expect(eq(i64, figures(0).threads, 2));
    }
    take(span);
    settle();
    cr_expect(eq(i64, figures(0).done, 140));
    cr_expect(eq(i64, watched->live.calls, 2));
}

static int take_record(void *context, const struct pt_record *record)
{
    pt_watch_take(context, record);
    return 0;
}

/* Some of everything, on two threads. */
static void put_run(void)
{
    for (int q = 1; q <= 20; q++) {
        int64_t t_ns = SECOND + q * 100 * MS;
        int thread = 1 + q % 2;
        log_maker_put(&maker, thread,
                      MAKE(gap, .th = thread, .q = q, .t = t_ns - 80 * MS, .d = 70 * MS,
                           .cpu = 20 * MS, .rn = 5, .wn = 5));
        log_maker_put(&maker, thread,
                      MAKE(connection, .th = thread, .q = q, .st = q % 3 == 0, .t = t_ns - 10 * MS,
                           .d = 10 * MS));
        log_maker_put(&maker, thread,
                      MAKE(write, .th = thread, .q = q, .ph = PT_PHASE_INSERTION, .ins = 5,
                           .err = q % 4 == 0));
        log_maker_put(&maker, thread,
                      MAKE(span, .th = thread, .q = q, .c = 1, .t = t_ns, .d = 20 * MS,
                           .ph = q % 2 == 0 ? PT_PHASE_INSERTION : PT_PHASE_QUERY, .net = 15 * MS,
                           .cpu = 2 * MS, .wait = 3 * MS, .con = q % 5 == 0 ? MS : 0, .n = 5));
    }
}

/* Of a whole log, counts are those of the report. */
Test(watch, agrees_with_the_report_of_a_log)
{
    struct pt_log log;
    char path[64];
    report_case_start();
    put_run();
    snprintf(path, sizeof path, "/tmp/phasetap-watch-%d.bson", (int)getpid());
    log_maker_save(&maker, path);
    cr_assert(eq(int, pt_log_open(&log, path), PT_LOG_OK));
    cr_assert(eq(int, pt_log_walk(&log, take_record, &watched->base), 0));
    pt_log_release(&log);
    read_log();
    settle();
    const struct pt_process *process = model.processes[0];
    for (int part = 0; part < PT_PART_OUTSIDE; part++) {
        int64_t sum = 0;
        for (size_t i = 1; i < process->thread_slots; i++) {
            sum += process->threads[i] != NULL ? process->threads[i]->parts_ns[part] : 0;
        }
        cr_expect(eq(i64, watched->live.parts_ns[part], sum), "part %d", part);
    }
    cr_expect(eq(i64, watched->live.calls, process->calls));
    cr_expect(eq(i64, watched->live.connections, process->connections));
    cr_expect(eq(i64, watched->live.written, 100));
    cr_expect(eq(i64, watched->live.read, 50));
    unlink(path);
    report_case_end();
}

Test(watch, totals_count_like_the_documents_they_stand_for)
{
    bson_t *phase = BCON_NEW("k", BCON_INT32(PT_KIND_TOTAL), "of", "phase", "key",
                             BCON_INT64(PT_PHASE_INSERTION), "count", BCON_INT64(3), "ins",
                             BCON_INT64(300), "err", BCON_INT64(2), "ref", BCON_INT64(1));
    bson_t *thread = BCON_NEW("k", BCON_INT32(PT_KIND_TOTAL), "of", "thread", "key", BCON_INT64(2),
                              "server", BCON_INT64(400), "waiting", BCON_INT64(100));
    bson_t *hostile = BCON_NEW("k", BCON_INT32(PT_KIND_TOTAL), "of", "phase", "key",
                               BCON_INT64(INT64_MAX), "ins", BCON_INT64(-5));
    take_insert(1, SECOND, MS, 10);
    take_bson(phase);
    take_bson(thread);
    take_bson(hostile);
    settle();
    cr_expect(eq(i64, figures(0).done, 310));
    cr_expect(eq(i64, watched->live.refused, 3));
    cr_expect(not(watched->live.thinned));
    cr_expect(eq(i64, watched->live.parts_ns[PT_PART_SERVER], MS + 400));
    cr_expect(eq(i64, watched->live.parts_ns[PT_PART_WAITING], 100));
}

/* Some calls of the thread are in no document. */
Test(watch, of_a_thinned_log_threads_tell_nothing)
{
    take_insert(1, SECOND, MS, 10);
    look(2 * SECOND);
    pt_watch_process_mark(watched, 2 * SECOND, 0);
    take_insert(1, 3 * SECOND, MS, 10);
    look(4 * SECOND);
    cr_expect(eq(i64, pt_watch_thread_done(watched, 1), 10));
    take_bson(BCON_NEW("k", BCON_INT32(PT_KIND_TOTAL), "of", "process", "key", BCON_INT64(1),
                       "documents", BCON_INT64(30), "calls", BCON_INT64(10)));
    look(4 * SECOND);
    cr_expect(eq(i64, pt_watch_thread_done(watched, 1), PT_WATCH_UNKNOWN));
    cr_expect(eq(i64, watched->live.calls, 12));
}

static const char *phase_of(int thread, bool *ret_inside)
{
    int32_t phase = pt_watch_thread_phase(&watched->live.threads[thread], ret_inside);
    return pt_names_text(&watched->process->names, PT_NAME_PHASE, phase);
}

Test(watch, the_phase_of_a_thread)
{
    bool inside;
    take_name(70, "phase", "Load");
    take_name(71, "phase", "Chunk");
    take_query(1, SECOND, MS, 1);
    settle();
    cr_expect(eq(str, (char *)phase_of(1, &inside), "Document Query"));
    cr_expect(not(inside));
    take_begin(1, 70, 1);
    take_begin(1, 71, 2);
    take_insert(1, 2 * SECOND, MS, 1);
    settle();
    cr_expect(eq(str, (char *)phase_of(1, &inside), "Chunk"));
    cr_expect(inside);
    take_finish(1, 71, 2);
    settle();
    cr_expect(eq(str, (char *)phase_of(1, &inside), "Load"));
    take_begin(1, 71, 3);
    take_finish(1, 70, 1); /* takes the inner one with it */
    settle();
    cr_expect(eq(str, (char *)phase_of(1, &inside), "Document Insertion"));
    cr_expect(not(inside));
}

Test(watch, threads_that_ended_are_no_longer_counted)
{
    take_thread(1, 4242, "first");
    take_thread(2, 4243, "first");
    take_query(2, SECOND, MS, 1);
    settle();
    cr_expect(eq(i64, figures(0).threads, 2));
    take_thread(2, 4243, "end");
    settle();
    cr_expect(eq(i64, figures(0).threads, 1));
    expect_words((const char *const[]){" threads=1 ", " phases=-:1 ", NULL});
}

Test(watch, nothing_can_be_told_yet)
{
    take_thread(1, 4242, "first");
    look(2 * SECOND);
    expect_words((const char *const[]){"15:00:00Z pid=4242 program=masker t=1s docs=0 read=0 ",
                                       " rate=- ", " total=- ", " pct=- ", " left=- ", " rss=- ",
                                       " cpu=- ", " phases=-:1 ", " S=- ", " w=- ",
                                       " state=running\n", NULL});
}

Test(watch, rates_parts_and_resources)
{
    take_insert(1, SECOND, 500 * MS, 1000);
    look(11 * SECOND);
    pt_watch_process_mark(watched, 11 * SECOND, 0);
    take_insert(1, 12 * SECOND, 600 * MS, 3000);
    take(MAKE(gap, .th = 1, .q = 2, .t = 13 * SECOND, .d = 400 * MS, .cpu = 100 * MS));
    take(MAKE(sample, .t = 10 * SECOND, .ucpu = SECOND, .scpu = 0, .rss = 50 << 20));
    take(MAKE(sample, .t = 12 * SECOND, .ucpu = 3 * SECOND, .scpu = SECOND, .rss = 60 << 20));
    look(21 * SECOND);
    expect_words((const char *const[]){" t=20s docs=4000 ", " written=4000 ", " rate=300/s ",
                                       " mean=200/s ", " rss=60MiB cpu=1.50 ", " S=60.0 M=10.0 ",
                                       " w=30.0 ", " phases=Document_Insertion:1 ", NULL});
}

Test(watch, the_remaining_time_comes_from_a_steady_mean)
{
    take_insert(1, SECOND, MS, 100);
    look(5 * SECOND);
    pt_watch_process_mark(watched, 5 * SECOND, 0);
    take_insert(1, 6 * SECOND, MS, 100);
    look(9 * SECOND); /* 8 s: too early */
    cr_expect(eq(i64, figures(1000).percent, 20));
    cr_expect(eq(i64, figures(1000).left_ns, PT_WATCH_UNKNOWN));
    take_insert(1, 10 * SECOND, MS, 50);
    look(11 * SECOND); /* 250 in 10 s, 150 of them in the last 6 s */
    cr_expect(eq(i64, figures(1000).left_ns, 30 * SECOND));
    pt_watch_process_mark(watched, 11 * SECOND, 0);
    look(13 * SECOND); /* nothing for two seconds: no longer steady */
    cr_expect(eq(i64, figures(1000).left_ns, PT_WATCH_UNKNOWN));
}

Test(watch, a_total_that_is_reached_or_wrong)
{
    take_insert(1, SECOND, MS, 1000);
    look(30 * SECOND);
    cr_expect(eq(i64, figures(1000).percent, 100));
    cr_expect(eq(i64, figures(1000).left_ns, 0));
    cr_expect(eq(i64, figures(999).percent, 100));
    cr_expect(eq(i64, figures(999).left_ns, PT_WATCH_UNKNOWN));
    cr_expect(eq(i64, figures(1).percent, PT_WATCH_UNKNOWN));
}

static void end_as(enum pt_ending ending, const char *words)
{
    char wanted[160];
    watched->process->ending = ending;
    watched->over = false;
    expect_words((const char *const[]){" state=ended end=\"-\"\n", NULL});
    watched->over = true;
    snprintf(wanted, sizeof wanted, " state=ended end=\"%s\"\n", words);
    expect_words((const char *const[]){wanted, NULL});
}

Test(watch, how_it_ended)
{
    look(2 * SECOND);
    watched->process->exit_status = 3;
    watched->process->exit_signal = 9;
    end_as(PT_ENDED_STATUS, "exit status 3");
    end_as(PT_ENDED_SIGNAL, "signal 9 (SIGKILL)");
    end_as(PT_ENDED_EXIT, "exit");
    end_as(PT_ENDED_LEFT, "_exit");
    end_as(PT_ENDED_UNKNOWN, "no ordered end: killed, crashed, exec, or an exit past libc");
    end_as(PT_ENDED_CANNOT_TELL, "cannot tell: no ordered end, and the process is not of this "
                                 "boot or container");
}

Test(watch, a_hostile_name_forges_nothing)
{
    free(watched->process->program);
    watched->process->program = strdup("x pid=1 state=ended\x1b[2J\n\"");
    take_name(70, "phase", "a:9,b=\x1b]0;t\x07 c\xff");
    take_begin(1, 70, 1);
    look(2 * SECOND);
    char *text = line(0);
    cr_expect(eq(ptr, strchr(text, '\x1b'), NULL), "%s", text);
    cr_expect(eq(ptr, strstr(text, " pid=1 "), NULL), "%s", text);
    cr_expect(eq(ptr, strstr(text, "state=ended"), NULL), "%s", text);
    cr_expect(eq(ptr, strchr(text, '\n'), text + strlen(text) - 1), "%s", text);
    cr_expect(ne(ptr, strstr(text, " phases=a_9_b_"), NULL), "%s", text);
    free(text);
}

static void view_of(struct pt_view *view, int width, int height, struct pt_view_state *state)
{
    struct pt_watch_list list = {.processes = &watched, .count = 1};
    view->width = width;
    view->height = height;
    pt_watch_view(view, &list, state);
}

static void put_screen(void)
{
    take_name(64, "namespace", "patients");
    take_name(65, "namespace", "patients_masked");
    take_thread(1, 4242, "first");
    take_query(1, SECOND, 200 * MS, 4000);
    take_insert(2, SECOND, 300 * MS, 1000);
    look(11 * SECOND);
    pt_watch_process_mark(watched, 11 * SECOND, 0);
    take_insert(2, 12 * SECOND, 600 * MS, 500);
    take(MAKE(gap, .th = 1, .q = 2, .t = 13 * SECOND, .d = 400 * MS, .cpu = 100 * MS));
    take(MAKE(system, .ncpu = 8, .t = 12 * SECOND));
    look(16 * SECOND);
}

static const char *const screen[] = {
    "masker  pid 4242  15.0 s  running   50 %, 20 s left",
    "########################################........................................",
    "1,500 of 3,000 documents written   100/s now   100/s mean",
    "read 4,000   refused 0   errors 0   retries 0   events lost 0",
    "CPU - of 8   memory -   threads 2",
    "What ended in the last 5.00 s took 1.00 s of all threads",
    "  S server and network             600 ms  60.0 %  SSSSSSSSSSSSSSSS",
    "  w application waiting            300 ms  30.0 %  wwwwwwww",
    "  M application computing          100 ms  10.0 %  MM",
    "  Thread      newest call          ended ago documents/s  collection",
    "  main        Document Query          2.60 s           -  db.patients",
    "  thread 2    Document Insertion      3.40 s         100  db.patients_masked",
    NULL};

Test(watch, the_screen)
{
    struct pt_view *view = calloc(1, sizeof *view);
    struct pt_view_state state = {.total = 3000};
    put_screen();
    view_of(view, 80, 24, &state);
    for (int row = 0; screen[row] != NULL; row++) {
        cr_expect(eq(str, view->rows[row].text, (char *)screen[row]));
    }
    cr_expect(eq(int, view->count, 24));
    cr_expect(eq(str, view->rows[23].text, "q quit  p pause  s sort  arrows scroll"));
    free(view);
}

Test(watch, a_screen_of_any_size)
{
    struct pt_view *view = calloc(1, sizeof *view);
    put_screen();
    for (int thread = 3; thread < 60; thread++) {
        take_query(thread, 14 * SECOND, MS, 10);
    }
    look(16 * SECOND);
    for (int width = 1; width < 200; width += 7) {
        for (int height = 1; height < 100; height += 3) {
            struct pt_view_state state = {.total = 3000, .scroll = (size_t)height};
            view_of(view, width, height, &state);
            cr_assert(eq(int, view->count, height));
            for (int row = 0; row < view->count; row++) {
                cr_assert(le(sz, strlen(view->rows[row].text), (size_t)width));
            }
        }
    }
    free(view);
}

Test(watch, scrolling_ends_at_the_last_thread)
{
    struct pt_view *view = calloc(1, sizeof *view);
    struct pt_view_state state = {.scroll = 1000};
    for (int thread = 1; thread <= 50; thread++) {
        take_query(thread, 2 * SECOND, MS, 10);
    }
    look(3 * SECOND);
    view_of(view, 80, 24, &state);
    cr_expect(eq(sz, view->table_rows, 50));
    cr_expect(lt(sz, state.scroll, 50));
    cr_expect(ne(ptr, strstr(view->rows[22].text, "thread 50"), NULL), "%s", view->rows[22].text);
    free(view);
}

Test(watch, several_processes_are_one_row_each)
{
    struct pt_view *view = calloc(1, sizeof *view);
    struct pt_view_state state = {.total = 100};
    struct pt_watch_process *both[] = {watched, watched};
    struct pt_watch_list list = {.processes = both, .count = 2};
    take_insert(1, SECOND, MS, 20);
    look(3 * SECOND);
    view->width = 100;
    view->height = 10;
    pt_watch_view(view, &list, &state);
    cr_expect(eq(str, view->rows[0].text, "2 processes, 2 running   40 of 100 documents"));
    cr_expect(ne(ptr, strstr(view->rows[3].text, "4242"), NULL));
    state.opened = 2;
    pt_watch_view(view, &list, &state);
    cr_expect(eq(str, view->rows[0].text, "masker  pid 4242  2.00 s  running"));
    free(view);
}
