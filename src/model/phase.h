/* SPDX-License-Identifier: Apache-2.0 */
/*
 * phase.h: statistics of one phase and its first entries. Memory per phase is one histogram and at
 * most the allowed number of entries.
 *
 * While a log is read, its phases are kept by id; at its end they are merged by name into those of
 * the model. Times are nanoseconds: of the process's CLOCK_MONOTONIC before the merge, since 1970
 * after it.
 */
#ifndef PHASETAP_PHASE_H
#define PHASETAP_PHASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/histogram.h"
#include "model/phase_use.h"
#include "model/write_outcome.h"

struct pt_process;

/* Added to the name of a recognised phase when the program annotates one of the same name. */
#define PT_RECOGNISED_SUFFIX " (recognised)"

enum pt_entry_kind { PT_ENTRY_CALL, PT_ENTRY_CONNECTION, PT_ENTRY_MASKING, PT_ENTRY_ANNOTATED };

/* Different errors kept of one call; more are in the totals only. */
#define PT_CALL_CODES 8

/* What the documents before a span said about its call. */
struct pt_call_detail {
    int64_t writes[PT_WRITE_COUNTS];
    struct pt_outcome outcome;
    struct {
        int32_t where, domain, code, name_space;
        int64_t count;
        int64_t t_ns; /* 0: not known */
    } codes[PT_CALL_CODES];
    int code_count;
    bool has_writes;
    bool counted;          /* the writes are in the phase already */
    int32_t first_command; /* -1: none */
};

struct pt_entry {
    const struct pt_process *process; /* whose names the ids are of */
    int64_t start_ns;
    int64_t end_ns;
    int64_t
        duration_ns; /* of masking the CPU time, of a connection with the construction before it */
    int32_t thread;
    int32_t name_space; /* id, 0: not known */
    int32_t command;    /* id of the first command, -1: none */
    int32_t function;   /* id, 0: not known */
    int32_t parent;     /* phase id of the annotated phase around this one, 0: none */
    uint8_t kind;       /* enum pt_entry_kind */
    bool failed;
    bool writing;
    bool open;         /* has no end */
    bool has_cpu;      /* of a call: `cpu_ns` is known */
    int64_t cpu_ns;    /* of a call, the CPU time of its thread in it, connecting included */
    int64_t documents; /* of masking those read, of a write those requested */
    int64_t documents_written; /* of masking */
    int64_t bytes;
    int64_t commands;
    int64_t connecting_ns, other_ns; /* of a call, between start and end: connecting again, and its
                                        commands of other phases */
    struct pt_call_detail *detail;   /* owned; NULL: no write counts and no errors */
    uint8_t *metadata;               /* owned BSON, NULL: none */
    uint8_t *result_metadata;        /* owned BSON, NULL: none */
};

struct pt_phase_stats {
    const char *name; /* owned by the model, or `told_apart`; NULL before the merge */
    char *told_apart; /* owned; NULL: no phase of the other kind has the same name */
    bool annotated;   /* entered by the program; set by the model, false while a log is read */
    bool masking, connection;
    bool writing; /* its documents are those that the server acknowledged */
    int64_t count, failed;
    int64_t sum_ns, min_ns, max_ns;
    int64_t first_start_ns;
    int64_t documents_read,
        documents_written; /* of masking both; of others read, or requested for a write */
    int64_t bytes, commands;
    int64_t cpu_ns;     /* of the calls' threads, in as many as `cpu_calls` entries */
    int64_t cpu_calls;  /* pt_phase_knows_cpu() */
    int64_t waiting_ns; /* of masking */
    int64_t writes[PT_WRITE_COUNTS];
    struct pt_outcome outcome;
    bool has_writes;
    int64_t open;
    struct pt_histogram durations;
    struct pt_entry *entries;
    size_t kept, room;
    uint64_t entries_total;
    bool timed;                 /* while a log is read: `busy` is kept */
    struct pt_time_series busy; /* time of all threads in it (value 0); empty after the merge */
    struct pt_phase_use use;    /* after the merge */
};

/* The CPU time of every completed entry is known. */
static inline bool pt_phase_knows_cpu(const struct pt_phase_stats *phase)
{
    return phase->count > 0 && phase->cpu_calls == phase->count;
}

/*
 * Counts an entry (which has ended unless `open`) and keeps it when fewer than `limit` are kept.
 * What the entry owns is taken over, or freed when it is not kept.
 */
void pt_phase_add(struct pt_phase_stats *phase, struct pt_entry *entry, size_t limit);

/* Moves everything of `from` into `to`, times shifted by `offset_ns`; `from` is empty afterwards.
 */
void pt_phase_merge(struct pt_phase_stats *to, struct pt_phase_stats *from, int64_t offset_ns,
                    size_t limit);

/* Entries by their start. */
void pt_phase_sort(struct pt_phase_stats *phase);

/* A percentile of the durations, never outside the shortest and longest. False when the phase has
 * too few entries for it (pt_histogram_least). */
bool pt_phase_percentile(const struct pt_phase_stats *phase, double percent, int64_t *ret_ns);

/* Documents of the phase: of masking the larger of those read and those written; of a phase that
 * writes those that the server acknowledged. */
int64_t pt_phase_documents(const struct pt_phase_stats *phase);

/* What became of what it was asked to write; all 0 for a phase that does not write. */
struct pt_outcome pt_phase_outcome(const struct pt_phase_stats *phase);

void pt_entry_release(struct pt_entry *entry);
void pt_phase_release(struct pt_phase_stats *phase);

#endif
