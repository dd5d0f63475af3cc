/* SPDX-License-Identifier: Apache-2.0 */
/* What the preload object keeps of annotated and recognised phases: totals, entries, metadata. */
#include <bson/bson.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <pthread.h>
#include <string.h>

#include "bson/bson_writer.h"
#include "phasetap/log_format.h"
#include "phasetap/phasetap.h"
#include "thread/annotation_entries.h"
#include "thread/annotation_metadata.h"
#include "thread/annotation_totals.h"
#include "thread/recognised_totals.h"

/* Members keep their places: programs are compiled against the first version of the header. */
Test(annotation_interface, the_layout_of_the_first_version_stays)
{
    cr_assert(eq(sz, sizeof(struct phasetap_field), 24));
    cr_assert(eq(sz, offsetof(struct phasetap_field, type), 8));
    cr_assert(eq(sz, offsetof(struct phasetap_field, value), 16));
    cr_assert(eq(sz, sizeof(struct phasetap_summary), 40));
    cr_assert(eq(sz, offsetof(struct phasetap_api, begin), 8));
    cr_assert(eq(sz, offsetof(struct phasetap_api, phase_summary), 40));
    cr_assert(eq(sz, offsetof(struct phasetap_api, stop_monitoring), 72));
    cr_assert(eq(sz, offsetof(struct phasetap_api, version), 80));
    cr_assert(eq(int, PHASETAP_TEXT, 3));
}

static int32_t never(void)
{
    cr_fatal("a member beyond the table was called");
    return 0;
}

/* A program of today under the first preload object, whose table is shorter. */
Test(annotation_interface, members_beyond_the_table_are_not_called)
{
    static struct phasetap_api first = {.version = never};
    first.size_bytes = offsetof(struct phasetap_api, version);
    phasetap_api_pointer = &first;
    cr_assert(eq(int, phasetap_version(), 1));
    cr_assert(eq(sz, phasetap_each_phase(NULL, NULL), 0));
    cr_assert(eq(sz, phasetap_each_entry("x", NULL, NULL), 0));
    phasetap_reset();
    phasetap_api_pointer = NULL;
    cr_assert(eq(int, phasetap_version(), 0));
}

static struct pt_annotation_totals totals_of(int32_t wanted)
{
    struct pt_annotation_totals totals;
    int32_t phase;
    for (unsigned i = 0; i < pt_annotation_totals_phases(); i++) {
        if (pt_annotation_totals_at(i, &phase, &totals) && phase == wanted) {
            return totals;
        }
    }
    return (struct pt_annotation_totals){0};
}

Test(annotation_totals, count_sum_minimum_and_maximum)
{
    int32_t phase = PT_NAME_FIRST + 5;
    cr_assert(eq(i64, totals_of(phase).count, 0));
    cr_assert(pt_annotation_totals_add(phase, 30));
    cr_assert(pt_annotation_totals_add(phase, 10));
    cr_assert(pt_annotation_totals_add(phase, 20));
    struct pt_annotation_totals totals = totals_of(phase);
    cr_assert(eq(i64, totals.count, 3));
    cr_assert(eq(i64, totals.total_ns, 60));
    cr_assert(eq(i64, totals.min_ns, 10));
    cr_assert(eq(i64, totals.max_ns, 30));
    cr_assert(eq(i64, totals_of(phase + 1).count, 0));
    pt_annotation_totals_reset(1000);
    cr_assert(eq(i64, totals_of(phase).count, 0));
    cr_assert(eq(i64, pt_annotation_totals_since(), 1000));
    cr_assert(pt_annotation_totals_add(phase, 7));
    cr_assert(eq(i64, totals_of(phase).min_ns, 7));
    cr_assert(eq(i64, totals_of(phase).max_ns, 7));
    pt_annotation_totals_forget();
    cr_assert(eq(u32, pt_annotation_totals_phases(), 0));
    cr_assert(eq(i64, pt_annotation_totals_since(), 0));
}

/* Namespaces share the row of ids: that of a phase may be any number. */
Test(annotation_totals, phases_with_high_ids_have_totals_until_the_table_is_full)
{
    for (int32_t i = 0; i < (int32_t)PT_TOTALS_MAX; i++) {
        cr_assert(pt_annotation_totals_add(100000 + 4096 * i, i));
    }
    cr_assert(not(pt_annotation_totals_add(99999, 1)));
    cr_assert(pt_annotation_totals_add(100000, 1));
    cr_assert(eq(i64, totals_of(100000).count, 2));
    cr_assert(eq(i64, totals_of(100000 + 4096 * 4095).total_ns, 4095));
}

