/* SPDX-License-Identifier: Apache-2.0 */
/*
 * masker: masks the documents of a MongoDB database.
 *
 *   masker --db clinic --generate 20000 --seed 7 --collections patients,encounters,claims
 *   masker --db clinic --mode copy --rules rules.json --collections patients,encounters,claims
 *   masker --db clinic --mode in-place --rules rules.json --batch-size 50 --checkpoint
 * position.json masker --db clinic --mode copy --rules rules.json --workers 4 --read-batch 500
 * --batch-size 1000
 *
 * copy:     find -> mask -> unordered bulk insert into NAME_masked -> create the indexes of the
 * rules. in-place: find -> mask -> unordered bulk of replacements by _id.
 *
 * Without workers one thread does everything with one client. With workers a reader thread fills a
 * bounded queue of batches, and each worker masks and writes them with a client of its own from a
 * pool.
 *
 * An ordinary program of the MongoDB C driver: public API only, driver 1.23 to 2.x. It serves as
 * the example of an unmodified masking binary and knows nothing of any profiler; its own clock
 * reads (--ground-truth) are what a profiler's figures can be held against.
 *
 * Standard output is the same for the same input, whatever the time it took (unless --verbose).
 * Exit status: 0 done, 1 failed while running, 2 wrong option, rules or configuration.
 */
#include "generate.h"
#include "job.h"
#include "message.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MASKER_VERSION "1.0"

typedef struct {
    const options *options;
    const rule_set *rules;  /* NULL when only generating */
    checkpoint *checkpoint; /* NULL: none */
    connection *connection;
} run;

typedef bool (*collection_action)(run *work, const char *collection);

static bool for_each_collection(run *work, collection_action act)
{
    char *names = strdup(work->options->collections);
    char *rest = NULL;
    bool good = names != NULL;
    char *name = good ? strtok_r(names, ",", &rest) : NULL;
    while (good && name != NULL) {
        good = act(work, name);
        name = strtok_r(NULL, ",", &rest);
    }
    free(names);
    return good;
}

static bool write_generated(writer *target, const options *opts, const char *collection,
                            uint64_t *ret_bytes)
{
    bson_t document = BSON_INITIALIZER;
    bool good = true;
    for (uint32_t i = 0; good && i < opts->generate; i++) {
        bson_reinit(&document);
        generate_document(collection, opts->seed, i, &document);
        *ret_bytes += document.len;
        good = writer_append(target, &document) &&
               (target->count < opts->batch_size || writer_flush(target));
    }
    bson_destroy(&document);
    return good && writer_flush(target);
}

static bool generate_collection(run *work, const char *collection)
{
    const options *opts = work->options;
    writer target;
    uint64_t bytes = 0;
    if (opts->drop && !db_drop(work->connection, collection)) {
        return false;
    }
    writer_open(&target, work->connection, collection, false, false);
    truth_set_namespace(work->connection->log, target.namespace);
    const bool good = write_generated(&target, opts, collection, &bytes);
    writer_close(&target);
    if (good) {
        printf("%s: generated %" PRIu32 " documents, %" PRIu64 " bytes\n", collection,
               opts->generate, bytes);
    }
    return good;
}

static uint32_t count_indexes(const index_rule *list)
{
    uint32_t count = 0;
    for (; list != NULL; list = list->next) {
        count++;
    }
    return count;
}

static void print_totals(const job *done, const run *work)
{
    const bool copying = work->options->mode == MODE_COPY;
    const uint32_t indexes = copying ? count_indexes(done->rules->indexes) : 0;
    printf("%s -> %s: %" PRIu64 " documents, %" PRIu64 " bytes, %" PRIu64 " values masked, %" PRIu32
           " indexes\n",
           done->source, done->target, done->totals.documents, done->totals.bytes,
           done->totals.values, indexes);
    fflush(stdout);
}

/* Everything after the position is known: documents, then indexes, then the mark that the
 * collection is finished. */
static bool run_job(run *work, job *current)
{
    const options *opts = work->options;
    const bool good = opts->workers > 0 ? job_run_workers(current) : job_run_single(current);
    if (!good) {
        return false;
    }
    if (opts->mode == MODE_COPY &&
        !db_create_indexes(work->connection, current->target, current->rules->indexes)) {
        return false;
    }
    print_totals(current, work);
    return work->checkpoint == NULL || checkpoint_save_finished(work->checkpoint, current->source);
}

static bool run_from_position(run *work, job *current)
{
    progress shown;
    uint64_t documents = 0;
    if (work->checkpoint != NULL) {
        current->after = checkpoint_position(work->checkpoint, current->source, &documents);
    }
    if (current->after != NULL) {
        printf("%s: resumed after %" PRIu64 " documents\n", current->source, documents);
    }
    progress_init(&shown, work->checkpoint, current->source, documents, work->options->verbose);
    current->progress = &shown;
    const bool good = run_job(work, current);
    progress_release(&shown);
    return good;
}

