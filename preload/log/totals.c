/* SPDX-License-Identifier: Apache-2.0 */
#include "log/totals.h"

#include <string.h>

#include "log/essential.h"
#include "log/ring.h"
#include "phasetap/partition.h"

#define PT_CELLS_OF_DOCUMENT 48u /* at most, with the keys of its rows */

static uint16_t redo_at[PT_TOTAL_CELLS]; /* place in the redo list plus 1; 0: not in it */
static uint32_t redo_used;
static bool has_memory;

static struct pt_totals *totals(void)
{
    return (void *)((uint8_t *)pt_ring + PT_RING_TOTALS_OFFSET);
}

static struct pt_total_redo *redo(void)
{
    return (void *)((uint8_t *)pt_ring + PT_RING_REDO_OFFSET);
}

bool pt_totals_begin(void)
{
    has_memory = has_memory || pt_ring_populate(PT_RING_TOTALS_OFFSET, PT_RING_TOTALS_BYTES);
    return has_memory;
}

/* The value that the cell will have after this append. */
static int64_t value_of(const int64_t *cell)
{
    uint16_t at = redo_at[cell - (const int64_t *)totals()];
    return at ? redo()[at - 1].value : *cell;
}

static void set(int64_t *cell, int64_t value)
{
    uint32_t number = (uint32_t)(cell - (int64_t *)totals());
    if (redo_at[number] == 0) {
        redo()[redo_used].cell = number;
        redo_at[number] = (uint16_t)++redo_used;
    }
    redo()[redo_at[number] - 1].value = value;
}

/* Sums saturate, as a reader's do. */
static void add(int64_t *cell, int64_t more)
{
    int64_t sum;
    if (more > 0) {
        set(cell, __builtin_add_overflow(value_of(cell), more, &sum) ? INT64_MAX : sum);
    }
}

static void lower(int64_t *cell, int64_t value)
{
    int64_t before = value_of(cell);
    if (before == 0 || value + 1 < before) {
        set(cell, value + 1);
    }
}

static void raise_to(int64_t *cell, int64_t value)
{
    if (value > value_of(cell)) {
        set(cell, value);
    }
}

/* The row of a key, or a free one, which gets the key. The first is for the rest. */
static int64_t *row_of(int64_t *rows, uint32_t count, uint32_t cells, int64_t key)
{
    uint32_t others = count - 1;
    uint32_t start = others ? (uint32_t)((uint64_t)key % others) : 0;
    for (uint32_t i = 0; i < others; i++) {
        int64_t *row = rows + (size_t)(1 + (start + i) % others) * cells;
        int64_t known = value_of(row);
        if (known == key || known == 0) {
            if (known == 0) {
                set(row, key);
            }
            return row;
        }
    }
    set(rows, PT_TOTAL_REST);
    return rows;
}

#define PT_FIND(name, key)                                                                         \
    ((struct pt_total_##name *)(void *)row_of(                                                     \
        totals()->name[0], (uint32_t)(sizeof totals()->name / sizeof totals()->name[0]),           \
        (uint32_t)(sizeof totals()->name[0] / 8), key))

static struct pt_total_process *process(void)
{
    return PT_FIND(process, 1);
}

