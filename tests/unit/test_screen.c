/* SPDX-License-Identifier: Apache-2.0 */
/* The one-screen summary of logs whose numbers are known. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/model_finish.h"
#include "render/screen.h"
#include "report_case.h"

TestSuite(screen, .init = report_case_start, .fini = report_case_end);

#define MS 1000000LL

/* Not inlined: gcc 12 would take what open_memstream has stored in `text` for its address. */
__attribute__((noinline)) static char *shown(int width, bool terminal, enum pt_colours colours,
                                             const struct pt_screen_options *options)
{
    char *text = NULL;
    size_t length = 0;
    char columns[16];
    struct pt_page page;
    FILE *out = open_memstream(&text, &length);
    snprintf(columns, sizeof columns, "%d", width);
    struct pt_page_facts facts = {.terminal = terminal, .columns = columns, .term = "xterm"};
    pt_page_decide(&page, out, colours, &facts);
    pt_screen_text(&model, &page, options);
    fclose(out);
    return text;
}

static char *plain(void)
{
    return shown(80, true, PT_COLOURS_NEVER, &(struct pt_screen_options){.brief = false});
}

static bool has(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

static bool is_clean(char c)
{
    return (c >= 0x20 && c < 0x7f) || c == '\n';
}

/* A thread that reads ten batches of ten documents, 100 ms each, from 1 s on. */
static void put_reading(int calls)
{
    log_maker_namespace(&maker, 64, "db", "patients");
    log_maker_thread(&maker, 1, maker.pid, SECOND, "first");
    for (int q = 1; q <= calls; q++) {
        int64_t t_ns = SECOND + q * 200 * MS;
        log_maker_put(&maker, 1,
                      MAKE(command, .th = 1, .q = q, .cmd = PT_COMMAND_getMore, .t = t_ns,
                           .d = 99 * MS, .n = 10));
        log_maker_put(&maker, 1,
                      MAKE(span, .th = 1, .q = q, .ph = PT_PHASE_QUERY, .ns = 64, .c = 1, .f = 7,
                           .t = t_ns, .d = 100 * MS, .net = 100 * MS, .n = 10, .b = 1000));
    }
}

static void finish(int64_t end_ns)
{
    log_maker_thread(&maker, 1, maker.pid, end_ns, "end");
    log_maker_end(&maker, end_ns);
    log_maker_run_end(&maker, 0, 0);
    read_log();
    free(model.processes[0]->log_path);
    model.processes[0]->log_path = strdup("/tmp/run.bson");
    pt_model_finish(&model);
}

Test(screen, the_run_comes_first_and_the_log_last)
{
    put_reading(10);
    finish(4 * SECOND);
    char *text = plain();
    cr_assert(has(text, "3.00 s  exit status 0  100 documents read, 33/s\n"));
    cr_assert(has(text, "\n2025-01-04 15:00:00 UTC  "));
    cr_assert(has(text, "pid 4242  "));
    cr_assert(has(text, "\nPhase           calls  documents    time"));
    cr_assert(has(text, "\nDocument Query     10        100  1.00 s  33.3 %  100 ms"));
    cr_assert(not(has(text, "p95"))); /* ten calls carry none */
    cr_assert(has(text, "\nErrors  none\n"));
    cr_assert(has(strstr(text, "\nErrors"), "\nLog     complete: "));
    cr_assert(not(has(text, "0.00 s")));
    free(text);
}

static int tenths_in(const char *line)
{
    int whole = 0;
    int tenth = 0;
    const char *percent = strstr(line, " %");
    while (percent > line && percent[-1] != ' ') {
        percent--;
    }
    cr_assert(eq(int, sscanf(percent, "%d.%d %%", &whole, &tenth), 2));
    return 10 * whole + tenth;
}

/* The shares in the block that begins with `head` and ends with a line that has none. */
static int sum_of_block(char *text, const char *head)
{
    int sum = 0;
    char *line = strchr(strstr(text, head), '\n') + 1;
    for (char *end = strchr(line, '\n'); end != NULL; end = strchr(line, '\n')) {
        *end = '\0';
        if (strstr(line, " %") == NULL) {
            break;
        }
        sum += tenths_in(line);
        line = end + 1;
    }
    return sum;
}

Test(screen, the_parts_add_up_to_all)
{
    put_reading(7); /* sevenths and thirds of 3 s: no share is a round number */
    log_maker_put(
        &maker, 1,
        MAKE(gap, .th = 1, .q = 8, .t = 2900 * MS, .d = 333 * MS, .cpu = 77 * MS, .rn = 5));
    finish(4 * SECOND);
    char *text = plain();
    cr_assert(eq(int, sum_of_block(text, "Where the time went: 3.00 s of 1 thread"), 1000));
    free(text);
}

Test(screen, what_is_missing_stands_before_the_figures)
{
    put_reading(10);
    log_maker_misuse(&maker, PT_PHASE_QUERY, PT_MISUSE_END_WITHOUT_BEGIN);
    log_maker_unseen(&maker, PT_UNSEEN_COPY, "plugin.so");
    finish(4 * SECOND);
    char *text = plain();
    const char *alarm = strstr(text, "\n! Calls of the driver in plugin.so were not seen: ");
    cr_assert(ne(ptr, (void *)alarm, NULL));
    cr_assert(lt(ptr, (void *)alarm, strstr(text, "Where the time went")));
    cr_assert(has(text, "! The annotation interface was misused 1 time: "));
    free(text);
}

Test(screen, refused_writes_are_an_alarm_in_red)
{
    put_reading(10);
    log_maker_put(&maker, 1,
                  MAKE(write, .th = 1, .q = 11, .ph = PT_PHASE_INSERTION, .ins = 7, .err = 3));
    log_maker_put(
        &maker, 1,
        MAKE(error, .th = 1, .q = 11, .w = PT_ERROR_WRITE, .code = 11000, .n = 3, .ns = 64));
    log_maker_put(&maker, 1,
                  MAKE(span, .th = 1, .q = 11, .ph = PT_PHASE_INSERTION, .ns = 64, .st = 1, .c = 1,
                       .f = 7, .t = 3500 * MS, .d = 10 * MS, .net = 10 * MS, .n = 10));
    finish(4 * SECOND);
    char *text = shown(80, true, PT_COLOURS_ALWAYS, &(struct pt_screen_options){.brief = false});
    cr_assert(
        has(text, "\x1b[31m! \x1b[0m\x1b[31m3 of 10 write operations were not done (see 1)."));
    cr_assert(has(text, "\n\x1b[1m1 \x1b[0m\x1b[1m3 operations were not done: "));
    cr_assert(has(text, "3 not written"));
    cr_assert(has(text, "3 documents 11000 DuplicateKey in db.patients"));
    free(text);
}

Test(screen, brief_is_the_run_alarms_and_sentences)
{
    put_reading(10);
    finish(4 * SECOND);
    char *text = shown(80, true, PT_COLOURS_NEVER, &(struct pt_screen_options){.brief = true});
    cr_assert(has(text, "100 documents read"));
    cr_assert(not(has(text, "Where the time went")));
    cr_assert(not(has(text, "  Do: ")));
    free(text);
}

/* No line is wider than the page, whatever its width. */
Test(screen, lines_fit_the_page)
{
    put_reading(30);
    finish(9 * SECOND);
    for (int width = PT_PAGE_LEAST + 16; width <= PT_PAGE_MOST; width++) {
        struct pt_screen_options options = {.all = true, .checks = true};
        char *text = shown(width, true, PT_COLOURS_NEVER, &options);
        for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
            cr_assert(le(sz, strcspn(line, "\n"), (size_t)width), "at %d columns: %s", width, text);
        }
        free(text);
    }
}