struct seen {
    size_t count;
    int64_t first_ns, last_ns;
};

static void see(void *context, const struct pt_annotation_entry *entry)
{
    struct seen *seen = context;
    seen->first_ns = seen->count++ == 0 ? entry->start_ns : seen->first_ns;
    seen->last_ns = entry->start_ns;
}

Test(annotation_entries, the_last_ones_are_kept_in_their_order)
{
    struct seen seen = {0};
    for (int64_t i = 1; i <= PT_ENTRIES_KEPT + 100; i++) {
        pt_annotation_entries_add(&(struct pt_annotation_entry){
            .start_ns = i, .duration_ns = 1, .phase = i % 2 ? 64 : 65, .thread = 1});
    }
    cr_assert(eq(sz, pt_annotation_entries_each(64, see, &seen), PT_ENTRIES_KEPT / 2));
    cr_assert(eq(sz, seen.count, PT_ENTRIES_KEPT / 2));
    cr_assert(eq(i64, seen.first_ns, 101));
    cr_assert(eq(i64, seen.last_ns, PT_ENTRIES_KEPT + 99));
    pt_annotation_entries_reset();
    cr_assert(eq(sz, pt_annotation_entries_each(64, see, &seen), 0));
}

static struct pt_recognised block, other;

static struct pt_recognised_sum recognised(int phase)
{
    struct pt_recognised_sum sums[PT_RECOGNISED_PHASES];
    pt_recognised_read(sums);
    return sums[phase];
}

Test(recognised_totals, threads_are_added_and_stay_when_they_end)
{
    pt_recognised_add(&block, PT_PHASE_QUERY, 100, 20);
    pt_recognised_add(&other, PT_PHASE_QUERY, 100, 5);
    pt_recognised_add(&other, PT_PHASE_TEARDOWN, 100, 5);
    for (int round = 0; round < 2; round++) {
        struct pt_recognised_sum sum = recognised(PT_PHASE_QUERY);
        cr_assert(eq(i64, sum.count, 2));
        cr_assert(eq(i64, sum.total_ns, 25));
        cr_assert(eq(i64, sum.min_ns, 5));
        cr_assert(eq(i64, sum.max_ns, 20));
        pt_recognised_release(&other);
    }
    pt_recognised_reset(50);
    cr_assert(eq(i64, recognised(PT_PHASE_QUERY).count, 0));
    pt_recognised_add(&block, PT_PHASE_QUERY, 49, 7); /* began before the reset */
    pt_recognised_add(&block, PT_PHASE_QUERY, 100, 3);
    cr_assert(eq(i64, recognised(PT_PHASE_QUERY).total_ns, 3));
    pt_recognised_release(&block);
    cr_assert(eq(i64, recognised(PT_PHASE_QUERY).max_ns, 3));
    pt_recognised_forget();
    cr_assert(eq(i64, recognised(PT_PHASE_QUERY).count, 0));
}

Test(recognised_totals, more_threads_than_blocks_lose_nothing)
{
    static struct pt_recognised threads[PT_RECOGNISED_BLOCKS + 10];
    for (unsigned i = 0; i < PT_RECOGNISED_BLOCKS + 10; i++) {
        pt_recognised_add(&threads[i], PT_PHASE_QUERY, 100, 1);
        pt_recognised_add(&threads[i], PT_PHASE_COUNT, 100, 2);
    }
    cr_assert(eq(i64, recognised(PT_PHASE_QUERY).count, PT_RECOGNISED_BLOCKS + 10));
    cr_assert(eq(i64, recognised(PT_PHASE_COUNT).total_ns, 2 * (PT_RECOGNISED_BLOCKS + 10)));
    for (unsigned i = 0; i < PT_RECOGNISED_BLOCKS + 10; i++) {
        pt_recognised_release(&threads[i]);
    }
    pt_recognised_add(&threads[0], PT_PHASE_QUERY, 100, 1);
    cr_assert(eq(i64, recognised(PT_PHASE_QUERY).count, PT_RECOGNISED_BLOCKS + 11));
}

