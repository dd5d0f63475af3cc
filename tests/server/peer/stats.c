/* SPDX-License-Identifier: Apache-2.0 */
/* Counts; stats.h is the manual. */
#include "stats.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "bson_out.h"
#include "commands.h"

static const struct {
    const char *name;
    size_t offset;
} TOTALS[] = {
    {"connections", offsetof(struct stats, connections)},
    {"connections_open", offsetof(struct stats, connections_open)},
    {"received_bytes", offsetof(struct stats, received_bytes)},
    {"sent_bytes", offsetof(struct stats, sent_bytes)},
};

static const struct {
    const char *name;
    size_t offset;
} COUNTS[] = {
    {"commands", offsetof(struct command_counts, commands)},
    {"failed", offsetof(struct command_counts, failed)},
    {"documents", offsetof(struct command_counts, documents)},
    {"bytes", offsetof(struct command_counts, bytes)},
    {"service_ns", offsetof(struct command_counts, service_ns)},
};

enum {
    TOTAL_COUNT = sizeof TOTALS / sizeof TOTALS[0],
    COUNT_COUNT = sizeof COUNTS / sizeof COUNTS[0],
};

static _Atomic uint64_t *counter_at(void *base, size_t offset)
{
    return (_Atomic uint64_t *)((char *)base + offset);
}

static uint64_t read_at(void *base, size_t offset)
{
    return atomic_load_explicit(counter_at(base, offset), memory_order_relaxed);
}

/* The i-th row that can have counts and its name; NULL after the last. */
static struct command_counts *row(struct stats *stats, size_t i, const char **name)
{
    size_t known = command_count();
    if (i > known) {
        return NULL;
    }
    *name = i < known ? COMMANDS[i].name : "unknown";
    return i < known ? &stats->commands[i] : &stats->unknown;
}

void stats_append(struct stats *stats, struct bson_out *out)
{
    for (size_t i = 0; i < TOTAL_COUNT; i++) {
        bson_out_i64(out, TOTALS[i].name, (int64_t)read_at(stats, TOTALS[i].offset));
    }
    size_t commands = bson_out_document_begin(out, "commands");
    const char *name;
    struct command_counts *counts;
    for (size_t i = 0; (counts = row(stats, i, &name)) != NULL; i++) {
        if (atomic_load(&counts->commands) == 0) {
            continue;
        }
        size_t mark = bson_out_document_begin(out, name);
        for (size_t k = 0; k < COUNT_COUNT; k++) {
            bson_out_i64(out, COUNTS[k].name, (int64_t)read_at(counts, COUNTS[k].offset));
        }
        bson_out_end(out, mark);
    }
    bson_out_end(out, commands);
}

void stats_reset(struct stats *stats)
{
    const char *name;
    struct command_counts *counts;
    for (size_t i = 0; (counts = row(stats, i, &name)) != NULL; i++) {
        for (size_t k = 0; k < COUNT_COUNT; k++) {
            atomic_store(counter_at(counts, COUNTS[k].offset), 0);
        }
    }
    atomic_store(&stats->connections, 0);
    atomic_store(&stats->received_bytes, 0);
    atomic_store(&stats->sent_bytes, 0);
}

static void print_json(struct stats *stats, FILE *file)
{
    fputs("{\n", file);
    for (size_t i = 0; i < TOTAL_COUNT; i++) {
        fprintf(file, "  \"%s\": %" PRIu64 ",\n", TOTALS[i].name, read_at(stats, TOTALS[i].offset));
    }
    fputs("  \"commands\": {", file);
    const char *name, *comma = "";
    struct command_counts *counts;
    for (size_t i = 0; (counts = row(stats, i, &name)) != NULL; i++) {
        if (atomic_load(&counts->commands) == 0) {
            continue;
        }
        fprintf(file, "%s\n    \"%s\": {", comma, name);
        for (size_t k = 0; k < COUNT_COUNT; k++) {
            fprintf(file, "%s\"%s\": %" PRIu64, k != 0 ? ", " : "", COUNTS[k].name,
                    read_at(counts, COUNTS[k].offset));
        }
        fputc('}', file);
        comma = ",";
    }
    fputs("\n  }\n}\n", file);
}

bool stats_save(struct stats *stats, const char *path)
{
    char part[4096];
    if ((size_t)snprintf(part, sizeof part, "%s.part", path) >= sizeof part) {
        return false;
    }
    FILE *file = fopen(part, "w");
    if (file == NULL) {
        return false;
    }
    print_json(stats, file);
    bool written = ferror(file) == 0;
    return fclose(file) == 0 && written && rename(part, path) == 0;
}