Test(screen, a_pipe_is_plain_and_the_same_each_time)
{
    put_reading(30);
    finish(9 * SECOND);
    struct pt_screen_options options = {.all = true, .checks = true};
    char *once = shown(60, false, PT_COLOURS_AUTO, &options);
    char *again = shown(160, false, PT_COLOURS_AUTO, &options);
    cr_assert(eq(str, once, again));
    for (const char *c = once; *c != '\0'; c++) {
        cr_assert(is_clean(*c), "byte %d in:\n%s", *c, once);
    }
    free(once);
    free(again);
}

/* ESC, CSI as UTF-8, CSI as a byte, right-to-left override, zero-width space, DEL. */
#define EVIL "<\x1b[2J\xc2\x9b\x9b\xe2\x80\xae\xe2\x80\x8b\x7f>"

Test(screen, no_name_drives_the_terminal)
{
    char name[260];
    memset(name, 'x', sizeof name);
    memcpy(name, EVIL, sizeof EVIL - 1);
    name[sizeof name - 1] = '\0';
    put_reading(10);
    log_maker_namespace(&maker, 65, "db" EVIL, name);
    log_maker_driver(&maker, "1" EVIL, "so" EVIL);
    log_maker_unseen(&maker, 1, "object" EVIL);
    log_maker_phase(&maker, 70, "phase " EVIL);
    log_maker_annotate(&maker, 1, 70, 1, 0, 3200 * MS, "{}");
    log_maker_leave(&maker, 1, 70, 1, 3200 * MS, 100 * MS, "{}");
    log_maker_put(&maker, 1, MAKE(error, .th = 1, .q = 99, .w = 1, .code = 1, .n = 1, .ns = 65));
    finish(4 * SECOND);
    for (int width = 50; width <= 150; width += 50) {
        struct pt_screen_options options = {.all = true, .checks = true};
        char *text = shown(width, width != 100, PT_COLOURS_NEVER, &options);
        for (const char *c = text; *c != '\0'; c++) {
            cr_assert(is_clean(*c), "byte %d in:\n%s", *c, text);
        }
        cr_assert(has(text, "phase <\\u001b[2J"));
        free(text);
    }
}

