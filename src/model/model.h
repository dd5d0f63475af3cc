/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model.h: everything that reports show, collected in one pass over each log. Reports read only
 * the model, never the documents.
 *
 * Memory depends on the number of threads, names and phases and on the entry limit, not on the size
 * of the logs. The model owns every text in it: a log may define a name twice, so nothing here
 * points into the tables of a log that is being read. One thread per model. Life cycle:
 * pt_model_init(), pt_model_read() for each log (intake/read_log.h), pt_model_finish()
 * (model_finish.h), any number of reports, and pt_model_release().
 */
#ifndef PHASETAP_MODEL_H
#define PHASETAP_MODEL_H

#include "base/texts.h"
#include "model/call_group.h"
#include "model/recorded_process.h"
#include "model/retries.h"
#include "model/server_use.h"
#include "model/tally.h"
#include "model/work.h"

#define PT_ENTRIES_DEFAULT     10000
#define PT_PHASES_HIGHEST      4096 /* different names */
#define PT_THROUGHPUTS_HIGHEST 1000
#define PT_RESETS_HIGHEST      1000
#define PT_MISUSES_HIGHEST     256 /* different kinds of misuse */
#define PT_NOTES_HIGHEST       32

struct pt_command_use {
    const char *name; /* owned by the model */
    int64_t count, failed;
    int64_t sum_ns, min_ns, max_ns;
    int64_t documents, bytes;
};

struct pt_connection_use {
    int64_t established, failed;
    int64_t sum_ns, max_ns;
    int64_t clients; /* different ones that connected */
    int64_t calls;   /* that sent commands, without those that clean up */
};

/* The program started its figures anew. */
struct pt_reset {
    int64_t t_ns; /* of the process's CLOCK_MONOTONIC */
    int64_t epoch_ns;
};

struct pt_throughput {
    int64_t documents;
    double seconds;
};

struct pt_misuse_count {
    int32_t what;     /* enum pt_misuse */
    const char *name; /* of the phase, owned by the model; NULL: none */
    int64_t count;
};

/* The part of the logs that is read; zero bytes: all of it. */
struct pt_selection {
    int64_t since_ns, until_ns; /* what began earlier, or at or after `until`, is left out; since
                                   1970, 0: no such limit */
    int32_t thread;             /* of each process; PT_SELECT_ALL, PT_SELECT_MAIN */
};
#define PT_SELECT_ALL  0
#define PT_SELECT_MAIN (-1)

static inline bool pt_selection_is_set(const struct pt_selection *selection)
{
    return selection->since_ns > 0 || selection->until_ns > 0 || selection->thread != 0;
}

struct pt_model {
    size_t entries_limit; /* per phase */
    int64_t since_ns;     /* what began earlier is left out; of CLOCK_MONOTONIC, 0: nothing */
    int64_t asking_pid;   /* the process that asks for the report itself, 0: none */
    struct pt_selection selection;
    struct pt_texts texts; /* names of phases, commands and misuses */
    struct pt_process **processes;
    size_t process_count, process_room;
    struct pt_phase_stats *phases; /* after pt_model_finish() in order of first start */
    size_t phase_count, phase_room;
    int64_t phase_entries_left_out; /* of phases for which there was no room */
    struct pt_command_use *commands;
    size_t command_count, command_room;
    struct pt_call_group *groups; /* for verdicts */
    size_t group_count, group_room;
    struct pt_time_series activity; /* enum pt_activity, of all processes */
    struct pt_connection_use connections;
    struct pt_tally errors;
    struct pt_works works;     /* phases by namespace; work.h says how to read this and the next */
    struct pt_servers servers; /* commands by server address */
    struct pt_retries retries;
    struct pt_throughput throughputs[PT_THROUGHPUTS_HIGHEST];
    size_t throughput_count;
    int64_t throughput_total; /* more than kept, when larger than throughput_count */
    struct pt_misuse_count misuses[PT_MISUSES_HIGHEST];
    size_t misuse_count;
    int64_t misuse_total;
    int64_t open_phases;
    int64_t metadata_cut; /* parts of metadata that were cut or left out */
    struct pt_reset resets[PT_RESETS_HIGHEST];
    size_t reset_count;
    int64_t reset_total;                      /* more than kept, when larger than reset_count */
    struct pt_resources resources;            /* of all processes */
    int64_t runtime_start_ns, runtime_end_ns; /* since 1970; the whole span of all processes */
    char *notes[PT_NOTES_HIGHEST];
    size_t note_count;
    size_t warning_count; /* of the notes, the first so many: options that were ignored, and why a
                             log has no call; tools print them to standard error too */
    size_t alarm_count; /* of the notes, the first so many: the warnings, and what the log lacks */
};

void pt_model_init(struct pt_model *model, size_t entries_limit);
void pt_model_release(struct pt_model *model);

/* ---- for the intake ---- */

/* The phase or command of that name, made when it is new; NULL when there are too many or memory
 * ran out. `name` is copied. A phase that the program annotates and one that phasetap recognises
 * are two phases, whatever their names: the counts of the first are the program's own. */
struct pt_phase_stats *pt_model_phase(struct pt_model *model, const char *name, bool annotated);
struct pt_command_use *pt_model_command(struct pt_model *model, const char *name);
/* `name` NULL: the namespace is not known. NULL beyond PT_CALL_GROUPS_HIGHEST. */
struct pt_call_group *pt_model_call_group(struct pt_model *model, const char *name,
                                          enum pt_call_sort sort);
void pt_model_misuse(struct pt_model *model, int32_t what, const char *name, int64_t count);

#endif