static bool mask_collection(run *work, const char *collection)
{
    char target[512];
    const bool copying = work->options->mode == MODE_COPY;
    snprintf(target, sizeof target, "%s%s", collection, copying ? "_masked" : "");
    if (work->checkpoint != NULL && checkpoint_is_finished(work->checkpoint, collection)) {
        printf("%s: already finished\n", collection);
        return true;
    }
    if (copying && work->options->drop && !db_drop(work->connection, target)) {
        return false;
    }
    job current = {.connection = work->connection,
                   .rules = rules_for(work->rules, collection),
                   .source = collection,
                   .target = target};
    return run_from_position(work, &current);
}

/* In-place replacement finds documents by their _id, so the rules must leave it alone. */
static bool check_collection(run *work, const char *collection)
{
    if (strlen(collection) > 200) {
        message_error("option --collections: a name of more than 200 bytes");
        return false;
    }
    if (work->rules == NULL || work->options->mode != MODE_IN_PLACE) {
        return true;
    }
    const rule_node *node = rule_node_find(&rules_for(work->rules, collection)->root, "_id", 3);
    if (node == NULL || (node->action.kind <= ACTION_KEEP && node->first_child == NULL)) {
        return true;
    }
    message_error("rules file '%s': collection '%s' has a rule for _id, which in-place masking "
                  "cannot change; "
                  "add \"_id\": \"keep\" or use --mode copy",
                  work->options->rules, collection);
    return false;
}

static bool run_connected(run *work)
{
    if (!work->options->no_ping) {
        if (!db_ping(work->connection)) {
            return false;
        }
        puts("connected");
    }
    return (work->options->generate == 0 || for_each_collection(work, generate_collection)) &&
           (work->options->mode == MODE_NONE || for_each_collection(work, mask_collection));
}

/* Returns the exit status. */
static int run_all(run *work, truth *record, truth_log *log)
{
    database source;
    connection own;
    int status =
        EXIT_STATUS_USAGE; /* the URI is all that can be wrong before the server is asked */
    truth_thread_start(log);
    mongoc_init();
    if (database_open(&source, work->options, record, log)) {
        connection_open(&own, &source, log);
        work->connection = &own;
        status = run_connected(work) ? EXIT_STATUS_OK : EXIT_STATUS_FAILED;
        connection_close(&own);
    }
    database_close(&source);
    mongoc_cleanup();
    truth_thread_end(log);
    return status;
}

static bool close_output(void)
{
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        message_error("standard output cannot be written");
        return false;
    }
    return true;
}

static int run_with_truth(run *work)
{
    truth *record = truth_new(work->options->ground_truth);
    if (record == NULL) {
        message_error("out of memory");
        return EXIT_STATUS_FAILED;
    }
    const int status = run_all(work, record, truth_log_open(record));
    const bool written = truth_write(record);
    truth_free(record);
    return status == EXIT_STATUS_OK && !written ? EXIT_STATUS_FAILED : status;
}

static int run_with_rules(const options *opts, rule_set *rules)
{
    run work = {.options = opts, .rules = rules};
    if (!for_each_collection(&work, check_collection)) {
        return EXIT_STATUS_USAGE;
    }
    if (opts->checkpoint != NULL && opts->mode != MODE_NONE) {
        const char *mode = opts->mode == MODE_COPY ? "copy" : "in-place";
        work.checkpoint = checkpoint_open(opts->checkpoint, opts->db, mode, opts->resume);
        if (work.checkpoint == NULL) {
            return EXIT_STATUS_USAGE;
        }
    }
    const int status = run_with_truth(&work);
    checkpoint_free(work.checkpoint);
    return status;
}

static int run_options(const options *opts)
{
    if (opts->help) {
        options_print_help();
        return EXIT_STATUS_OK;
    }
    if (opts->version) {
        printf("masker %s, libmongoc %s\n", MASKER_VERSION, mongoc_get_version());
        return EXIT_STATUS_OK;
    }
    rule_set *rules = opts->mode != MODE_NONE ? rules_load(opts->rules) : NULL;
    if (opts->mode != MODE_NONE && rules == NULL) {
        return EXIT_STATUS_USAGE;
    }
    const int status = run_with_rules(opts, rules);
    rules_free(rules);
    return status;
}

int main(int argument_count, char **arguments)
{
    options opts;
    const int status =
        options_parse(&opts, argument_count, arguments) ? run_options(&opts) : EXIT_STATUS_USAGE;
    options_release(&opts);
    return close_output() || status != EXIT_STATUS_OK ? status : EXIT_STATUS_FAILED;
}
