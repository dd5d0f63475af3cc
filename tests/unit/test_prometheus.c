/* SPDX-License-Identifier: Apache-2.0 */
/* The limit of series, and labels with any text. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "export/format_functions.h"
#include "export/prometheus_family.h"
#include "model/model.h"

static char *text;

/* The export of that model alone. */
static void export(const struct pt_model *model)
{
    size_t length = 0;
    struct pt_export_model one = {"masker", model};
    struct pt_export to = {.out = open_memstream(&text, &length)};
    cr_assert(pt_prometheus_models(&to, &one, 1));
    fclose(to.out);
}

static int count_lines(const char *begin)
{
    int count = 0;
    for (const char *line = text; line != NULL && *line != '\0';) {
        count += strncmp(line, begin, strlen(begin)) == 0;
        line = strchr(line, '\n');
        line = line != NULL ? line + 1 : NULL;
    }
    return count;
}

static void check_line(const char *wanted)
{
    cr_assert(strstr(text, wanted) != NULL, "no '%s' in\n%s", wanted, text);
}

Test(series, more_namespaces_than_there_are_series)
{
    struct pt_model model;
    pt_model_init(&model, 0);
    for (int i = 0; i < PT_SERIES_WORKS + 50; i++) {
        char name[32];
        snprintf(name, sizeof name, "db.c%d", i);
        struct pt_work *work = pt_work_of_names(&model.works, name, "Document Query");
        cr_assert(work != NULL);
        work->calls = 3;
        work->sum_ns = 1000 - i;
    }
    pt_works_sort(&model.works);
    export(&model);
    cr_assert(eq(int, count_lines("phasetap_calls_total{"), PT_SERIES_WORKS + 1));
    check_line("phasetap_calls_total{program=\"masker\",phase=\"(other)\",namespace=\"(other)\"} "
               "150\n");
    check_line("phasetap_series_left_out{program=\"masker\"} 50\n");
    free(text);
    pt_model_release(&model);
}

Test(series, more_phases_than_there_are_series)
{
    struct pt_model model;
    pt_model_init(&model, 0);
    for (int i = 0; i < PT_SERIES_PHASES + 7; i++) {
        char name[32];
        snprintf(name, sizeof name, "phase %d", i);
        cr_assert(pt_model_phase(&model, name, true) != NULL);
    }
    export(&model);
    cr_assert(eq(int, count_lines("phasetap_phase_failures_total{"), PT_SERIES_PHASES));
    check_line("phasetap_series_left_out{program=\"masker\"} 7\n");
    free(text);
    pt_model_release(&model);
}

Test(series, histogram_of_a_phase)
{
    struct pt_model model;
    pt_model_init(&model, 0);
    struct pt_phase_stats *phase = pt_model_phase(&model, "Document Query", false);
    cr_assert(phase != NULL);
    struct pt_entry entries[] = {{.duration_ns = 400000, .end_ns = 400000},
                                 {.duration_ns = 500000, .end_ns = 500000},
                                 {.duration_ns = 700000000, .end_ns = 700000000},
                                 {.duration_ns = 700000000000, .end_ns = 700000000000}};
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        pt_phase_add(phase, &entries[i], 0);
    }
    export(&model);
#define SERIES(suffix)                                                                             \
    "phasetap_phase_duration_seconds" suffix "{program=\"masker\",phase=\"Document Query\""
    check_line(SERIES("_bucket") ",le=\"0.0005\"} 2\n");
    check_line(SERIES("_bucket") ",le=\"0.5\"} 2\n");
    check_line(SERIES("_bucket") ",le=\"1\"} 3\n");
    check_line(SERIES("_bucket") ",le=\"600\"} 3\n");
    check_line(SERIES("_bucket") ",le=\"+Inf\"} 4\n");
    check_line(SERIES("_count") "} 4\n");
    check_line(SERIES("_sum") "} 700.700900000\n");
    free(text);
    pt_model_release(&model);
}

static void check_label(const char *value, const char *wanted)
{
    size_t length = 0;
    struct pt_samples samples = {.out = open_memstream(&text, &length), .family = "f"};
    pt_sample_begin(&samples, "");
    pt_sample_label(&samples, "l", value);
    pt_sample_int(&samples, 1);
    fclose(samples.out);
    cr_assert(eq(str, text, (char *)wanted));
    free(text);
}

Test(labels, any_text)
{
    check_label("clinic.patients", "f{l=\"clinic.patients\"} 1\n");
    check_label("Gr\xc3\xb6\xc3\x9f"
                "e",
                "f{l=\"Gr\xc3\xb6\xc3\x9f"
                "e\"} 1\n");
    check_label("a\"b", "f{l=\"a\\\"b\"} 1\n");
    check_label("a\nb", "f{l=\"a\\nb\"} 1\n");
    check_label("\xff", "f{l=\"\\\\xff\"} 1\n");
    check_label("\\xff", "f{l=\"\\\\\\\\xff\"} 1\n"); /* not the same as the byte */
    check_label("\x1b[2J", "f{l=\"\\\\u001b[2J\"} 1\n");
    check_label(NULL, "f{l=\"\"} 1\n");
}
