/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logs that no recorder writes: documents of the right form in an order or with values that make no
 * sense. They may cost a wrong number, never a crash or a byte of the tool's memory.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/cannot_tell.h"
#include "report_case.h"

TestSuite(hostile_log, .init = report_case_start, .fini = report_case_end);

/* A manifest that stands where no manifest belongs, and names a phase anew. */
static void put_second_manifest(int phase, const char *name)
{
    char id[16];
    bson_t phases;
    bson_t *manifest = bson_new();
    snprintf(id, sizeof id, "%d", phase);
    BSON_APPEND_INT32(manifest, "k", PT_KIND_MANIFEST);
    BSON_APPEND_DOCUMENT_BEGIN(manifest, "phases", &phases);
    BSON_APPEND_UTF8(&phases, id, name);
    bson_append_document_end(manifest, &phases);
    log_maker_put_bson(&maker, 1, manifest);
}

/* The first name was in use when the second one replaced it: the report must not read freed
 * memory. AddressSanitizer watches; without it the text tells. */
Test(hostile_log, a_name_in_use_survives_its_redefinition)
{
    log_maker_misuse(&maker, PT_PHASE_QUERY, PT_MISUSE_END_WITHOUT_BEGIN);
    put_second_manifest(PT_PHASE_QUERY, "a name that is as long as the first was");
    put_second_manifest(PT_PHASE_QUERY, "a third one");
    read_log();
    make_report();
    cr_assert(eq(str, text_at("annotations.misuse.0.phase"), "a third one"));
}

/* ESC, CSI as UTF-8, CSI as a byte, right-to-left override, zero-width space, DEL. */
#define EVIL "<\x1b[2J\xc2\x9b\x9b\xe2\x80\xae\xe2\x80\x8b\x7f>"

/* Printable ASCII and line ends: the names given are evil, everything else is ours. */
static void check_clean(char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        bool clean = (*c >= 0x20 && *c < 0x7F) || *c == '\n';
        cr_assert(clean, "byte %x in:\n%s", (unsigned)(unsigned char)*c, text);
    }
    free(text);
}

/* Every text of a log that the summary prints, and those of the JSON report. */
Test(hostile_log, no_text_of_a_log_drives_the_terminal)
{
    bson_t commands;
    bson_t *manifest = bson_new();
    BSON_APPEND_INT32(manifest, "k", PT_KIND_MANIFEST);
    BSON_APPEND_DOCUMENT_BEGIN(manifest, "commands", &commands);
    bson_append_utf8(&commands, "1", 1, EVIL, -1);
    bson_append_document_end(manifest, &commands);
    log_maker_put_bson(&maker, 1, manifest);
    put_second_manifest(PT_PHASE_MASKING, "masking " EVIL);
    put_second_manifest(PT_PHASE_QUERY, "query " EVIL);
    log_maker_namespace(&maker, 64, "db" EVIL, "collection" EVIL);
    log_maker_driver(&maker, "1" EVIL, "so" EVIL);
    log_maker_unseen(&maker, 1, "object" EVIL);
    log_maker_misuse(&maker, PT_PHASE_QUERY, 1);
    log_maker_put(&maker, 1, MAKE(gap, .th = 1, .q = 1, .t = SECOND, .d = SECOND, .rn = 5));
    log_maker_put(&maker, 1, MAKE(command, .th = 1, .q = 1, .cmd = 1, .t = 2 * SECOND, .d = 5));
    log_maker_put(&maker, 1, MAKE(error, .th = 1, .q = 1, .w = 3, .code = 11000, .n = 1));
    log_maker_put(&maker, 1,
                  MAKE(span, .th = 1, .q = 1, .ph = PT_PHASE_QUERY, .ns = 64, .t = 2 * SECOND,
                       .d = SECOND, .n = 5, .st = 1));
    read_log();
    make_report();
    char *summary = print(pt_report_text);
    cr_assert(
        ne(ptr, strstr(summary, "query <\\u001b[2J\\u009b\\x9b\\u202e\\u200b\\u007f>"), NULL));
    cr_assert(ne(ptr, strstr(summary, "collection<"), NULL));
    cr_assert(ne(ptr, strstr(summary, "  <\\u001b"), NULL)); /* the command */
    check_clean(summary);
    check_clean(print(pt_report_json));
}

/* Only the first manifest counts, also when it has none of the texts. LeakSanitizer watches. */
Test(hostile_log, manifests_without_a_program)
{
    for (int i = 0; i < 3; i++) {
        bson_t *manifest = bson_new();
        BSON_APPEND_INT32(manifest, "k", PT_KIND_MANIFEST);
        BSON_APPEND_UTF8(manifest, "boot_id", i == 0 ? "first" : "another");
        BSON_APPEND_INT64(manifest, "pid", i);
        log_maker_put_bson(&maker, 1, manifest);
    }
    read_log();
    make_report();
    cr_assert(eq(i64, integer("run.processes.0.pid"), 4242));
}

/* As many threads as a log may name, none of which says what it had of a CPU. What is done for each
 * thread must not look at all of them again: 65,535 times 65,535 steps are minutes. */
Test(hostile_log, as_many_threads_as_can_be, .timeout = 120)
{
    for (int thread = 1; thread <= PT_THREADS_HIGHEST; thread++) {
        log_maker_put(&maker, 1, MAKE(gap, .th = thread, .q = 1, .t = 2000000000, .d = 1000));
    }
    read_log();
    make_report();
    cr_assert(eq(i64, pt_model_cannot_tell(&model, PT_CANNOT_TELL_NO_SCHED), PT_THREADS_HIGHEST));
}
