/* SPDX-License-Identifier: Apache-2.0 */
/*
 * annotate MODE [FILE]: uses every part of the annotation interface, without the driver. Linked
 * with nothing of phasetap: without the preload it does the same and prints the same. Compiled
 * against the first version of the header too, hence the conditions. See the table at the bottom
 * for the modes.
 */
#include <errno.h>
#include <phasetap/phasetap.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BATCHES 3

static const char *argument_file;

/* The original's example: phases around phases, with metadata on both ends. */
static void run_nested(void)
{
    PHASETAP_BEGIN("Batch Processing", phasetap_int("total_batches", BATCHES),
                   phasetap_bool("dry_run", 0), phasetap_real("rate", 0.5));
    for (int batch = 0; batch < BATCHES; batch++) {
        PHASETAP_BEGIN("Mask Batch", phasetap_int("batch_num", batch),
                       phasetap_text("collection", "patients"));
        usleep(2000);
        PHASETAP_END("Mask Batch", phasetap_text("status", "success"),
                     phasetap_int("docs_found", 100 + batch));
    }
    phasetap_end(NULL);
}

static void leave_scope_by(int way)
{
    for (int i = 0; i < 2; i++) {
        PHASETAP_SCOPE("Scope", phasetap_int("way", way));
        if (way == 0) {
            return;
        }
        if (way == 1) {
            break;
        }
        if (way == 2) {
            continue;
        }
        goto out;
    }
out:
    return;
}

/* 1 + 1 + 2 + 1 entries. */
static void run_scopes(void)
{
    for (int way = 0; way < 4; way++) {
        leave_scope_by(way);
    }
    PHASETAP_SCOPE("Ended Early");
    phasetap_end("Ended Early");
}

static void *leave_thread_inside(void *unused)
{
    phasetap_begin("Left In A Thread");
    return unused;
}

/* Each kind of wrong use once; the good phases around them stay good. */
static void run_misuse(void)
{
    pthread_t thread;
    phasetap_begin("Good");
    phasetap_end("Never Begun");
    phasetap_end("Good");
    phasetap_end("Good");
    phasetap_begin("Outer");
    phasetap_begin("Inner");
    phasetap_end("Outer");
    phasetap_begin(NULL);
    pthread_create(&thread, NULL, leave_thread_inside, NULL);
    pthread_join(thread, NULL);
}

static void run_open(void)
{
    phasetap_begin("Done");
    phasetap_end(NULL);
    phasetap_begin("Left Open");
    PHASETAP_BEGIN("Left Open Too", phasetap_int("number", 1));
}

static void run_summary(void)
{
    struct phasetap_summary summary = {0, 0, 0, 0, 0};
    run_nested();
    const int found = phasetap_phase_summary("Mask Batch", &summary);
    if (found == 0) {
        fprintf(stderr, "count %lld, mean of total %s, least is less than most %s\n",
                (long long)summary.count,
                summary.total_duration / BATCHES == summary.average_duration ? "yes" : "no",
                summary.min_duration <= summary.max_duration ? "yes" : "no");
    }
    if (phasetap_phase_summary("Never Begun", &summary) != -1) {
        fprintf(stderr, "a phase that was never begun has a summary\n");
    }
    if (phasetap_throughput(1000, 4.0) == 250.0) {
        fprintf(stderr, "throughput 250\n");
    }
}

static void run_monitoring(void)
{
    phasetap_start_monitoring(0.01);
    usleep(300000);
    phasetap_stop_monitoring();
    usleep(300000);
}

/* Output of the tool, in the middle of the run; 0 with phasetap, -1 without. */
static void run_outputs(void)
{
    run_nested();
    const int report = phasetap_write_report(argument_file);
    fprintf(stderr, "report %d\n", report);
    const int summary = phasetap_log_summary();
    fprintf(stderr, "summary %d\n", summary);
}

/* One phase of the name that the command line gives. */
static void run_names(void)
{
    phasetap_begin(argument_file);
    usleep(2000);
    phasetap_end(NULL);
}

