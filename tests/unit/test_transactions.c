/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was written inside transactions, in the reports: done when it was committed, and neither
 * before that nor otherwise. Synthetic logs (report_case.h).
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "log/log_texts.h"
#include "model/model_finish.h"
#include "report_case.h"

TestSuite(transactions, .init = report_case_start, .fini = report_case_end);

static void put_state(int q, int state, int64_t documents)
{
    log_maker_put(&maker, 1,
                  MAKE(txn, .th = 1, .q = q, .ph = PT_PHASE_INSERTION, .ns = 64, .st = state,
                       .ops = documents, .ins = documents));
}

static void put_span(int q, int phase, int64_t documents)
{
    log_maker_put(&maker, 1,
                  MAKE(span, .th = 1, .q = q, .ph = phase, .ns = 64, .c = 1, .t = q * SECOND,
                       .d = SECOND / 2, .net = SECOND / 4, .n = documents));
}

/* Three documents in two inserts of a transaction, and one outside of it. */
static void put_inserts(void)
{
    log_maker_namespace(&maker, 64, "db", "c");
    put_state(1, PT_TXN_OPEN, 2);
    put_span(1, PT_PHASE_INSERTION, 2);
    put_state(2, PT_TXN_OPEN, 1);
    put_span(2, PT_PHASE_INSERTION, 1);
    log_maker_put(&maker, 1,
                  MAKE(write, .th = 1, .q = 3, .ph = PT_PHASE_INSERTION, .ns = 64, .ins = 1));
    put_span(3, PT_PHASE_INSERTION, 1);
}

static void check(int64_t done, int64_t rolled_back, int64_t unknown)
{
    log_maker_end(&maker, 9 * SECOND);
    read_log();
    make_report();
    cr_assert(eq(i64, integer("outcome.acknowledged"), done));
    cr_assert(eq(i64, integer("outcome.requested"), 4));
    cr_assert(eq(i64, integer("outcome.rolled_back"), rolled_back));
    cr_assert(eq(i64, integer("outcome.unknown"), unknown));
    cr_assert(eq(i64, integer("phases.Document Insertion.documents"), done));
    cr_assert(eq(i64, integer("phases.Document Insertion.outcome.unknown"), unknown));
    cr_assert(eq(i64, integer("namespaces.0.documents"), done));
    cr_assert(eq(i64, integer("namespaces.0.outcome.rolled_back"), rolled_back));
    cr_assert(eq(i64, integer("phases.Document Insertion.entries.0.result_metadata.inserted"), 2));
    cr_assert(is_there("phases.Document Insertion.entries.0.result_metadata.in_transaction"));
    cr_assert(not(is_there("phases.Document Insertion.entries.2.result_metadata.in_transaction")));
}

Test(transactions, are_done_when_they_are_committed)
{
    put_inserts();
    put_state(4, PT_TXN_COMMITTED, 3);
    put_span(4, PT_PHASE_TRANSACTION, 0);
    check(4, 0, 0);
}

Test(transactions, are_rolled_back_when_they_are_aborted)
{
    put_inserts();
    put_state(4, PT_TXN_ABORTED, 3);
    put_span(4, PT_PHASE_TRANSACTION, 0);
    check(1, 3, 0);
    cr_assert(eq(int, model.note_count > 0, 1));
}

Test(transactions, are_unknown_without_an_end)
{
    put_inserts();
    check(1, 0, 3);
}

Test(transactions, of_the_totals_end_too)
{
    static const int64_t names[] = {INT64_C(4) << 32 | 64, INT64_C(4) << 32 | UINT32_MAX};
    put_inserts();
    for (int i = 0; i < 2; i++) {
        bson_t *total = BCON_NEW("k", BCON_INT32(PT_KIND_TOTAL), "of", "txn", "key",
                                 BCON_INT64(names[i]), "opened", BCON_INT64(20), "committed",
                                 BCON_INT64(11), "aborted", BCON_INT64(8));
        log_maker_put_bson(&maker, 1, total);
    }
    put_state(4, PT_TXN_COMMITTED, 2);
    put_span(4, PT_PHASE_TRANSACTION, 0);
    check(3, 8, 2);
}

Test(transactions, more_ends_than_beginnings_are_no_negative_number)
{
    put_inserts();
    put_state(4, PT_TXN_ABORTED, 30);
    put_state(4, PT_TXN_COMMITTED, -1);
    put_span(4, PT_PHASE_TRANSACTION, 0);
    check(1, 30, 0);
}

Test(transactions, have_words_for_their_states)
{
    cr_assert(eq(str, (char *)pt_txn_text(PT_TXN_OPEN), "open"));
    cr_assert(eq(str, (char *)pt_txn_text(PT_TXN_COMMITTED), "committed"));
    cr_assert(eq(str, (char *)pt_txn_text(PT_TXN_ABORTED), "aborted"));
    cr_assert(eq(ptr, (void *)pt_txn_text(3), NULL));
    cr_assert(eq(str, (char *)pt_kind_text(PT_KIND_TXN), "transaction"));
}
