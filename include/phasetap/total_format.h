/* SPDX-License-Identifier: Apache-2.0 */
/*
 * total_format.h: the totals of documents that a log does not hold, as rows of 64-bit cells in the
 * ring (docs/FORMAT.md, "Totals"), shared by the writer (preload/) and the reader (src/). Like
 * log_format.h it has no behaviour.
 *
 * There are two areas of cells. Near its size limit a log takes only some of the documents; the
 * thread that flushes adds the others to the first area. A thread that finds no room in the ring
 * adds its document to the second one, by atomic operations. A row is a key and one cell for each
 * field of its section; behind the fields, a phase has the counts of its histogram. Key 0 is a free
 * row. The first row of a section takes what found no free row; its key is PT_TOTAL_REST.
 *
 * Cells of the first area change as the log does: an append states new values in the redo list of
 * the ring, and from the moment in which its generation counts, so do they (ring_format.h).
 */
#ifndef PHASETAP_TOTAL_FORMAT_H
#define PHASETAP_TOTAL_FORMAT_H

#include <stdint.h>

#define PT_TOTAL_REST       INT64_MAX
#define PT_TOTAL_PARTS_BITS 6 /* each power of two of nanoseconds is divided into 64 buckets */
#define PT_TOTAL_BUCKETS    ((63 - PT_TOTAL_PARTS_BITS + 1) << PT_TOTAL_PARTS_BITS)

/* `min` and `first` are stored plus 1, so that 0 says that there is none. `overflow`: of the
 * documents, those that found no room in the ring. */
#define PT_TOTAL_PROCESS_FIELDS(F)                                                                 \
    F(documents)                                                                                   \
    F(calls) F(gaps) F(established) F(refused) F(sum) F(max) F(working) F(last) F(overflow)
#define PT_TOTAL_COMMAND_FIELDS(F) F(count) F(failed) F(sum) F(min) F(max) F(documents) F(bytes)
#define PT_TOTAL_ERROR_FIELDS(F)   F(count) F(first) F(last)
#define PT_TOTAL_SERVER_FIELDS(F)  F(count) F(failed) F(sum) F(min) F(max)
#define PT_TOTAL_RETRY_FIELDS(F)   F(count) F(succeeded)
/* Of a namespace in a phase. */
#define PT_TOTAL_WORK_FIELDS(F)                                                                    \
    F(count)                                                                                       \
    F(failed)                                                                                      \
    F(sum)                                                                                         \
    F(min)                                                                                         \
    F(max)                                                                                         \
    F(documents)                                                                                   \
    F(bytes)                                                                                       \
    F(commands) F(ins) F(mat) F(mod) F(rem) F(ups) F(err) F(ref) F(nat) F(una) F(unk)
#define PT_TOTAL_PHASE_FIELDS(F)                                                                   \
    F(count)                                                                                       \
    F(failed)                                                                                      \
    F(sum)                                                                                         \
    F(min)                                                                                         \
    F(max)                                                                                         \
    F(first)                                                                                       \
    F(documents)                                                                                   \
    F(written)                                                                                     \
    F(bytes)                                                                                       \
    F(commands)                                                                                    \
    F(waiting) F(writes) F(ins) F(mat) F(mod) F(rem) F(ups) F(err) F(ref) F(nat) F(una) F(unk)
#define PT_TOTAL_THREAD_FIELDS(F)                                                                  \
    F(documents)                                                                                   \
    F(first)                                                                                       \
    F(no_cpu)                                                                                      \
    F(connection)                                                                                  \
    F(server_wait)                                                                                 \
    F(server) F(events) F(driver) F(computing) F(pool) F(waiting) F(construction) F(check)

/* Operations of a namespace in a phase that were acknowledged inside transactions, and of them
 * those of transactions that have ended. */
#define PT_TOTAL_TXN_FIELDS(F) F(opened) F(committed) F(aborted)

/* Sections: constant, name, rows, field list, cells behind the fields. */
#define PT_TOTAL_SECTIONS(S)                                                                       \
    S(PROCESS, process, 1, PT_TOTAL_PROCESS_FIELDS, 0)                                             \
    S(COMMAND, command, 65, PT_TOTAL_COMMAND_FIELDS, 0)                                            \
    S(ERROR, error, 257, PT_TOTAL_ERROR_FIELDS, 0)                                                 \
    S(SERVER, server, 33, PT_TOTAL_SERVER_FIELDS, 0)                                               \
    S(RETRY, retry, 33, PT_TOTAL_RETRY_FIELDS, 0)                                                  \
    S(WORK, work, 513, PT_TOTAL_WORK_FIELDS, 0)                                                    \
    S(PHASE, phase, 20, PT_TOTAL_PHASE_FIELDS, PT_TOTAL_BUCKETS)                                   \
    S(THREAD, thread, 1025, PT_TOTAL_THREAD_FIELDS, 0)                                             \
    S(TXN, txn, 129, PT_TOTAL_TXN_FIELDS, 0)

#define PT_TOTAL_FIELD(name) int64_t name;
#define PT_TOTAL_ROW(constant, name, rows, FIELDS, more)                                           \
    struct pt_total_##name {                                                                       \
        int64_t key;                                                                               \
        FIELDS(PT_TOTAL_FIELD)                                                                     \
    };
PT_TOTAL_SECTIONS(PT_TOTAL_ROW)

enum pt_total_section {
#define PT_TOTAL_SECTION_ENUM(constant, name, rows, FIELDS, more) PT_TOTAL_##constant,
    PT_TOTAL_SECTIONS(PT_TOTAL_SECTION_ENUM)
#undef PT_TOTAL_SECTION_ENUM
        PT_TOTAL_SECTION_COUNT
};

#define PT_TOTAL_ROW_CELLS(name, more) ((uint32_t)(sizeof(struct pt_total_##name) / 8u) + (more))

/* One area. `stored`, in the first one: 1 once the log holds both as TOTAL documents. */
struct pt_totals {
    int64_t stored;
#define PT_TOTAL_AREA(constant, name, rows, FIELDS, more)                                          \
    int64_t name[rows][PT_TOTAL_ROW_CELLS(name, more)];
    PT_TOTAL_SECTIONS(PT_TOTAL_AREA)
#undef PT_TOTAL_AREA
};
#define PT_TOTAL_CELLS ((uint32_t)(sizeof(struct pt_totals) / 8u))

/* One new value of a cell. */
struct pt_total_redo {
    uint64_t cell;
    int64_t value;
};
#define PT_TOTAL_REDO_COUNT 8192u

/* The key of a namespace in a phase: 8 bits of phase, 32 of namespace. */
#define PT_TOTAL_WORK_KEY(name_space, phase)                                                       \
    ((int64_t)((uint64_t)((uint32_t)(phase) & 255u) << 32 | (uint32_t)(name_space)))

/* The namespace of the row that has those of all namespaces. */
#define PT_TOTAL_ALL_NAMESPACES UINT32_MAX

/* The key of an error: 3 bits of origin, 8 of domain, 20 of namespace, 32 of code. */
#define PT_TOTAL_ERROR_KEY(where, domain, name_space, code)                                        \
    ((int64_t)((uint64_t)((uint32_t)(where) & 7u) << 60 |                                          \
               (uint64_t)((uint32_t)(domain) & 255u) << 52 |                                       \
               (uint64_t)((uint32_t)(name_space) & 0xFFFFFu) << 32 | (uint32_t)(code)))

#endif
