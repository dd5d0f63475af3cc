/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/schema.h"

#include <stddef.h>
#include <string.h>

#include <phasetap/log_format.h>
#include <phasetap/total_format.h>

#define FIELD_I(name)      {#name, PT_SCHEMA_INT32, 0},
#define FIELD_L(name)      {#name, PT_SCHEMA_INT64, 0},
#define FIELD(key, type)   {#key, PT_SCHEMA_##type, 0}
#define TEXT(key, highest) {#key, PT_SCHEMA_TEXT, highest}
#define NAME(key, highest) {#key, PT_SCHEMA_NAME, highest}
#define TABLE(key)         {#key, PT_SCHEMA_TABLE, 64}
#define END                {NULL, PT_SCHEMA_INT32, 0}

#define FIXED_FIELDS(tag, FIELDS, pad, kind)                                                       \
    static const struct pt_schema_field fields_##tag[] = {FIELDS(FIELD_I, FIELD_L) END};
PT_DOCUMENTS(FIXED_FIELDS)

static const struct pt_schema_field manifest[] = {FIELD(k, INT32),
                                                  TEXT(format, 16),
                                                  FIELD(version, INT32),
                                                  FIELD(chunk_bytes, INT32),
                                                  TEXT(tool, 16),
                                                  FIELD(pid, INT32),
                                                  FIELD(ppid, INT32),
                                                  FIELD(uid, INT32),
                                                  NAME(program, 64),
                                                  TEXT(arch, 16),
                                                  TEXT(boot_id, 36),
                                                  FIELD(start_ticks, INT64),
                                                  FIELD(start, INT64),
                                                  FIELD(t, INT64),
                                                  FIELD(realtime_ns, INT64),
                                                  FIELD(date, DATE),
                                                  FIELD(clock_ns, INT64),
                                                  FIELD(cpu_clock_ns, INT64),
                                                  FIELD(event_ns, INT64),
                                                  FIELD(interval_ns, INT64),
                                                  FIELD(limit_bytes, INT64),
                                                  FIELD(follow, BOOL),
                                                  TABLE(phases),
                                                  TABLE(commands),
                                                  TABLE(functions),
                                                  TABLE(reasons),
                                                  FIELD(invalid_variables, DEFAULTS),
                                                  TABLE(unknown_variables),
                                                  FIELD(unknown_count, INT64),
                                                  FIELD(pid_ns, INT64),
                                                  FIELD(time_ns, INT64),
                                                  FIELD(time_offset, INT64),
                                                  TEXT(ring, 32),
                                                  TEXT(ring_place, 8),
                                                  FIELD(part, INT32),
                                                  NAME(host, 64),
                                                  TEXT(names, 8),
                                                  TEXT(run, 32),
                                                  FIELD(run_given, BOOL),
                                                  TEXT(trace_id, 32),
                                                  TEXT(parent_span_id, 16),
                                                  FIELD(parent_ticks, INT64),
                                                  FIELD(grandparent, INT64),
                                                  FIELD(grandparent_ticks, INT64),
                                                  END};
/* Names of collections and buckets: at most what a server accepts. */
static const struct pt_schema_field name[] = {FIELD(k, INT32),
                                              FIELD(id, INT32),
                                              TEXT(class, 16),
                                              NAME(name, 256),
                                              NAME(database, 256),
                                              NAME(collection, 256),
                                              END};
static const struct pt_schema_field thread[] = {
    FIELD(k, INT32),      FIELD(th, INT32),   FIELD(tid, INT32),
    FIELD(t, INT64),      TEXT(ev, 8),        FIELD(events, INT64),
    FIELD(clocks, INT64), FIELD(cpus, INT64), END};
static const struct pt_schema_field driver[] = {FIELD(k, INT32), TEXT(version, 32),
                                                NAME(soname, 64), END};
static const struct pt_schema_field read_clock[] = {FIELD(k, INT32),    FIELD(t, INT64),
                                                    FIELD(clk, INT32),  FIELD(dev, INT64),
                                                    FIELD(cost, INT64), END};
