/* SPDX-License-Identifier: Apache-2.0 */
/* What the HTML report shows of a log: all of a short one; of a long one the longest calls, and
 * lanes and plots whose sums are those of the log. And how its JSON is made safe. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "html/base64.h"
#include "html/island.h"
#include "html/view_make.h"
#include "intake/read_log.h"
#include "log_maker.h"
#include "model/model_finish.h"

#define SECOND  1000000000LL
#define BEGIN   SECOND /* of the log maker's clock */
#define STEP_NS 100000LL

/* Calls of 10 us and more, one every 100 us on one of two threads, each with three documents; call
 * number n takes n ns more than 10 us. */
static char *make_log(int calls)
{
    struct log_maker maker;
    char path[] = "/tmp/phasetap-html-XXXXXX";
    int file = mkstemp(path);
    cr_assert(ge(i32, file, 0));
    close(file);
    log_maker_init(&maker);
    log_maker_begin(&maker);
    log_maker_namespace(&maker, 64, "clinic", "patients");
    for (int i = 0; i < calls; i++) {
        int thread = 1 + i % 2;
        log_maker_put(&maker, thread,
                      MAKE(span, .th = thread, .q = 1 + i, .ph = PT_PHASE_QUERY, .ns = 64, .cl = 1,
                           .c = 1, .t = BEGIN + i * STEP_NS, .d = 10000 + i, .cpu = 1000, .n = 3,
                           .b = 300));
    }
    log_maker_end(&maker, BEGIN + calls * STEP_NS);
    log_maker_save(&maker, path);
    log_maker_release(&maker);
    return strdup(path);
}

struct fixture {
    char *path;
    struct pt_model model;
    struct pt_view *view;
};

/* In place: the view points to the model. */
static void open_view(struct fixture *fixture, int calls)
{
    const char *path;
    fixture->path = make_log(calls);
    pt_model_init(&fixture->model, 0);
    cr_assert(eq(i32, pt_model_read(&fixture->model, fixture->path), PT_LOG_OK));
    pt_model_finish(&fixture->model);
    cr_assert(eq(i32, pt_view_make(&fixture->model, &fixture->view, &path), PT_LOG_OK));
}

static void close_view(struct fixture *fixture)
{
    pt_view_free(fixture->view);
    pt_model_release(&fixture->model);
    unlink(fixture->path);
    free(fixture->path);
}

static double documents_of(const struct pt_view *view)
{
    double sum = 0.0;
    for (size_t i = 0; i < PT_PLOT_BINS; i++) {
        sum += view->plots.bins[PT_PLOT_READ][i].sum;
    }
    return sum;
}

Test(view, shows_a_short_run_whole)
{
    struct fixture fixture;
    open_view(&fixture, 1000);
    const struct pt_view *view = fixture.view;
    cr_assert(view->single);
    cr_assert(eq(sz, view->calls.count, 1000));
    cr_assert(eq(sz, view->lanes.count, 2));
    cr_assert(eq(ptr, view->lanes.items[0].ns, NULL));
    cr_assert(eq(str, view->words.texts.items[view->calls.items[0].name_space],
                 (char *)"clinic.patients"));
    cr_assert(epsilon_eq(dbl, documents_of(view), 3000.0, 1e-6));
    close_view(&fixture);
}

Test(view, keeps_the_longest_calls_of_a_long_run)
{
    const int calls = 30000;
    struct fixture fixture;
    open_view(&fixture, calls);
    const struct pt_view *view = fixture.view;
    cr_assert(not(view->single));
    cr_assert(eq(i64, view->calls.offered, calls));
    cr_assert(eq(sz, view->calls.count, PT_VIEW_LONGEST));
    for (size_t i = 0; i < view->calls.count; i++) { /* by start: the last ones, in order */
        int64_t number = calls - PT_VIEW_LONGEST + (int64_t)i;
        cr_assert(eq(i64, view->calls.items[i].duration_ns, 10000 + number));
    }
    cr_assert(epsilon_eq(dbl, documents_of(view), 3.0 * calls, 1e-3));
    close_view(&fixture);
}

Test(view, lanes_add_up_to_the_calls)
{
    const int calls = 30000;
    struct fixture fixture;
    open_view(&fixture, calls);
    double sum = 0.0, expected = 0.0;
    int64_t counted = 0;
    for (size_t lane = 0; lane < fixture.view->lanes.count; lane++) {
        for (size_t bucket = 0; bucket < PT_LANE_BUCKETS; bucket++) {
            sum += fixture.view->lanes.items[lane].ns[bucket][PT_VIEW_READING];
            counted += fixture.view->lanes.items[lane].calls[bucket];
        }
    }
    for (int i = 0; i < calls; i++) {
        expected += 10000.0 + i;
    }
    cr_assert(eq(i64, counted, calls));
    cr_assert(lt(dbl, fabs(sum - expected), expected * 1e-9));
    close_view(&fixture);
}

Test(kept, equal_ones_stay_in_order_of_their_start)
{
    struct pt_kept kept = {.limit = 3};
    for (int i = 5; i > 0; i--) {
        struct pt_kept_event event = {.start_ns = i, .duration_ns = 7};
        if (pt_kept_offer(&kept, event.duration_ns)) {
            pt_kept_add(&kept, &event);
        }
    }
    pt_kept_sort(&kept);
    cr_assert(eq(i64, kept.offered, 5));
    for (int i = 0; i < 3; i++) {
        cr_assert(eq(i64, kept.items[i].start_ns, 3 + i));
    }
    free(kept.items);
}

/* JSON through the island, as text. */
static char *written(const char *text)
{
    static char bytes[256];
    struct pt_json json;
    FILE *out = fmemopen(bytes, sizeof bytes, "w");
    FILE *island = pt_island_open(out);
    pt_json_init(&json, island, false);
    pt_json_string(&json, NULL, text);
    fclose(island);
    fclose(out);
    return bytes;
}

Test(island, leaves_nothing_that_html_reads)
{
    cr_assert(eq(str, written("</script><!--&\u2028"),
                 (char *)"\"\\u003c/script\\u003e\\u003c!--\\u0026\\u2028\""));
}

Test(base64, is_that_of_the_rfc) /* RFC 4648, 10 */
{
    static const char *const cases[][2] = {
        {"f", "\"Zg==\""}, {"fo", "\"Zm8=\""}, {"foo", "\"Zm9v\""}, {"foob", "\"Zm9vYg==\""}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char bytes[64] = "";
        struct pt_json json;
        FILE *out = fmemopen(bytes, sizeof bytes, "w");
        pt_json_init(&json, out, false);
        pt_json_base64(&json, NULL, (const uint8_t *)cases[i][0], strlen(cases[i][0]));
        fclose(out);
        cr_assert(eq(str, bytes, (char *)cases[i][1]));
    }
}
