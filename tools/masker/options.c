/* SPDX-License-Identifier: Apache-2.0 */
/* Option table and parser: see options.h. */
#include "options.h"

#include "json_file.h"
#include "message.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum { KIND_TEXT, KIND_COUNT, KIND_SEED, KIND_FLAG, KIND_CONFIG } option_kind;

typedef struct {
    const char *name;
    option_kind kind;
    size_t offset;    /* of the member in options */
    uint32_t minimum; /* KIND_COUNT only */
    uint32_t maximum;
    const char *argument; /* as shown by --help */
    const char *help;
} option_row;

#define TEXT(member)                    KIND_TEXT, offsetof(options, member), 0, 0
#define COUNT(member, minimum, maximum) KIND_COUNT, offsetof(options, member), minimum, maximum
#define FLAG(member)                    KIND_FLAG, offsetof(options, member), 0, 0

/*
 * Upper limits: a cursor batch must fit one server reply, because the end of a batch is found by
 * counting (reader.h); 16 MB hold 10,000 documents of 1.6 KB.
 */
static const option_row rows[] = {
    {"uri", TEXT(uri), "URI", "server to use (default mongodb://127.0.0.1:27017)"},
    {"db", TEXT(db), "NAME", "database (default masking)"},
    {"collections", TEXT(collections), "A,B,C", "collections, in this order (default patients)"},
    {"mode", TEXT(mode_name), "MODE",
     "copy: into NAME_masked, with indexes; in-place: replace by _id"},
    {"rules", TEXT(rules), "FILE", "masking rules (JSON), needed by both modes"},
    {"batch-size", COUNT(batch_size, 1, 100000), "N",
     "documents per bulk write (default 1000, in-place 50)"},
    {"read-batch", COUNT(read_batch, 1, 10000), "N",
     "documents per cursor batch (default: the batch size)"},
    {"workers", COUNT(workers, 0, 256), "N",
     "worker threads behind one reader; 0 (default): one thread, one client"},
    {"checkpoint", TEXT(checkpoint), "FILE",
     "save the position after every batch; reads sorted by _id"},
    {"resume", FLAG(resume), NULL, "continue after the position in the checkpoint file"},
    {"generate", COUNT(generate, 1, 100000000), "N",
     "insert N synthetic documents per collection first"},
    {"seed", KIND_SEED, offsetof(options, seed), 0, 0, "S",
     "seed of the synthetic documents (default 1)"},
    {"drop", FLAG(drop), NULL, "drop the collections that --generate or --mode copy fills"},
    {"no-ping", FLAG(no_ping), NULL, "do not ping the server at the start"},
    {"queue-delay-ms", COUNT(queue_delay_ms, 0, 60000), "D",
     "sleep before each fetch, so that workers wait"},
    {"ground-truth", TEXT(ground_truth), "FILE",
     "write the program's own measurements, tab-separated"},
    {"config", KIND_CONFIG, 0, 0, 0, "FILE", "JSON object with the names above as members"},
    {"verbose", FLAG(verbose), NULL, "add times and rates to the progress"},
    {"help", FLAG(help), NULL, "this text"},
    {"version", FLAG(version), NULL, "version of this program and of the driver"},
};

#define ROW_COUNT ((int)(sizeof rows / sizeof rows[0]))

static void *member(options *result, const option_row *row)
{
    return (char *)result + row->offset;
}

static bool set_text(char **target, const char *value)
{
    char *copy = strdup(value);
    if (copy == NULL) {
        message_error("out of memory");
        return false;
    }
    free(*target);
    *target = copy;
    return true;
}

static bool parse_number(const char *text, uint64_t *ret_value)
{
    char *end = NULL;
    errno = 0;
    const unsigned long long value = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0) {
        return false;
    }
    *ret_value = value;
    return true;
}

static bool set_count(const option_row *row, uint32_t *target, const char *value)
{
    uint64_t number = 0;
    if (!parse_number(value, &number) || number < row->minimum || number > row->maximum) {
        message_error("option --%s: '%s' is not a number from %" PRIu32 " to %" PRIu32, row->name,
                      value, row->minimum, row->maximum);
        return false;
    }
    *target = (uint32_t)number;
    return true;
}

static bool set_seed(const option_row *row, uint64_t *target, const char *value)
{
    if (!parse_number(value, target)) {
        message_error("option --%s: '%s' is not a 64-bit number", row->name, value);
        return false;
    }
    return true;
}

static bool load_config(options *result, const char *file);

static bool set_option(options *result, const option_row *row, const char *value)
{
    switch (row->kind) {
    case KIND_TEXT:
        return set_text(member(result, row), value);
    case KIND_COUNT:
        return set_count(row, member(result, row), value);
    case KIND_SEED:
        return set_seed(row, member(result, row), value);
    case KIND_FLAG:
        *(bool *)member(result, row) = true;
        return true;
    case KIND_CONFIG:
        return true; /* read before everything else: see find_config() */
    }
    return false;
}

static const option_row *find_row(const char *name)
{
    for (int i = 0; i < ROW_COUNT; i++) {
        if (strcmp(rows[i].name, name) == 0 && rows[i].kind != KIND_CONFIG) {
            return &rows[i];
        }
    }
    return NULL;
}

