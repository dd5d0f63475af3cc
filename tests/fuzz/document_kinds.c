/* SPDX-License-Identifier: Apache-2.0 */
#include "document_kinds.h"

#include <bson/bson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <phasetap/log_format.h>

#define DEPTH_HIGHEST 70

/* ---- documents of a fixed layout ---- */

#define RANDOM_I(name) document->name = (int32_t)chance_number(chance);
#define RANDOM_L(name) document->name = chance_number(chance);
#define MAKE_FIXED(tag, FIELDS, pad, kind)                                                         \
    static bson_t *make_##tag(struct chance *chance)                                               \
    {                                                                                              \
        struct pt_doc_##tag made = PT_TEMPLATE(tag, FIELDS, pad);                                  \
        struct pt_doc_##tag *document = &made;                                                     \
        FIELDS(RANDOM_I, RANDOM_L)                                                                 \
        made.k = PT_KIND_##kind;                                                                   \
        return bson_new_from_data((const uint8_t *)&made, sizeof made);                            \
    }
PT_DOCUMENTS(MAKE_FIXED)

#define FIXED_ROW(tag, FIELDS, pad, kind) make_##tag,
static bson_t *(*const fixed_makers[])(struct chance *) = {PT_DOCUMENTS(FIXED_ROW)};
#define FIXED_COUNT (sizeof fixed_makers / sizeof fixed_makers[0])

/* ---- free documents: the keys of each kind, with the type that belongs there ---- */

/* i int32, l int64, d double, s text, t date, b bool, o document, n table of names */
struct field {
    const char *key;
    char type;
};
#define FIELDS_HIGHEST 48
static const struct {
    int32_t kind;
    struct field fields[FIELDS_HIGHEST];
} free_kinds[] = {
    {PT_KIND_MANIFEST,
     {{"format", 's'},
      {"version", 'i'},
      {"chunk_bytes", 'i'},
      {"tool", 's'},
      {"pid", 'l'},
      {"ppid", 'l'},
      {"program", 's'},
      {"boot_id", 's'},
      {"start_ticks", 'l'},
      {"start", 'l'},
      {"t", 'l'},
      {"realtime_ns", 'l'},
      {"date", 't'},
      {"clock_ns", 'l'},
      {"cpu_clock_ns", 'l'},
      {"event_ns", 'l'},
      {"interval_ns", 'l'},
      {"follow", 'b'},
      {"phases", 'n'},
      {"commands", 'n'},
      {"functions", 'n'},
      {"reasons", 'n'},
      {"invalid_variables", 'n'},
      {"unknown_variables", 'n'},
      {"unknown_count", 'l'},
      {"ring", 's'},
      {"ring_place", 's'},
      {"part", 'i'},
      {"host", 's'},
      {"run", 's'},
      {"run_given", 'b'},
      {"trace_id", 's'},
      {"parent_span_id", 's'},
      {"parent_ticks", 'l'},
      {"grandparent", 'l'},
      {"grandparent_ticks", 'l'},
      {"time_ns", 'l'},
      {"time_offset", 'l'},
      {"names", 's'}}},
    {PT_KIND_NAME,
     {{"id", 'l'}, {"class", 'c'}, {"name", 's'}, {"database", 's'}, {"collection", 's'}}},
    {PT_KIND_THREAD,
     {{"th", 'i'},
      {"tid", 'i'},
      {"t", 'l'},
      {"ev", 'e'},
      {"clocks", 'l'},
      {"cpus", 'l'},
      {"events", 'l'}}},
    {PT_KIND_DRIVER, {{"version", 's'}, {"soname", 's'}}},
    {PT_KIND_BEGIN,
     {{"th", 'i'}, {"ph", 'i'}, {"q", 'i'}, {"parent", 'i'}, {"t", 'l'}, {"m", 'o'}, {"cut", 'i'}}},
    {PT_KIND_FINISH,
     {{"th", 'i'}, {"ph", 'i'}, {"q", 'i'}, {"t", 'l'}, {"d", 'l'}, {"rm", 'o'}, {"cut", 'i'}}},
    {PT_KIND_MISUSE, {{"th", 'i'}, {"ph", 'i'}, {"w", 'i'}, {"t", 'l'}}},
    {PT_KIND_THROUGHPUT, {{"th", 'i'}, {"t", 'l'}, {"n", 'l'}, {"s", 'd'}}},
    {PT_KIND_CLOCK, {{"t", 'l'}, {"clk", 'i'}, {"dev", 'l'}, {"cost", 'l'}}},
    {PT_KIND_HELPER, {{"tid", 'i'}, {"t", 'l'}, {"name", 's'}, {"cpu", 'l'}, {"rdy", 'l'}}},
    {PT_KIND_TOTAL,
     {{"of", 's'},
      {"key", 'l'},
      {"count", 'l'},
      {"sum", 'l'},
      {"min", 'l'},
      {"max", 'l'},
      {"h", 'o'}}},
    {PT_KIND_RESET, {{"th", 'i'}, {"t", 'l'}}},
    {PT_KIND_END, {{"t", 'l'}, {"date", 't'}, {"busy", 'i'}, {"lost", 'i'}, {"reason", 'i'}}},
    {PT_KIND_RUN_END, {{"date", 't'}, {"status", 'l'}, {"signal", 'l'}}},
    {PT_KIND_UNSEEN, {{"why", 'i'}, {"object", 's'}}},
    {99, {{"th", 'i'}, {"x", 'o'}}},
};
#define FREE_COUNT (sizeof free_kinds / sizeof free_kinds[0])

