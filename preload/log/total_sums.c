/* SPDX-License-Identifier: Apache-2.0 */
#include "log/total_sums.h"

#include "log/essential.h"
#include "phasetap/partition.h"

#define PT_FIND(area, name, key)                                                                   \
    ((struct pt_total_##name *)(void *)pt_cell_row(                                                \
        area, pt_cells_of(area)->name[0],                                                          \
        (uint32_t)(sizeof pt_cells_of(area)->name / sizeof pt_cells_of(area)->name[0]),            \
        (uint32_t)(sizeof pt_cells_of(area)->name[0] / 8), key))

static struct pt_total_process *process(enum pt_total_area area)
{
    return PT_FIND(area, process, 1);
}

static struct pt_total_phase *phase_row(enum pt_total_area area, int32_t phase)
{
    return PT_FIND(area, phase, phase);
}

static uint32_t bucket_of(int64_t value)
{
    if (value < 1 << PT_TOTAL_PARTS_BITS) {
        return value < 0 ? 0 : (uint32_t)value;
    }
    uint32_t shift = 63u - (uint32_t)__builtin_clzll((uint64_t)value) - PT_TOTAL_PARTS_BITS;
    return (shift << PT_TOTAL_PARTS_BITS) + (uint32_t)(value >> shift);
}

/* What all entries of a phase have. */
static struct pt_total_phase *add_entry(enum pt_total_area area, int32_t phase, int64_t start_ns,
                                        int64_t duration_ns, bool failed)
{
    struct pt_total_phase *row = phase_row(area, phase);
    pt_cell_add(area, &row->count, 1);
    pt_cell_add(area, &row->failed, failed);
    pt_cell_add(area, &row->sum, duration_ns);
    pt_cell_lower(area, &row->min, duration_ns);
    pt_cell_raise(area, &row->max, duration_ns);
    pt_cell_lower(area, &row->first, start_ns);
    pt_cell_add(area, (int64_t *)(void *)(row + 1) + bucket_of(duration_ns), 1);
    return row;
}

static void add_document(enum pt_total_area area)
{
    pt_cell_add(area, &process(area)->documents, 1);
    pt_cell_add(area, &process(area)->overflow, area == PT_TOTAL_OVERFLOW);
}

static void add_moment(enum pt_total_area area, int64_t t_ns, int64_t d_ns)
{
    add_document(area);
    pt_cell_raise(area, &process(area)->last, t_ns + d_ns);
}

static void add_parts(enum pt_total_area area, int32_t thread, int64_t t_ns,
                      const struct pt_partition *p)
{
    struct pt_total_thread *row = PT_FIND(area, thread, (int64_t)thread + 1);
    pt_cell_add(area, &row->documents, 1);
    pt_cell_lower(area, &row->first, t_ns);
    pt_cell_add(area, &row->connection, p->connection);
    pt_cell_add(area, &row->server_wait, p->server_wait);
    pt_cell_add(area, &row->server, p->server);
    pt_cell_add(area, &row->events, p->events);
    pt_cell_add(area, &row->driver, p->driver);
    pt_cell_add(area, &row->computing, p->computing);
    pt_cell_add(area, &row->pool, p->pool);
    pt_cell_add(area, &row->waiting, p->waiting);
    pt_cell_add(area, &row->construction, p->construction);
    pt_cell_add(area, &row->check, p->check);
}

static bool is_reported(int32_t phase)
{
#define UNREPORTED(id, constant, name, reported) || ((reported) == 0 && phase == (id))
    return !(false PT_PHASES(UNREPORTED));
}

static bool is_special(int32_t phase)
{
    return phase == PT_PHASE_CONSTRUCTION || phase == PT_PHASE_POOL_WAIT ||
           phase == PT_PHASE_SERVER_CHECK;
}

static struct pt_total_work *work_row(enum pt_total_area area, int32_t name_space, int32_t phase)
{
    return PT_FIND(area, work, PT_TOTAL_WORK_KEY(name_space, phase));
}

static void add_work(enum pt_total_area area, struct pt_total_work *row, int64_t duration_ns,
                     bool failed)
{
    pt_cell_add(area, &row->count, 1);
    pt_cell_add(area, &row->failed, failed);
    pt_cell_add(area, &row->sum, duration_ns);
    pt_cell_lower(area, &row->min, duration_ns);
    pt_cell_raise(area, &row->max, duration_ns);
}

/* A call, or the share of a mixed bulk, in its phase and in that of its namespace. */
#define ADD_CALL(area, document, duration_ns)                                                      \
    do {                                                                                           \
        bool failed = (document)->st != PT_STATUS_OK;                                              \
        struct pt_total_phase *phase =                                                             \
            add_entry(area, (document)->ph, (document)->t, duration_ns, failed);                   \
        struct pt_total_work *work = work_row(area, (document)->ns, (document)->ph);               \
        add_work(area, work, duration_ns, failed);                                                 \
        ADD_AMOUNTS(area, phase, document);                                                        \
        ADD_AMOUNTS(area, work, document);                                                         \
    } while (0)