/* Text with a user and a password in a URI, and names and texts beyond the limits. */
static void run_texts(void)
{
    char longest[1000];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    PHASETAP_BEGIN(
        "Connect",
        phasetap_text("uri", "mongodb://Benutzer:Geheimwort9462@127.0.0.1:27017/?tls=true"));
    phasetap_end(NULL);
    phasetap_begin(longest);
    PHASETAP_END(NULL, phasetap_text("long", longest), phasetap_text("nothing", NULL),
                 phasetap_text(NULL, "no key"));
    PHASETAP_BEGIN("Bad Bytes \xff\xfe", phasetap_text("bytes", "\x80\"\\\n"));
    phasetap_end(NULL);
}

#ifdef PHASETAP_HEADER_VERSION
/* Beyond each bound: one text, one key, one level, one name, and what does not fit into 3 KiB. */
static void run_cut(void)
{
    char longest[1000];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    PHASETAP_BEGIN(
        "Cut", phasetap_text("long", longest), phasetap_int(longest, 1),
        PHASETAP_DOCUMENT(
            "1", PHASETAP_LIST("2", PHASETAP_DOCUMENT("3", PHASETAP_LIST("4", PHASETAP_LIST("5"),
                                                                         phasetap_int(NULL, 7))))));
    phasetap_end(NULL);
    phasetap_begin(longest);
    struct phasetap_field many[500];
    for (int i = 0; i < 500; i++) {
        many[i] = phasetap_int(NULL, i);
    }
    PHASETAP_END(NULL, phasetap_list("many", many, 500), phasetap_int("last", 1));
}

static void count_phase(void *context, const char *name, int recognised,
                        const struct phasetap_summary *summary)
{
    (void)name;
    *(int64_t *)context += recognised ? 1000000 : summary->count;
}

/* As many phases as the argument says, one entry each. */
static void run_many(void)
{
    char name[32];
    struct phasetap_summary summary;
    int64_t sum = 0;
    const int phases = atoi(argument_file);
    for (int i = 0; i < phases; i++) {
        snprintf(name, sizeof name, "Phase %d", i);
        phasetap_begin(name);
        phasetap_end(name);
    }
    const size_t visited = phasetap_each_phase(count_phase, &sum);
    fprintf(stderr, "phases %zu, entries %lld, last %d\n", visited, (long long)sum,
            phasetap_phase_summary(name, &summary));
}

/* Questions and resets while a phase is open. */
static void run_reset(void)
{
    struct phasetap_summary summary;
    run_nested();
    phasetap_begin("Across");
    phasetap_reset();
    fprintf(stderr, "after reset %d\n", phasetap_phase_summary("Mask Batch", &summary));
    phasetap_end("Across");
    run_nested();
    const int known = phasetap_phase_summary("Mask Batch", &summary);
    fprintf(stderr, "then %d, across %d, version %d\n", known ? -1 : (int)summary.count,
            phasetap_phase_summary("Across", &summary), phasetap_version());
    phasetap_begin("Open");
    (void)phasetap_log_summary();
    (void)phasetap_write_report(argument_file);
    phasetap_end("Open");
}
#endif

static void *run_nested_in_thread(void *unused)
{
    run_nested();
    return unused;
}

static void run_threads(void)
{
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        pthread_create(&threads[i], NULL, run_nested_in_thread, NULL);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
    }
}

static const struct {
    const char *name;
    void (*run)(void);
} modes[] = {
    {"nested", run_nested},   {"scopes", run_scopes},   {"misuse", run_misuse},
    {"open", run_open},       {"summary", run_summary}, {"texts", run_texts},
    {"threads", run_threads}, {"outputs", run_outputs}, {"monitoring", run_monitoring},
    {"names", run_names},
#ifdef PHASETAP_HEADER_VERSION
    {"cut", run_cut},         {"many", run_many},       {"reset", run_reset},
#endif
};

int main(int argc, char **argv)
{
    argument_file = argc > 2 ? argv[2] : "";
    for (size_t i = 0; argc > 1 && i < sizeof modes / sizeof modes[0]; i++) {
        if (strcmp(argv[1], modes[i].name) == 0) {
            errno = 177;
            modes[i].run();
            printf("done%s\n", errno == 177 || argc > 2 ? "" : ", errno changed");
            return 0;
        }
    }
    fprintf(stderr, "usage: annotate MODE [FILE]\n");
    return 2;
}