static const char *make_text(struct chance *chance)
{
    static const char *const texts[] = {"plain",
                                        "",
                                        "\x1b[2J",
                                        "\xc2\x9b"
                                        "2J",
                                        "\xe2\x80\xae",
                                        "\xff\xfe",
                                        "\xf0\x9f",
                                        "Document Query",
                                        "failed",
                                        "a.b",
                                        "%s%n%s%n",
                                        "\"\\\n",
                                        "db\x7f",
                                        "\xed\xa0\x80",
                                        "0123456789012345678901234567"
                                        "890123456789"};
    return texts[chance_below(chance, sizeof texts / sizeof texts[0])];
}

static void add_field(struct chance *chance, bson_t *to, const char *key, char type, int depth);

/* Fields of any type, also below one another. */
static void add_any(struct chance *chance, bson_t *to, int depth)
{
    static const char types[] = "ildstboxna";
    uint32_t count = chance_below(chance, depth > 6 ? 2 : 4);
    for (uint32_t i = 0; i < count || (count > 0 && depth < DEPTH_HIGHEST && i == count &&
                                       chance_below(chance, 40) == 0);
         i++) {
        add_field(chance, to, i == 0 ? "status" : make_text(chance),
                  types[chance_below(chance, sizeof types - 1)], depth + 1);
    }
}

static void add_names(struct chance *chance, bson_t *to)
{
    char key[24];
    for (uint32_t i = chance_below(chance, 4); i > 0; i--) {
        bson_snprintf(key, sizeof key, "%lld", (long long)chance_number(chance));
        if (chance_below(chance, 8) == 0) {
            add_field(chance, to, key, 'l', DEPTH_HIGHEST);
        } else {
            bson_append_utf8(to, key, -1, make_text(chance), -1);
        }
    }
}

/* A chain of documents deeper than any output follows. */
static void add_deep(bson_t *to, const char *key, int depth)
{
    bson_t child;
    if (depth == 0) {
        bson_append_int32(to, key, -1, 1);
        return;
    }
    bson_append_document_begin(to, key, -1, &child);
    add_deep(&child, "d", depth - 1);
    bson_append_document_end(to, &child);
}