#define ADD_AMOUNTS(area, row, document)                                                           \
    pt_cell_add(area, &(row)->documents, (document)->n);                                           \
    pt_cell_add(area, &(row)->bytes, (document)->b);                                               \
    pt_cell_add(area, &(row)->commands, (document)->c)

static void add_span(enum pt_total_area area, const struct pt_doc_span *span)
{
    int64_t own_ns = span->d - pt_between(span->con, span->d);
    struct pt_partition parts = pt_partition_span(span, own_ns);
    add_moment(area, span->t, span->d);
    add_parts(area, span->th, span->t, &parts);
    pt_cell_add(area, &process(area)->calls, 1);
    if (span->cpu < 0 && !is_special(span->ph)) {
        pt_cell_raise(area, &PT_FIND(area, thread, (int64_t)span->th + 1)->no_cpu, 1);
    }
    if (span->ph == PT_PHASE_SERVER_CHECK) {
        return;
    }
    pt_cell_add(area, &process(area)->working, span->c > 0 && span->ph != PT_PHASE_TEARDOWN);
    if (is_reported(span->ph)) {
        own_ns -= pt_between(span->wait, own_ns);
        own_ns -= pt_between(span->oth, own_ns);
        ADD_CALL(area, span, own_ns);
    }
}

static void add_gap(enum pt_total_area area, const struct pt_doc_gap *gap)
{
    struct pt_partition parts = pt_partition_gap(gap);
    add_moment(area, gap->t, gap->d);
    add_parts(area, gap->th, gap->t, &parts);
    pt_cell_add(area, &process(area)->gaps, 1);
    if (gap->rn > 0 || gap->wn > 0) {
        struct pt_total_phase *row =
            add_entry(area, PT_PHASE_MASKING, gap->t, parts.computing, false);
        pt_cell_add(area, &row->documents, gap->rn);
        pt_cell_add(area, &row->written, gap->wn);
        pt_cell_add(area, &row->bytes, gap->wb);
        pt_cell_add(area, &row->waiting, parts.waiting);
    }
}

static void add_connection(enum pt_total_area area, const struct pt_doc_connection *connection)
{
    int64_t duration_ns = connection->d + (connection->x > 0 ? connection->x : 0);
    bool failed = connection->st != PT_STATUS_OK;
    struct pt_partition parts = {.connection = connection->d};
    add_moment(area, connection->t, connection->d);
    add_parts(area, connection->th, connection->t, &parts);
    pt_cell_add(area, failed ? &process(area)->refused : &process(area)->established, 1);
    pt_cell_add(area, &process(area)->sum, duration_ns);
    pt_cell_raise(area, &process(area)->max, duration_ns);
    add_entry(area, PT_PHASE_CONNECTION, connection->t, duration_ns, failed);
}

static void add_server(enum pt_total_area area, const struct pt_doc_command *command)
{
    struct pt_total_server *row = PT_FIND(area, server, (int64_t)command->srv + 1);
    bool failed = command->st != PT_STATUS_OK;
    pt_cell_add(area, &row->count, 1);
    pt_cell_add(area, &row->failed, failed);
    pt_cell_add(area, &row->sum, command->d);
    pt_cell_raise(area, &row->max, command->d);
    if (!failed && command->d > 0 && command->n >= 0) {
        pt_cell_lower(area, &row->min, command->d);
    }
}

static void add_retry(enum pt_total_area area, const struct pt_doc_command *command)
{
    int64_t key = PT_TOTAL_ERROR_KEY(command->rw, command->rdom, 0, command->rc);
    struct pt_total_retry *row = PT_FIND(area, retry, key);
    pt_cell_add(area, &row->count, 1);
    pt_cell_add(area, &row->succeeded, command->st == PT_STATUS_OK);
}

static void add_command(enum pt_total_area area, const struct pt_doc_command *command)
{
    struct pt_total_command *row = PT_FIND(area, command, (int64_t)command->cmd + 1);
    add_moment(area, command->t, command->d);
    pt_cell_add(area, &row->count, 1);
    pt_cell_add(area, &row->failed, command->st != PT_STATUS_OK);
    pt_cell_add(area, &row->sum, command->d);
    pt_cell_lower(area, &row->min, command->d);
    pt_cell_raise(area, &row->max, command->d);
    pt_cell_add(area, &row->documents, command->n);
    pt_cell_add(area, &row->bytes, command->b);
    pt_cell_add(area, &PT_FIND(area, thread, (int64_t)command->th + 1)->documents, 1);
    add_server(area, command);
    if (command->rw != 0) {
        add_retry(area, command);
    }
}

