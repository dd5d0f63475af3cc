/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/watch_totals.h"

#include <phasetap/total_format.h>
#include <stdlib.h>
#include <string.h>

#include "log/bson_field.h"

/* Negative values are damage. */
static int64_t field(const struct pt_record *record, const char *key)
{
    return pt_max(0, pt_field_int(record, key, 0));
}

static void add(int64_t *sum, const struct pt_record *record, const char *key)
{
    *sum = pt_add(*sum, field(record, key));
}

static void take_process(struct pt_watch_counts *counts, const struct pt_record *record)
{
    counts->thinned |= field(record, "documents") > 0;
    add(&counts->calls, record, "calls");
    add(&counts->connections, record, "established");
    add(&counts->connections, record, "refused");
    counts->last_ns = pt_max(counts->last_ns, field(record, "last"));
}

static void take_phase(struct pt_watch_counts *counts, const struct pt_record *record, int64_t key)
{
    const int64_t writes[PT_WRITE_COUNTS] = {
        [PT_INSERTED] = field(record, "ins"), [PT_MATCHED] = field(record, "mat"),
        [PT_MODIFIED] = field(record, "mod"), [PT_REMOVED] = field(record, "rem"),
        [PT_UPSERTED] = field(record, "ups"), [PT_WRITE_ERRORS] = field(record, "err")};
    int32_t phase = key < PT_PHASE_BUILT_IN_END ? (int32_t)key : 0;
    pt_watch_count_writes(counts, phase, writes);
    add(&counts->refused, record, "ref");
    add(&counts->failed, record, "failed");
    if (pt_watch_is_reading(phase)) {
        add(&counts->read, record, "documents");
    }
}

/* Calls of threads for which there was no row are in the parts too. */
static void take_thread(struct pt_watch_counts *counts, const struct pt_record *record)
{
    struct pt_partition parts = {.connection = field(record, "connection"),
                                 .server_wait = field(record, "server_wait"),
                                 .server = field(record, "server"),
                                 .events = field(record, "events"),
                                 .driver = field(record, "driver"),
                                 .computing = field(record, "computing"),
                                 .pool = field(record, "pool"),
                                 .waiting = field(record, "waiting")};
    pt_watch_spend_all(counts, &parts);
}

void pt_watch_take_total(struct pt_watch_counts *counts, const struct pt_record *record)
{
    int64_t key = pt_field_int(record, "key", 0);
    char *of = pt_field_text(record, "of");
    if (of == NULL || key <= 0) {
        free(of);
        return;
    }
    if (strcmp(of, "process") == 0) {
        take_process(counts, record);
    } else if (strcmp(of, "phase") == 0) {
        take_phase(counts, record, key);
    } else if (strcmp(of, "thread") == 0) {
        take_thread(counts, record);
    } else if (strcmp(of, "error") == 0) {
        add(&counts->errors, record, "count");
    } else if (strcmp(of, "retry") == 0) {
        add(&counts->retries, record, "count");
    }
    free(of);
}