static void add_container(struct chance *chance, bson_t *to, const char *key, char type, int depth)
{
    bson_t child;
    if (type == 'o' && depth == 0 && chance_below(chance, 16) == 0) {
        add_deep(to, key, DEPTH_HIGHEST);
        return;
    }
    if (type == 'a') {
        bson_append_array_begin(to, key, -1, &child);
    } else {
        bson_append_document_begin(to, key, -1, &child);
    }
    if (type == 'n') {
        add_names(chance, &child);
    } else if (depth < DEPTH_HIGHEST) {
        add_any(chance, &child, depth);
    }
    if (type == 'a') {
        bson_append_array_end(to, &child);
    } else {
        bson_append_document_end(to, &child);
    }
}

static void add_text(struct chance *chance, bson_t *to, const char *key, char type)
{
    if (type == 'c') {
        const char *classes[] = {"phase", "namespace", "other"};
        bson_append_utf8(to, key, -1, classes[chance_below(chance, 3)], -1);
    } else if (type == 'e') {
        bson_append_utf8(to, key, -1, chance_below(chance, 2) == 0 ? "first" : "end", -1);
    } else if (chance_below(chance, 16) == 0) {
        bson_append_utf8(to, key, -1, "a\0b", 3);
    } else {
        bson_append_utf8(to, key, -1, make_text(chance), -1);
    }
}

static void add_field(struct chance *chance, bson_t *to, const char *key, char type, int depth)
{
    bson_oid_t oid = {{1, 2, 3}};
    switch (type) {
    case 'i':
        bson_append_int32(to, key, -1, (int32_t)chance_number(chance));
        break;
    case 'l':
        bson_append_int64(to, key, -1, chance_number(chance));
        break;
    case 'd':
        bson_append_double(to, key, -1, (double)chance_number(chance) / chance_below(chance, 3));
        break;
    case 't':
        bson_append_date_time(to, key, -1, chance_number(chance));
        break;
    case 'b':
        bson_append_bool(to, key, -1, chance_below(chance, 2) == 0);
        break;
    case 'x':
        bson_append_oid(to, key, -1, &oid);
        break;
    case 'o':
    case 'n':
    case 'a':
        add_container(chance, to, key, type, depth);
        break;
    default:
        add_text(chance, to, key, type);
    }
}

static bson_t *make_free(struct chance *chance, size_t which)
{
    static const char types[] = "ildstbona";
    bson_t *made = bson_new();
    bson_append_int32(made, "k", -1, free_kinds[which].kind);
    for (const struct field *field = free_kinds[which].fields; field->key != NULL; field++) {
        uint32_t luck = chance_below(chance, 32);
        char type = luck == 0 ? types[chance_below(chance, sizeof types - 1)] : field->type;
        if (luck != 1) {
            add_field(chance, made, field->key, type, 0);
        }
    }
    return made;
}

bson_t *fuzz_document(struct chance *chance)
{
    uint32_t which = chance_below(chance, FIXED_COUNT + 2 * FREE_COUNT);
    return which < FIXED_COUNT ? fixed_makers[which](chance)
                               : make_free(chance, (which - FIXED_COUNT) % FREE_COUNT);
}

bson_t *fuzz_manifest(bool chunks)
{
    bson_t *made = bson_new();
    bson_append_int32(made, "k", -1, PT_KIND_MANIFEST);
    bson_append_utf8(made, "format", -1, PT_LOG_MAGIC, -1);
    bson_append_int32(made, "version", -1, chunks ? PT_FORMAT_CHUNKS : PT_FORMAT_VERSION);
    bson_append_int32(made, "chunk_bytes", -1, FUZZ_CHUNK_BYTES);
    bson_append_int64(made, "t", -1, 1000000000);
    if (!chunks) {
        bson_append_utf8(made, "ring", -1, FUZZ_RING_ID, -1);
    }
    bson_append_int64(made, "realtime_ns", -1, 1736002800000000000);
    return made;
}