/* docs/FORMAT.md, "Connections and the span of their call". */
Test(recognised_totals, connections_inside_a_span_are_no_part_of_it)
{
    pt_recognised_connection(&block, 100, 50, 7);
    pt_recognised_connection(&block, 200, 10, 0);
    pt_recognised_span(&block, PT_PHASE_SERVER_CHECK, 150, 5);
    pt_recognised_span(&block, PT_PHASE_QUERY, 150, 100);
    cr_assert(eq(i64, recognised(PT_PHASE_CONNECTION).total_ns, 67));
    cr_assert(eq(i64, recognised(PT_PHASE_CONNECTION).max_ns, 57));
    cr_assert(eq(i64, recognised(PT_PHASE_QUERY).total_ns, 90));
    pt_recognised_span(&block, PT_PHASE_QUERY, 300, 100);
    cr_assert(eq(i64, recognised(PT_PHASE_QUERY).max_ns, 100));
}

/* ---- metadata ---- */

static uint8_t buffer[3072];

/* Versions of libbson differ in the blanks of an empty list. */
static void squeeze(char *to, size_t room, const char *from)
{
    size_t used = 0;
    for (; *from && used + 1 < room; from++) {
        if (from[0] != ' ' || from[1] != ' ') {
            to[used++] = *from;
        }
    }
    to[used] = '\0';
}

/* As JSON, in static memory; *cut: parts that were cut or left out. */
static const char *as_json(const struct phasetap_field *fields, size_t count, int32_t *cut)
{
    static char text[16384];
    struct pt_bson b;
    bson_t document;
    pt_bson_init(&b, buffer, sizeof buffer);
    *cut = pt_annotation_metadata_write(&b, "m", fields, count);
    cr_assert(bson_init_static(&document, buffer, pt_bson_finish(&b)));
    cr_assert(bson_validate(&document, BSON_VALIDATE_UTF8, NULL));
    char *json = bson_as_relaxed_extended_json(&document, NULL);
    squeeze(text, sizeof text, json);
    bson_free(json);
    return text;
}

Test(annotation_metadata, documents_and_lists_nest)
{
    int32_t cut;
    const struct phasetap_field list[] = {phasetap_int(NULL, 1), phasetap_text("x", "two")};
    const struct phasetap_field inner[] = {phasetap_bool("on", 1), phasetap_list("l", list, 2)};
    const struct phasetap_field fields[] = {phasetap_document("d", inner, 2),
                                            phasetap_list("none", NULL, 0)};
    const char *json = as_json(fields, 2, &cut);
    cr_assert(eq(i32, cut, 0));
    cr_assert(strstr(json, "\"m\" : { \"d\" : { \"on\" : true, \"l\" : [ 1, \"two\" ] }, "
                           "\"none\" : [ ] }") != NULL,
              "%s", json);
}

Test(annotation_metadata, what_is_too_deep_is_left_out_and_counted)
{
    int32_t cut;
    struct phasetap_field levels[6] = {phasetap_int("core", 1)};
    for (int i = 1; i < 6; i++) {
        levels[i] = phasetap_document("d", &levels[i - 1], 1);
    }
    const char *json = as_json(&levels[4], 1, &cut);
    cr_assert(eq(i32, cut, 0));
    cr_assert(strstr(json, "core") != NULL, "%s", json);
    json = as_json(&levels[5], 1, &cut);
    cr_assert(eq(i32, cut, 1));
    cr_assert(strstr(json, "core") == NULL, "%s", json);
}

/* A structure that contains itself ends at the depth, and at the end of the buffer. */
Test(annotation_metadata, a_structure_that_contains_itself_ends)
{
    int32_t cut;
    struct phasetap_field loop[8];
    for (int i = 0; i < 8; i++) {
        loop[i] = phasetap_document("loop", loop, 8);
    }
    (void)as_json(loop, 8, &cut);
    cr_assert(gt(i32, cut, 0));
}

Test(annotation_metadata, long_texts_and_keys_and_what_does_not_fit_are_counted)
{
    int32_t cut;
    char longest[400];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    struct phasetap_field fields[40] = {phasetap_text("text", longest), phasetap_int(longest, 1),
                                        phasetap_text("bytes", "\xff\xfe")};
    fields[3] = phasetap_text("\x80key", "y");
    (void)as_json(fields, 4, &cut);
    cr_assert(eq(i32, cut, 2));
    longest[255] = '\0';
    for (int i = 0; i < 39; i++) {
        fields[i] = phasetap_text("text", longest);
    }
    fields[39] = phasetap_int("small", 1);
    const char *json = as_json(fields, 40, &cut);
    cr_assert(eq(i32, cut, 28));
    cr_assert(strstr(json, "small") != NULL);
}