/* The JSON is read back: it parses, and says what the text says. */
Test(screen, json_has_the_same_facts)
{
    bson_error_t error;
    char *text = NULL;
    size_t length = 0;
    put_reading(10);
    finish(4 * SECOND);
    FILE *out = open_memstream(&text, &length);
    pt_screen_json(&model, out, &(struct pt_screen_options){.brief = false});
    fclose(out);
    bson_destroy(&report);
    cr_assert(bson_init_from_json(&report, text, -1, &error), "%s", error.message);
    free(text);
    cr_assert(eq(dbl, real("run.seconds"), 3.0));
    cr_assert(eq(i64, integer("run.documents.read"), 100));
    cr_assert(eq(str, text_at("phases.0.phase"), "Document Query"));
    cr_assert(eq(i64, integer("phases.0.calls"), 10));
    cr_assert(eq(dbl, real("phases.0.percent"), 33.3));
    cr_assert(is_there("phases.0.p50_seconds"));
    cr_assert(eq(str, text_at("partition.parts.0.key"), "O"));
    cr_assert(eq(str, text_at("log.state"), "complete"));
    cr_assert(is_there("insights"));
    cr_assert(is_there("checks_without_finding"));
    cr_assert(is_there("retries"));
}

Test(screen, orders_and_numbers_of_rows_are_chosen)
{
    put_reading(10);
    log_maker_put(&maker, 1,
                  MAKE(span, .th = 1, .q = 12, .ph = PT_PHASE_COMMAND, .c = 1, .f = 7,
                       .t = 3500 * MS, .d = 200 * MS, .net = 200 * MS));
    log_maker_put(&maker, 1,
                  MAKE(span, .th = 1, .q = 13, .ph = PT_PHASE_INDEX, .c = 1, .f = 7, .t = 3750 * MS,
                       .d = 50 * MS, .net = 50 * MS));
    finish(4 * SECOND);
    struct pt_screen_options options = {.order = PT_ORDER_NAME};
    char *text = shown(80, true, PT_COLOURS_NEVER, &options);
    cr_assert(lt(ptr, strstr(text, "\nCommand "), strstr(text, "\nDocument Query ")));
    free(text);
    options = (struct pt_screen_options){.order = PT_ORDER_MAX, .top = 1};
    text = shown(80, true, PT_COLOURS_NEVER, &options);
    cr_assert(has(text, "\nCommand "));
    cr_assert(has(text, "\n2 more "));
    cr_assert(not(has(text, "\nDocument Query ")));
    free(text);
}

