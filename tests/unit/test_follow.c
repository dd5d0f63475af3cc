/* SPDX-License-Identifier: Apache-2.0 */
/* A log that grows between two readings: each document is handed out once, whatever the moment at
 * which the log is met. Files only; rings are read in tests/e2e/test_watch.py. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log/log_follow.h"
#include "log/log_reader.h"
#include "log_maker.h"

#define RING_ID "00112233445566778899aabbccddeeff"

static char folder[64];
static char path[96], old_path[96];

static void make_folder(void)
{
    strcpy(folder, "/tmp/phasetap-follow-XXXXXX");
    cr_assert(ne(ptr, mkdtemp(folder), NULL));
    snprintf(path, sizeof path, "%s/run.bson", folder);
    snprintf(old_path, sizeof old_path, "%s/run.1.bson", folder);
}

static void remove_folder(void)
{
    unlink(path);
    unlink(old_path);
    rmdir(folder);
}

TestSuite(follow, .init = make_folder, .fini = remove_folder);

static void append(const void *bytes, size_t length)
{
    FILE *file = fopen(path, "ab");
    cr_assert(ne(ptr, file, NULL));
    cr_assert(eq(sz, fwrite(bytes, 1, length, file), length));
    fclose(file);
}

static void append_manifest(int part)
{
    bson_t *manifest = bson_new();
    BSON_APPEND_INT32(manifest, "k", PT_KIND_MANIFEST);
    BSON_APPEND_UTF8(manifest, "format", PT_LOG_MAGIC);
    BSON_APPEND_INT32(manifest, "version", PT_FORMAT_VERSION);
    BSON_APPEND_UTF8(manifest, "ring", RING_ID);
    BSON_APPEND_INT32(manifest, "part", part);
    uint32_t missing = PT_ALIGN_BYTES - manifest->len % PT_ALIGN_BYTES;
    bson_append_null(manifest, "________", (int)(missing <= 2 ? missing + 6 : missing - 2));
    append(bson_get_data(manifest), manifest->len);
    bson_destroy(manifest);
}

static void append_spans(int from, int to)
{
    for (int q = from; q <= to; q++) {
        append(MAKE(span, .th = 1, .q = q, .ph = PT_PHASE_QUERY, .t = q, .d = 1),
               sizeof(struct pt_doc_span));
    }
}

struct seen {
    int32_t first, last, count, manifests;
};

static int see(void *context, const struct pt_record *record)
{
    struct seen *seen = context;
    seen->manifests += record->kind == PT_KIND_MANIFEST;
    if (record->kind == PT_KIND_SPAN) {
        seen->last = PT_AS(span, record)->q;
        seen->first = seen->count == 0 ? seen->last : seen->first;
        seen->count++;
    }
    return 0;
}

static struct seen read_on_whole(struct pt_log_place *place, bool whole)
{
    struct pt_log log;
    struct seen seen = {0};
    cr_assert(eq(int, pt_log_open_from(&log, path, place->part), PT_LOG_OK));
    cr_expect(eq(int, pt_log_goes_on(&log, place), whole));
    cr_assert(eq(int, pt_log_walk_new(&log, place, see, &seen), 0));
    pt_log_release(&log);
    return seen;
}

static struct seen read_on(struct pt_log_place *place)
{
    return read_on_whole(place, true);
}

static void expect(struct seen seen, int first, int last)
{
    cr_expect(eq(int, seen.first, first));
    cr_expect(eq(int, seen.last, last));
    cr_expect(eq(int, seen.count, last - first + 1));
}

Test(follow, each_document_once)
{
    struct pt_log_place place = {0};
    append_manifest(1);
    append_spans(1, 5);
    expect(read_on(&place), 1, 5);
    cr_expect(eq(int, read_on(&place).count, 0));
    append_spans(6, 2000); /* more than the buffer of the reader */
    expect(read_on(&place), 6, 2000);
    cr_expect(eq(int, read_on(&place).manifests, 0));
}

Test(follow, a_document_that_is_just_being_written_comes_later)
{
    struct pt_log_place place = {0};
    const struct pt_doc_span *span =
        MAKE(span, .th = 1, .q = 3, .ph = PT_PHASE_QUERY, .t = 3, .d = 1);
    append_manifest(1);
    append_spans(1, 2);
    for (size_t cut = 1; cut < sizeof *span; cut++) {
        append((const char *)span + cut - 1, 1);
        struct seen seen = read_on(&place);
        cr_assert(eq(int, seen.count, cut == 1 ? 2 : 0), "after %zu bytes", cut);
    }
    append((const char *)span + sizeof *span - 1, 1);
    expect(read_on(&place), 3, 3);
}

Test(follow, goes_on_in_the_next_part)
{
    struct pt_log_place place = {0};
    append_manifest(1);
    append_spans(1, 3);
    expect(read_on(&place), 1, 3);
    append_spans(4, 5);
    cr_assert(eq(int, rename(path, old_path), 0));
    append_manifest(2);
    append_spans(6, 9);
    expect(read_on(&place), 4, 9);
    cr_expect(eq(i64, place.part, 2));
    append_spans(10, 10);
    expect(read_on(&place), 10, 10);
}

Test(follow, a_removed_part_is_passed_over)
{
    struct pt_log_place place = {0};
    append_manifest(1);
    append_spans(1, 3);
    expect(read_on(&place), 1, 3);
    unlink(path);
    append_manifest(2);
    append_spans(6, 9);
    expect(read_on_whole(&place, false), 6, 9);
}

/* Met while it is being replaced: the file that was opened has an older part's name by now. */
Test(follow, a_log_that_is_being_replaced_is_opened_again)
{
    struct pt_log_place place = {0};
    struct pt_log log;
    append_manifest(2);
    append_spans(6, 9);
    cr_assert(eq(int, rename(path, old_path), 0));
    append_manifest(3);
    cr_assert(eq(int, pt_log_open_from(&log, old_path, 0), PT_LOG_OK));
    cr_expect(not(pt_log_goes_on(&log, &place)));
    pt_log_release(&log);
    expect(read_on_whole(&place, false), 6, 9); /* part 1 is gone for ever */
    cr_expect(eq(int, read_on(&place).count, 0));
}

/* copytruncate: the same file begins anew as the next part. */
Test(follow, a_truncated_file_is_the_next_part)
{
    struct pt_log_place place = {0};
    append_manifest(1);
    append_spans(1, 30);
    expect(read_on(&place), 1, 30);
    cr_assert(eq(int, truncate(path, 0), 0));
    append_manifest(2);
    append_spans(31, 32);
    expect(read_on_whole(&place, false), 31, 32);
}

Test(follow, damage_is_passed_over_once_it_cannot_be_a_document)
{
    static const char zeros[66000];
    struct pt_log_place place = {0};
    append_manifest(1);
    append_spans(1, 2);
    append(zeros, sizeof zeros);
    expect(read_on(&place), 1, 2);
    append_spans(3, 4);
    expect(read_on(&place), 3, 4);
    cr_expect(eq(int, read_on(&place).count, 0));
}