static struct pt_total_phase *phase_row(int32_t phase)
{
    return PT_FIND(phase, phase);
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
static struct pt_total_phase *add_entry(int32_t phase, int64_t start_ns, int64_t duration_ns,
                                        bool failed)
{
    struct pt_total_phase *row = phase_row(phase);
    add(&row->count, 1);
    add(&row->failed, failed);
    add(&row->sum, duration_ns);
    lower(&row->min, duration_ns);
    raise_to(&row->max, duration_ns);
    lower(&row->first, start_ns);
    add((int64_t *)(void *)(row + 1) + bucket_of(duration_ns), 1);
    return row;
}

static void add_moment(int64_t t_ns, int64_t d_ns)
{
    add(&process()->documents, 1);
    raise_to(&process()->last, t_ns + d_ns);
}

static void add_parts(int32_t thread, int64_t t_ns, const struct pt_partition *p)
{
    struct pt_total_thread *row = PT_FIND(thread, (int64_t)thread + 1);
    add(&row->documents, 1);
    lower(&row->first, t_ns);
    add(&row->connection, p->connection);
    add(&row->server_wait, p->server_wait);
    add(&row->server, p->server);
    add(&row->events, p->events);
    add(&row->driver, p->driver);
    add(&row->computing, p->computing);
    add(&row->pool, p->pool);
    add(&row->waiting, p->waiting);
    add(&row->construction, p->construction);
    add(&row->check, p->check);
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

static void add_span(const struct pt_doc_span *span)
{
    int64_t own_ns = span->d - pt_between(span->con, span->d);
    struct pt_partition parts = pt_partition_span(span, own_ns);
    add_moment(span->t, span->d);
    add_parts(span->th, span->t, &parts);
    add(&process()->calls, 1);
    if (span->cpu < 0 && !is_special(span->ph)) {
        raise_to(&PT_FIND(thread, (int64_t)span->th + 1)->no_cpu, 1);
    }
    if (span->ph == PT_PHASE_SERVER_CHECK) {
        return;
    }
    add(&process()->working, span->c > 0 && span->ph != PT_PHASE_TEARDOWN);
    if (is_reported(span->ph)) {
        own_ns -= pt_between(span->wait, own_ns);
        struct pt_total_phase *row = add_entry(span->ph, span->t, own_ns, span->st != PT_STATUS_OK);
        add(&row->documents, span->n);
        add(&row->bytes, span->b);
        add(&row->commands, span->c);
    }
}

static void add_gap(const struct pt_doc_gap *gap)
{
    struct pt_partition parts = pt_partition_gap(gap);
    add_moment(gap->t, gap->d);
    add_parts(gap->th, gap->t, &parts);
    add(&process()->gaps, 1);
    if (gap->rn > 0 || gap->wn > 0) {
        struct pt_total_phase *row = add_entry(PT_PHASE_MASKING, gap->t, parts.computing, false);
        add(&row->documents, gap->rn);
        add(&row->written, gap->wn);
        add(&row->bytes, gap->wb);
        add(&row->waiting, parts.waiting);
    }
}

static void add_connection(const struct pt_doc_connection *connection)
{
    int64_t duration_ns = connection->d + (connection->x > 0 ? connection->x : 0);
    bool failed = connection->st != PT_STATUS_OK;
    struct pt_partition parts = {.connection = connection->d};
    add_moment(connection->t, connection->d);
    add_parts(connection->th, connection->t, &parts);
    add(failed ? &process()->refused : &process()->established, 1);
    add(&process()->sum, duration_ns);
    raise_to(&process()->max, duration_ns);
    add_entry(PT_PHASE_CONNECTION, connection->t, duration_ns, failed);
}

static void add_command(const struct pt_doc_command *command)
{
    struct pt_total_command *row = PT_FIND(command, (int64_t)command->cmd + 1);
    add_moment(command->t, command->d);
    add(&row->count, 1);
    add(&row->failed, command->st != PT_STATUS_OK);
    add(&row->sum, command->d);
    lower(&row->min, command->d);
    raise_to(&row->max, command->d);
    add(&row->documents, command->n);
    add(&row->bytes, command->b);
    add(&PT_FIND(thread, (int64_t)command->th + 1)->documents, 1);
}

static void add_write(const struct pt_doc_write *write)
{
    struct pt_total_phase *row = phase_row(write->ph);
    add(&process()->documents, 1);
    add(&row->writes, 1);
    add(&row->ins, write->ins);
    add(&row->mat, write->mat);
    add(&row->mod, write->mod);
    add(&row->rem, write->rem);
    add(&row->ups, write->ups);
    add(&row->err, write->err);
    add(&PT_FIND(thread, (int64_t)write->th + 1)->documents, 1);
}

static void add_error(const struct pt_doc_error *error)
{
    int64_t key = PT_TOTAL_ERROR_KEY(error->w, error->dom, error->ns, error->code);
    add(&process()->documents, 1);
    add(&PT_FIND(error, key)->count, error->n);
    add(&PT_FIND(thread, (int64_t)error->th + 1)->documents, 1);
}

/* Kinds with totals. A document with a time that makes no sense is left to the log. */
#define PT_TOTAL_KINDS(K)                                                                          \
    K(SPAN, span)                                                                                  \
    K(GAP, gap) K(CONNECTION, connection) K(COMMAND, command) K(WRITE, write) K(ERROR, error)

bool pt_totals_know(int32_t kind)
{
#define KNOW(constant, tag) || kind == PT_KIND_##constant
    return false PT_TOTAL_KINDS(KNOW);
#undef KNOW
}

bool pt_totals_add(const uint8_t *document)
{
    if (redo_used + PT_CELLS_OF_DOCUMENT > PT_TOTAL_REDO_COUNT) {
        return false;
    }
    switch (pt_kind_of(document)) {
#define ADD(constant, tag)                                                                         \
    case PT_KIND_##constant:                                                                       \
        add_##tag((const void *)document);                                                         \
        break;
        PT_TOTAL_KINDS(ADD)
#undef ADD
    default:
        break;
    }
    return true;
}

void pt_totals_mark_stored(void)
{
    set(&totals()->stored, 1);
}

void pt_totals_state(void)
{
    __atomic_store_n(&pt_ring->redo_count, redo_used, __ATOMIC_RELEASE);
}

static void clear_redo(void)
{
    __atomic_store_n(&pt_ring->redo_count, 0, __ATOMIC_RELEASE);
    for (uint32_t i = 0; i < redo_used; i++) {
        redo_at[redo()[i].cell] = 0;
    }
    redo_used = 0;
}

void pt_totals_apply(void)
{
    int64_t *cells = (int64_t *)totals();
    for (uint32_t i = 0; i < redo_used; i++) {
        __atomic_store_n(&cells[redo()[i].cell], redo()[i].value, __ATOMIC_RELAXED);
    }
    if (redo_used > 0) {
        pt_ring->totals_used = 1;
    }
    clear_redo();
}

void pt_totals_drop(void)
{
    clear_redo();
}

bool pt_totals_are_used(void)
{
    return has_memory && pt_ring->totals_used != 0 && totals()->stored == 0;
}

void pt_totals_forget(void)
{
    memset(redo_at, 0, sizeof redo_at);
    redo_used = 0;
    has_memory = false;
}