/* ---- screens that are compared whole; to write them anew: PHASETAP_WRITE_SCREENS=1 ---- */

/* A reader, three writers with a refused document, an index, and errors of two kinds. */
static void put_pipeline(void)
{
    static const char *const names[] = {"patients", "patients_masked"};
    put_reading(25);
    log_maker_driver(&maker, "1.30.4", "libmongoc-1.0.so.0");
    log_maker_namespace(&maker, 65, "db", names[1]);
    for (int q = 100; q < 130; q++) {
        int th = 2 + q % 3;
        int64_t t_ns = SECOND + (q - 90) * 150 * MS;
        log_maker_put(&maker, th,
                      MAKE(gap, .th = th, .q = q, .t = t_ns - 20 * MS, .d = 20 * MS, .cpu = 8 * MS,
                           .wn = 8, .wb = 900));
        log_maker_put(&maker, th,
                      MAKE(write, .th = th, .q = q, .ph = PT_PHASE_INSERTION, .ns = 65,
                           .ins = q == 120 ? 3 : 8, .err = q == 120));
        log_maker_put(&maker, th,
                      MAKE(span, .th = th, .q = q, .ph = PT_PHASE_INSERTION, .ns = 65,
                           .st = q == 120, .c = 1, .f = 7, .t = t_ns, .d = (30 + q) * MS,
                           .net = (30 + q) * MS, .n = 8, .b = 900));
    }
    log_maker_put(
        &maker, 1,
        MAKE(error, .th = 1, .q = 200, .w = PT_ERROR_WRITE, .code = 11000, .n = 1, .ns = 65));
    log_maker_put(&maker, 1,
                  MAKE(span, .th = 1, .q = 201, .ph = PT_PHASE_INDEX, .ns = 65, .c = 1, .f = 7,
                       .t = 7 * SECOND, .d = 700 * MS, .net = 700 * MS));
}

static char *read_screen(const char *name)
{
    char path[512];
    char *text = calloc(1, 65536);
    snprintf(path, sizeof path, "%s/%s", SCREENS, name);
    FILE *file = fopen(path, "r");
    cr_assert(ne(ptr, file, NULL), "%s", path);
    text[fread(text, 1, 65535, file)] = '\0';
    fclose(file);
    return text;
}

static void write_screen(const char *name, const char *text)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", SCREENS, name);
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
}

/* What verdicts say is tested where they are made. */
static void leave_out_verdicts(char *text)
{
    char *first = strstr(text, "\n1 ");
    first = first != NULL ? first : strstr(text, "\n\x1b[1m1 ");
    cr_assert(ne(ptr, first, NULL), "%s", text);
    char *behind = strstr(first, "\n\n");
    memmove(first, behind, strlen(behind) + 1);
}

static void check_screen(const char *name, char *text)
{
    leave_out_verdicts(text);
    if (getenv("PHASETAP_WRITE_SCREENS") != NULL) {
        write_screen(name, text);
    }
    char *expected = read_screen(name);
    cr_assert(eq(str, text, expected));
    free(expected);
    free(text);
}

Test(screen, whole_screens_at_all_widths)
{
    static const int widths[] = {59, 60, 80, 100, 140, 160};
    struct pt_screen_options options = {.brief = false};
    char name[32];
    put_pipeline();
    finish(9 * SECOND);
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
        snprintf(name, sizeof name, "pipeline-%d.txt", widths[i]);
        check_screen(name, shown(widths[i], true, PT_COLOURS_NEVER, &options));
    }
    check_screen("pipeline-pipe.txt", shown(80, false, PT_COLOURS_AUTO, &options));
    options.all = true;
    check_screen("pipeline-long.txt", shown(100, true, PT_COLOURS_NEVER, &options));
    check_screen("pipeline-colours.txt", shown(80, true, PT_COLOURS_ALWAYS, &options));
}