static bool set_from_json(options *result, const char *file, const cJSON *item)
{
    const option_row *row = find_row(item->string);
    if (row == NULL) {
        message_error("configuration file '%s': unknown option '%s'; see --help for the names",
                      file, item->string);
        return false;
    }
    if (row->kind == KIND_FLAG && cJSON_IsBool(item)) {
        *(bool *)member(result, row) = cJSON_IsTrue(item);
        return true;
    }
    if (cJSON_IsString(item) && row->kind != KIND_FLAG) {
        return set_option(result, row, item->valuestring);
    }
    if (cJSON_IsNumber(item) && (row->kind == KIND_COUNT || row->kind == KIND_SEED)) {
        char text[32];
        snprintf(text, sizeof text, "%.0f", item->valuedouble);
        return set_option(result, row, text);
    }
    message_error("configuration file '%s': '%s' has a value of the wrong type", file,
                  item->string);
    return false;
}

static bool load_config(options *result, const char *file)
{
    cJSON *root = json_file_read(file, "configuration file");
    bool good = root != NULL;
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, root)
    {
        good = good && set_from_json(result, file, item);
    }
    cJSON_Delete(root);
    return good;
}

static void fill_getopt(struct option table[])
{
    for (int i = 0; i < ROW_COUNT; i++) {
        const int has_argument = rows[i].kind == KIND_FLAG ? no_argument : required_argument;
        table[i] = (struct option){rows[i].name, has_argument, NULL, 0};
    }
    table[ROW_COUNT] = (struct option){NULL, 0, NULL, 0};
}

typedef bool (*option_visitor)(options *result, const option_row *row, const char *value);

/* Calls `visit` for each argument; the two passes (--config first) differ in the visitor only. */
static bool walk_arguments(options *result, int argument_count, char **arguments,
                           option_visitor visit)
{
    struct option table[ROW_COUNT + 1];
    fill_getopt(table);
    optind = 0; /* start over, with all of getopt's state */
    int index = 0;
    int code = 0;
    while ((code = getopt_long(argument_count, arguments, ":", table, &index)) == 0) {
        if (!visit(result, &rows[index], optarg)) {
            return false;
        }
    }
    if (code != -1 || optind < argument_count) {
        const char *word = arguments[code == -1 ? optind : optind - 1];
        message_error("%s '%s'; see masker --help",
                      code == ':' ? "missing value after" : "unknown argument", word);
        return false;
    }
    return true;
}

static bool visit_config(options *result, const option_row *row, const char *value)
{
    return row->kind != KIND_CONFIG || load_config(result, value);
}

static bool derive_mode(options *result)
{
    if (result->mode_name == NULL) {
        result->mode = result->generate > 0 ? MODE_NONE : MODE_COPY;
    } else if (strcmp(result->mode_name, "copy") == 0) {
        result->mode = MODE_COPY;
    } else if (strcmp(result->mode_name, "in-place") == 0) {
        result->mode = MODE_IN_PLACE;
    } else {
        message_error("option --mode: '%s' is neither copy nor in-place", result->mode_name);
        return false;
    }
    return true;
}

static bool check_combination(const options *result)
{
    if (result->mode != MODE_NONE && result->rules == NULL) {
        message_error("masking needs rules; give a file with --rules");
        return false;
    }
    if (result->resume && result->checkpoint == NULL) {
        message_error("--resume needs a checkpoint file; give it with --checkpoint");
        return false;
    }
    if (result->resume && (result->drop || result->generate > 0)) {
        message_error("--resume cannot be combined with --drop or --generate: they would undo the "
                      "earlier run");
        return false;
    }
    return true;
}

static bool set_defaults(options *result)
{
    *result = (options){.seed = 1};
    return set_text(&result->uri, "mongodb://127.0.0.1:27017") &&
           set_text(&result->db, "masking") && set_text(&result->collections, "patients");
}

bool options_parse(options *result, int argument_count, char **arguments)
{
    if (!set_defaults(result) || !walk_arguments(result, argument_count, arguments, visit_config) ||
        !walk_arguments(result, argument_count, arguments, set_option)) {
        return false;
    }
    if (result->help || result->version) {
        return true;
    }
    if (!derive_mode(result) || !check_combination(result)) {
        return false;
    }
    if (result->batch_size == 0) {
        result->batch_size = result->mode == MODE_IN_PLACE ? 50 : 1000;
    }
    if (result->read_batch == 0) {
        result->read_batch = result->batch_size > 10000 ? 10000 : result->batch_size;
    }
    return true;
}

void options_release(options *result)
{
    for (int i = 0; i < ROW_COUNT; i++) {
        if (rows[i].kind == KIND_TEXT) {
            free(*(char **)member(result, &rows[i]));
        }
    }
    *result = (options){.seed = 0};
}

void options_print_help(void)
{
    printf("usage: masker [--generate N] [--mode copy|in-place --rules FILE] [options]\n"
           "Masks documents of a MongoDB database by rules. Default mode: copy, or none with "
           "--generate.\n\n");
    for (int i = 0; i < ROW_COUNT; i++) {
        char left[48];
        snprintf(left, sizeof left, "--%s%s%s", rows[i].name, rows[i].argument != NULL ? " " : "",
                 rows[i].argument != NULL ? rows[i].argument : "");
        printf("  %-22s %s\n", left, rows[i].help);
    }
    printf(
        "\nexit status: 0 done, 1 failed while running, 2 wrong option, rules or configuration\n");
}