/* A thread's name is what the program or a library set. */
static const struct pt_schema_field helper[] = {FIELD(k, INT32),
                                                FIELD(tid, INT32),
                                                FIELD(t, INT64),
                                                NAME(name, 32),
                                                FIELD(cpu, INT64),
                                                FIELD(rdy, INT64),
                                                END};
static const struct pt_schema_field begin[] = {
    FIELD(k, INT32), FIELD(th, INT32),     FIELD(ph, INT32),
    FIELD(q, INT32), FIELD(parent, INT32), FIELD(t, INT64),
    FIELD(m, OWN),   FIELD(cut, INT32),    END};
static const struct pt_schema_field leave[] = {FIELD(k, INT32), FIELD(th, INT32),  FIELD(ph, INT32),
                                               FIELD(q, INT32), FIELD(t, INT64),   FIELD(d, INT64),
                                               FIELD(rm, OWN),  FIELD(cut, INT32), END};
static const struct pt_schema_field misuse[] = {FIELD(k, INT32), FIELD(th, INT32), FIELD(ph, INT32),
                                                FIELD(w, INT32), FIELD(t, INT64),  END};
static const struct pt_schema_field throughput[] = {
    FIELD(k, INT32), FIELD(th, INT32), FIELD(t, INT64), FIELD(n, INT64), FIELD(s, DOUBLE), END};
static const struct pt_schema_field reset[] = {FIELD(k, INT32), FIELD(th, INT32), FIELD(t, INT64),
                                               END};
static const struct pt_schema_field ended[] = {FIELD(k, INT32),
                                               FIELD(t, INT64),
                                               FIELD(date, DATE),
                                               FIELD(busy, INT32),
                                               FIELD(lost, INT32),
                                               FIELD(reason, INT32),
                                               END};
static const struct pt_schema_field run_end[] = {FIELD(k, INT32),      FIELD(date, DATE),
                                                 FIELD(status, INT64), FIELD(signal, INT64),
                                                 FIELD(t, INT64),      END};
static const struct pt_schema_field unseen[] = {FIELD(k, INT32), FIELD(why, INT32),
                                                NAME(object, 256), END};

/* Of any section: their fields are int64 all. */
#define TOTAL_SECTION(constant, name, rows, FIELDS, more) FIELDS(FIELD_L)
static const struct pt_schema_field total[] = {FIELD(k, INT32), TEXT(of, 16), FIELD(key, INT64),
                                               PT_TOTAL_SECTIONS(TOTAL_SECTION) FIELD(h, COUNTS),
                                               END};

#define FIXED_KIND(tag, FIELDS, pad, kind) {PT_KIND_##kind, true, fields_##tag},
static const struct pt_schema_kind kinds[] = {
    PT_DOCUMENTS(FIXED_KIND){PT_KIND_MANIFEST, false, manifest},
    {PT_KIND_NAME, false, name},
    {PT_KIND_THREAD, false, thread},
    {PT_KIND_DRIVER, false, driver},
    {PT_KIND_CLOCK, false, read_clock},
    {PT_KIND_HELPER, false, helper},
    {PT_KIND_BEGIN, false, begin},
    {PT_KIND_FINISH, false, leave},
    {PT_KIND_MISUSE, false, misuse},
    {PT_KIND_THROUGHPUT, false, throughput},
    {PT_KIND_RESET, false, reset},
    {PT_KIND_TOTAL, false, total},
    {PT_KIND_END, false, ended},
    {PT_KIND_RUN_END, false, run_end},
    {PT_KIND_UNSEEN, false, unseen},
};

const struct pt_schema_kind *pt_schema_find(int32_t kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (kinds[i].kind == kind) {
            return &kinds[i];
        }
    }
    return NULL;
}

const struct pt_schema_field *pt_schema_field(const struct pt_schema_kind *kind, const char *key)
{
    for (const struct pt_schema_field *field = kind->fields; field->key != NULL; field++) {
        if (strcmp(field->key, key) == 0) {
            return field;
        }
    }
    return NULL;
}

const char *pt_schema_type_text(enum pt_schema_type type)
{
#define TYPE_TEXT(type, text) text,
    static const char *const texts[] = {PT_SCHEMA_TYPES(TYPE_TEXT)};
    return texts[type];
}
