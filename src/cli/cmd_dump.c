/* SPDX-License-Identifier: Apache-2.0 */
/* `phasetap dump`: every document of a log as one line of JSON, in the order of the file. */
#include <inttypes.h>
#include <stdio.h>

#include "cli/commands.h"
#include "cli/inputs.h"
#include "cli/stdin_log.h"
#include "log/bson_field.h"
#include "log/log_names.h"
#include "log/log_reader.h"
#include "log/log_texts.h"
#include "report/dump_keys.h"
#include "report/json_bson.h"
#include "report/report.h"
#include "text/args.h"
#include "text/shown_path.h"
#include "text/usage.h"

#define EXIT_STATUSES                                                                              \
    "Exit status: 0 success (damaged parts of the log are skipped with a warning),\n"              \
    "1 standard output could not be written, 2 wrong usage or an unreadable log.\n"

struct dump {
    struct pt_json json;
    struct pt_names names;
};

static int learn(void *context, const struct pt_record *record)
{
    struct dump *dump = context;
    pt_names_learn(&dump->names, record);
    return 0;
}

static int print_raw(void *context, const struct pt_record *record)
{
    struct dump *dump = context;
    pt_json_bson_document(&dump->json, NULL, record->data, record->length_bytes);
    return ferror(dump->json.out);
}

/* The name behind a number, or NULL. Id 0 of phases, namespaces and functions means: not known. */
static const char *resolve(const struct dump *dump, const struct pt_key_name *name, int64_t number)
{
    switch (name->meaning) {
    case PT_MEANS_KIND:
        return pt_kind_text((int32_t)number);
    case PT_MEANS_NAME:
        return pt_names_find(&dump->names, name->class, number);
    case PT_MEANS_STATUS:
        return number == PT_STATUS_OK ? "success" : "failed";
    case PT_MEANS_WHERE:
        return pt_error_where_text((int32_t)number);
    case PT_MEANS_TXN:
        return pt_txn_text((int32_t)number);
    case PT_MEANS_MISUSE:
        return pt_misuse_text((int32_t)number);
    case PT_MEANS_UNSEEN:
        return pt_unseen_reason((int32_t)number);
    case PT_MEANS_CLOCK:
        return pt_clock_text((int32_t)number);
    default:
        return NULL;
    }
}

static void print_element(struct dump *dump, int32_t kind, const bson_iter_t *iter)
{
    const char *key = bson_iter_key(iter);
    const struct pt_key_name *name = pt_key_find(kind, key);
    int64_t number;
    if (key[0] == '_') {
        return;
    }
    if (name == NULL) {
        pt_json_bson_value(&dump->json, key, iter);
    } else if (name->meaning == PT_MEANS_ITSELF || !pt_iter_int(iter, &number)) {
        pt_json_bson_value(&dump->json, name->long_name, iter);
    } else if (name->meaning == PT_MEANS_NAME && number == 0 && name->class != PT_NAME_REASON &&
               name->class != PT_NAME_COMMAND) {
        pt_json_null(&dump->json, name->long_name);
    } else {
        const char *text = resolve(dump, name, number);
        if (text != NULL) {
            pt_json_string(&dump->json, name->long_name, text);
        } else {
            pt_json_int(&dump->json, name->long_name, number);
        }
    }
}

static int print_named(void *context, const struct pt_record *record)
{
    struct dump *dump = context;
    bson_t document;
    bson_iter_t iter;
    pt_json_open_object(&dump->json, NULL);
    if (pt_iter_open(record->data, record->length_bytes, &document, &iter)) {
        while (bson_iter_next(&iter)) {
            print_element(dump, record->kind, &iter);
        }
    }
    pt_json_close_object(&dump->json);
    return ferror(dump->json.out);
}

static void tell_damage(const struct pt_log_facts *facts, const char *path)
{
    if (facts->damaged_bytes > 0) {
        pt_warn("'%s' is damaged: %" PRIu64 " bytes in %" PRIu64
                " places were skipped; all other documents were printed",
                path, facts->damaged_bytes, facts->damaged_places);
    }
    if (facts->torn > 0) {
        pt_warn("'%s' contains %" PRIu64
                " incomplete events: their thread was killed while writing them",
                path, facts->torn);
    }
}

static int dump_log(const char *given, bool raw)
{
    struct pt_log log;
    struct dump dump;
    const char *path = pt_input_path(given);
    if (path == NULL) {
        return PT_EXIT_USAGE;
    }
    int code = pt_log_open(&log, path);
    if (code != PT_LOG_OK) {
        return pt_fail_log(code, path);
    }
    pt_json_init(&dump.json, stdout, false);
    pt_names_init(&dump.names);
    /* A name may stand behind its first use, in the chunk of another thread. */
    code = raw ? 0 : pt_log_walk(&log, learn, &dump);
    if (code == PT_LOG_OK) {
        code = pt_log_walk(&log, raw ? print_raw : print_named, &dump);
    }
    tell_damage(&log.facts, pt_shown_path(path));
    pt_names_release(&dump.names);
    pt_log_release(&log);
    return code < 0 ? pt_fail_log(code, path) : PT_EXIT_OK;
}

int pt_cmd_dump(int argc, char **argv)
{
    const char *raw = NULL;
    const struct pt_flag flags[] = {
        {.name = "raw", .help = "keep short keys and numeric ids, as in the file", .value = &raw},
        {.name = NULL},
    };
    static const struct pt_manual manual = {
        .name = "dump",
        .synopsis = "dump [--raw] LOG",
        .summary = "Print every document of a log as one line of JSON.",
        .examples = "  phasetap dump run.bson | jq -c 'select(.kind == \"span\")'\n"
                    "  phasetap dump --raw run.bson\n",
        .details = EXIT_STATUSES,
        .usage_status = PT_EXIT_USAGE,
    };
    int status = pt_args_parse(&manual, flags, &argc, argv);
    if (status != PT_ARGS_GO) {
        return status;
    }
    if (argc != 1) {
        return pt_fail(PT_EXIT_USAGE, "dump takes exactly one log; see 'phasetap dump --help'");
    }
    return dump_log(argv[0], raw != NULL);
}
