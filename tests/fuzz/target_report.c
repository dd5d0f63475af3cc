/* SPDX-License-Identifier: Apache-2.0 */
/* JSON reports as `diff` reads them: any bytes are figures that can be compared and printed, or an
 * error. A run compared with itself is never slower. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diff/diff_views.h"
#include "json_check.h"
#include "target.h"

#define WHY_BYTES 256

static bool read_into(struct pt_side *side, const uint8_t *data, size_t size)
{
    struct pt_run_figures run;
    char why[WHY_BYTES] = "";
    bool good = pt_run_figures_of_report(&run, (const char *)data, size, "report", why, sizeof why);
    fuzz_require(good || why[0] != '\0', "a refusal without a reason");
    side->name = "report";
    good = good && pt_side_add(side, &run);
    pt_run_figures_release(&run);
    return good;
}

static void check_text(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        fuzz_require(c == '\n' || (c >= 0x20 && c != 0x7F), "a control character");
    }
}

static void print(const struct pt_diff *diff)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    const struct pt_diff_view view = {.diff = diff};
    struct pt_page page;
    fuzz_require(out != NULL, "no memory");
    pt_page_decide(&page, out, PT_COLOURS_NEVER, &(struct pt_page_facts){.terminal = true});
    pt_diff_text(&view, &page);
    pt_diff_markdown(&view, out);
    fflush(out);
    check_text(text, length);
    size_t before = length;
    pt_diff_json(&view, out);
    fclose(out);
    fuzz_require(json_is_valid(text + before, length - before), "broken JSON");
    free(text);
}

static void compare(const struct pt_side *side)
{
    static const struct pt_diff_floors floors = {.ratio = -1.0, .ns = PT_FLOOR_TIME_DEFAULT};
    struct pt_diff diff;
    char why[WHY_BYTES];
    pt_sides_are_alike(side, side, 0, why, sizeof why);
    if (pt_diff_make(&diff, side, side, &floors)) {
        for (size_t i = 0; i < diff.count; i++) {
            fuzz_require(diff.rows[i].verdict == PT_ROW_SAME ||
                             diff.rows[i].verdict == PT_ROW_UNCLEAR,
                         "a run that differs from itself");
        }
        print(&diff);
    }
    pt_diff_release(&diff);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pt_side side = {0};
    bool good = true;
    for (int runs = 1; runs <= 5 && good; runs += 4) {
        while (good && side.count < (size_t)runs) {
            good = read_into(&side, data, size);
        }
        if (good) {
            compare(&side);
        }
    }
    pt_side_release(&side);
    return 0;
}
