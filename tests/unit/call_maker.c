/* SPDX-License-Identifier: Apache-2.0 */
#include "call_maker.h"

#include "log/recorder.h"

#define ERRORS 7 /* different codes */

static uint64_t random_state;

void call_maker_begin(void)
{
    random_state = 4711;
}

int64_t call_maker_below(int64_t limit)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((random_state >> 33) % (uint64_t)limit);
}

static int64_t write_connection(struct pt_pen *pen, int32_t q, int64_t t)
{
    int64_t d = call_maker_below(500000);
    PT_RECORD(pen, connection, doc) {
        doc->q = q;
        doc->cl = (int32_t)call_maker_below(30);
        doc->st = call_maker_below(4) == 0;
        doc->t = t;
        doc->d = d;
        doc->x = call_maker_below(1000);
    }
    return d;
}

static void write_gap(struct pt_pen *pen, int32_t q, int64_t t, int64_t d)
{
    PT_RECORD(pen, gap, doc) {
        doc->q = q;
        doc->t = t;
        doc->d = d;
        doc->cpu = call_maker_below(d + 100) - 50;
        doc->rn = call_maker_below(3);
        doc->wn = call_maker_below(2);
        doc->wb = call_maker_below(5000);
    }
}

static void write_details(struct pt_pen *pen, int32_t q, int32_t ph, int64_t t)
{
    PT_RECORD(pen, command, doc) {
        doc->q = q;
        doc->cmd = (int32_t)call_maker_below(PT_COMMAND_END);
        doc->st = call_maker_below(9) == 0;
        doc->srv = PT_NAME_FIRST + (int32_t)call_maker_below(3);
        doc->rw = call_maker_below(5) == 0 ? 1 + (int32_t)call_maker_below(4) : 0;
        doc->rc = doc->rw != 0 ? 80 + (int32_t)call_maker_below(5) : 0;
        doc->t = t;
        doc->d = call_maker_below(1000000);
        doc->n = call_maker_below(100);
        doc->b = call_maker_below(9000);
    }
    if (call_maker_below(6) == 0) {
        PT_RECORD(pen, error, doc) {
            doc->q = q;
            doc->w = 1 + (int32_t)call_maker_below(4);
            doc->code = (int32_t)call_maker_below(ERRORS) - 2;
            doc->ns = PT_NAME_FIRST + (int32_t)call_maker_below(3);
            doc->t = t;
            doc->n = 1 + call_maker_below(5);
        }
    }
    if (call_maker_below(2) == 0) {
        PT_RECORD(pen, write, doc) {
            doc->q = q;
            doc->ph = ph;
            doc->ns = PT_NAME_FIRST + (int32_t)call_maker_below(3);
            doc->ins = call_maker_below(50);
            doc->mod = call_maker_below(50);
            doc->err = call_maker_below(3);
        }
    }
}

/* A mixed bulk that stopped. */
static void write_shares(struct pt_pen *pen, int32_t q, int64_t t)
{
    PT_RECORD(pen, left, doc) {
        doc->q = q;
        doc->ph = PT_PHASE_UPDATE;
        doc->ns = PT_NAME_FIRST + (int32_t)call_maker_below(3);
        doc->ref = call_maker_below(3);
        doc->nat = call_maker_below(20);
        doc->una = call_maker_below(2);
        doc->unk = call_maker_below(4);
    }
    PT_RECORD(pen, part, doc) {
        doc->q = q;
        doc->ph = PT_PHASE_UPDATE + (int32_t)call_maker_below(2);
        doc->ns = PT_NAME_FIRST + (int32_t)call_maker_below(3);
        doc->st = call_maker_below(7) == 0;
        doc->c = (int32_t)call_maker_below(3);
        doc->t = t;
        doc->d = call_maker_below(5) == 0 ? -1 : call_maker_below(1 << 18);
        doc->n = call_maker_below(30);
        doc->b = call_maker_below(900);
    }
}

static void write_transaction(struct pt_pen *pen, int32_t q)
{
    int32_t ph = PT_PHASE_INSERTION + (int32_t)call_maker_below(3);
    int32_t ns = PT_NAME_FIRST + (int32_t)call_maker_below(3);
    int32_t ends = (int32_t)call_maker_below(3); /* open, committed, aborted */
    int64_t documents = call_maker_below(40);
    for (int32_t state = PT_TXN_OPEN; state <= ends; state += ends > 0 ? ends : 1) {
        PT_RECORD(pen, txn, doc) {
            doc->q = q;
            doc->ph = ph;
            doc->ns = ns;
            doc->st = state;
            doc->ops = 1 + documents / 2;
            doc->ins = documents;
            doc->mat = documents / 3;
        }
    }
}

void call_maker_write(struct pt_pen *pen, int32_t q, int64_t t)
{
    int64_t before = 1000 + call_maker_below(100000);
    int32_t ph = 1 + (int32_t)call_maker_below(PT_PHASE_SERVER_CHECK);
    ph = ph == PT_PHASE_MASKING || ph == PT_PHASE_CONNECTION ? PT_PHASE_QUERY : ph;
    write_gap(pen, q, t, before);
    t += before;
    t += call_maker_below(20) == 0 ? write_connection(pen, q, t) : 0;
    int64_t inside = call_maker_below(20) == 0 ? write_connection(pen, q, t + 1) : 0;
    write_details(pen, q, ph, t);
    if (call_maker_below(8) == 0) {
        write_shares(pen, q, t);
    }
    if (call_maker_below(8) == 0) {
        write_transaction(pen, q);
    }
    PT_RECORD(pen, span, doc) {
        doc->q = q;
        doc->ph = ph;
        doc->ns = PT_NAME_FIRST + (int32_t)call_maker_below(3);
        doc->st = call_maker_below(10) == 0;
        doc->c = (int32_t)call_maker_below(3);
        doc->t = t;
        doc->d = inside + 2 +
                 (call_maker_below(100) == 0 ? call_maker_below(INT64_C(1) << 33)
                                             : call_maker_below(1 << 20));
        doc->net = call_maker_below(1 << 19);
        doc->cpu = call_maker_below(1 << 18) - 1;
        doc->wait = call_maker_below(4) == 0 ? call_maker_below(1 << 19) : 0;
        doc->n = call_maker_below(500);
        doc->b = call_maker_below(70000);
        doc->con = inside;
        doc->oth = call_maker_below(6) == 0 ? call_maker_below(1 << 19) : 0;
    }
}