static void add_part(enum pt_total_area area, const struct pt_doc_part *part)
{
    add_moment(area, part->t, 0);
    pt_cell_add(area, &PT_FIND(area, thread, (int64_t)part->th + 1)->documents, 1);
    if (part->d >= 0) {
        ADD_CALL(area, part, part->d);
    } else {
        pt_cell_add(area, &phase_row(area, part->ph)->documents, part->n);
        pt_cell_add(area, &work_row(area, part->ns, part->ph)->documents, part->n);
    }
}

static void add_left(enum pt_total_area area, const struct pt_doc_left *left)
{
    struct pt_total_phase *phase = phase_row(area, left->ph);
    struct pt_total_work *work = work_row(area, left->ns, left->ph);
    add_document(area);
    pt_cell_add(area, &PT_FIND(area, thread, (int64_t)left->th + 1)->documents, 1);
#define ADD_LEFT(field)                                                                            \
    pt_cell_add(area, &phase->field, left->field);                                                 \
    pt_cell_add(area, &work->field, left->field);
    ADD_LEFT(ref)
    ADD_LEFT(nat)
    ADD_LEFT(una)
    ADD_LEFT(unk)
}

static void add_work_writes(enum pt_total_area area, const struct pt_doc_write *write)
{
    struct pt_total_work *row = work_row(area, write->ns, write->ph);
    pt_cell_add(area, &row->ins, write->ins);
    pt_cell_add(area, &row->mat, write->mat);
    pt_cell_add(area, &row->mod, write->mod);
    pt_cell_add(area, &row->rem, write->rem);
    pt_cell_add(area, &row->ups, write->ups);
    pt_cell_add(area, &row->err, write->err);
}

static void add_write(enum pt_total_area area, const struct pt_doc_write *write)
{
    struct pt_total_phase *row = phase_row(area, write->ph);
    add_work_writes(area, write);
    add_document(area);
    pt_cell_add(area, &row->writes, 1);
    pt_cell_add(area, &row->ins, write->ins);
    pt_cell_add(area, &row->mat, write->mat);
    pt_cell_add(area, &row->mod, write->mod);
    pt_cell_add(area, &row->rem, write->rem);
    pt_cell_add(area, &row->ups, write->ups);
    pt_cell_add(area, &row->err, write->err);
    pt_cell_add(area, &PT_FIND(area, thread, (int64_t)write->th + 1)->documents, 1);
}

static void add_txn_row(enum pt_total_area area, const struct pt_doc_txn *txn, uint32_t name_space)
{
    struct pt_total_txn *row = PT_FIND(area, txn, PT_TOTAL_WORK_KEY(name_space, txn->ph));
    pt_cell_add(area,
                txn->st == PT_TXN_OPEN        ? &row->opened
                : txn->st == PT_TXN_COMMITTED ? &row->committed
                                              : &row->aborted,
                txn->ops);
}

/* What was written in a transaction is done when that is committed. */
static void add_txn(enum pt_total_area area, const struct pt_doc_txn *txn)
{
    struct pt_doc_write done = {.th = txn->th, .ph = txn->ph, .ns = txn->ns};
    if (txn->st == PT_TXN_COMMITTED) {
        done.ins = txn->ins;
        done.mat = txn->mat;
        done.mod = txn->mod;
        done.rem = txn->rem;
        done.ups = txn->ups;
    }
    add_write(area, &done);
    add_txn_row(area, txn, PT_TOTAL_ALL_NAMESPACES);
    add_txn_row(area, txn, (uint32_t)txn->ns);
}

static void add_error(enum pt_total_area area, const struct pt_doc_error *error)
{
    int64_t key = PT_TOTAL_ERROR_KEY(error->w, error->dom, error->ns, error->code);
    add_document(area);
    struct pt_total_error *row = PT_FIND(area, error, key);
    pt_cell_add(area, &row->count, error->n);
    if (error->t > 0) {
        pt_cell_lower(area, &row->first, error->t);
        pt_cell_raise(area, &row->last, error->t);
    }
    pt_cell_add(area, &PT_FIND(area, thread, (int64_t)error->th + 1)->documents, 1);
}

/* Kinds with totals. */
#define PT_TOTAL_KINDS(K)                                                                          \
    K(SPAN, span)                                                                                  \
    K(GAP, gap)                                                                                    \
    K(CONNECTION, connection)                                                                      \
    K(COMMAND, command) K(WRITE, write) K(LEFT, left) K(PART, part) K(TXN, txn) K(ERROR, error)

bool pt_total_knows(int32_t kind)
{
#define KNOW(constant, tag) || kind == PT_KIND_##constant
    return false PT_TOTAL_KINDS(KNOW);
#undef KNOW
}

void pt_total_sum(enum pt_total_area area, const uint8_t *document)
{
    switch (pt_kind_of(document)) {
#define ADD(constant, tag)                                                                         \
    case PT_KIND_##constant:                                                                       \
        add_##tag(area, (const void *)document);                                                   \
        break;
        PT_TOTAL_KINDS(ADD)
#undef ADD
    default:
        break;
    }
}
