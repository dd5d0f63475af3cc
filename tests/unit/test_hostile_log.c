/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logs that no recorder writes: documents of the right form in an order or with values that make no
 * sense. They may cost a wrong number, never a crash or a byte of the tool's memory.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>

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
    cr_assert(eq(str, text_at("annotations.misuse.0.phase"), "Document Query"));
}
