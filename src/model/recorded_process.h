/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recorded_process.h: the process that one log describes: its identity, how it ended, its threads,
 * and where their time went. The model owns it and all texts in it. Times are nanoseconds of the
 * process's CLOCK_MONOTONIC; adding wall_offset_ns gives nanoseconds since 1970.
 */
#ifndef PHASETAP_RECORDED_PROCESS_H
#define PHASETAP_RECORDED_PROCESS_H

#include <phasetap/log_format.h>
#include <phasetap/options.h>

#include "base/saturate.h"
#include "log/log_names.h"
#include "log/log_reader.h"
#include "model/activity.h"
#include "model/ignored_options.h"
#include "model/phase.h"
#include "model/resource_use.h"
#include "model/unseen_text.h"

#define PT_THREADS_HIGHEST 65535
#define PT_OPEN_PHASES     256 /* annotated phases open on one thread that are followed */
#define PT_SHARES          4   /* insertion, update, deletion, any other phase */
#define PT_CONNECTING_KEPT 8   /* connections of one call that are kept until its span comes */
#define PT_CLIENTS_HIGHEST (1 << 24) /* clients that are told apart */
#define PT_DRIVERS_HIGHEST 16        /* of one process, and as many that could not be seen */

/* Parts of a thread's time. They add up to its wall time. */
#define PT_PARTS(P)                                                                                \
    P(CONNECTION, connection)                                                                      \
    P(SERVER_WAIT, waiting_for_server)                                                             \
    P(SERVER, server_and_network)                                                                  \
    P(EVENTS, awaiting_events)                                                                     \
    P(DRIVER, driver)                                                                              \
    P(COMPUTING, application_computing)                                                            \
    P(READY, ready_without_cpu)                                                                    \
    P(POOL_WAIT, waiting_for_pool)                                                                 \
    P(WAITING, application_waiting)                                                                \
    P(OUTSIDE, outside)
enum pt_part {
#define PT_PART_ENUM(constant, name) PT_PART_##constant,
    PT_PARTS(PT_PART_ENUM)
#undef PT_PART_ENUM
        PT_PART_COUNT
};

/* What is told apart within a part: of connection, of waiting_for_server, of waiting_for_pool (all
 * of it), before the time without a CPU is taken out. */
#define PT_WITHINS(W)                                                                              \
    W(CONSTRUCTION, connection_construction)                                                       \
    W(SERVER_CHECK, server_check)                                                                  \
    W(POOL_WAIT, pool_wait)
enum pt_within {
#define PT_WITHIN_ENUM(constant, name) PT_WITHIN_##constant,
    PT_WITHINS(PT_WITHIN_ENUM)
#undef PT_WITHIN_ENUM
        PT_WITHIN_COUNT
};

/* A driver that the process loaded. */
struct pt_driver {
    char *version, *soname; /* either may be NULL */
};

/* A document that counts only if the span of its call does. */
struct pt_held {
    int32_t kind, q;
    union {
        struct pt_doc_write write;
        struct pt_doc_left left;
        struct pt_doc_part part;
    } document;
};
#define PT_HELD_HIGHEST 4096 /* of one thread */

struct pt_recorded_thread {
    int32_t number;
    int64_t tid; /* 0: not known */
    bool has_start, has_end;
    int64_t start_ns, end_ns;
    int64_t seen_ns;                 /* end of its latest span */
    int64_t parts_ns[PT_PART_COUNT]; /* OUTSIDE, READY and wall are filled at the end of the log */
    int64_t within_ns[PT_WITHIN_COUNT];
    int64_t wall_ns;
    struct {
        int64_t readings;
        int64_t t_ns[2], ready_ns[2]; /* the first and the last one */
    } sched;                          /* what the scheduler counted for it */

    bool has_no_cpu; /* calls without their CPU time */
    struct pt_thread_work work;
    int64_t events;       /* documents of this thread */
    int64_t clocks, cpus; /* clock reads it declared at its end */
    int32_t pending_call; /* q that `pending` belongs to, 0: none */
    struct pt_call_detail pending;
    struct {
        int64_t writes[PT_WRITE_COUNTS];
        struct pt_outcome left;
        bool has_writes;
    } shares[PT_SHARES]; /* of that call, by phase */
    struct {
        int count;
        int64_t more_ns; /* of those beyond the kept ones */
        struct {
            int64_t t_ns, d_ns;
        } items[PT_CONNECTING_KEPT];
    } connecting; /* connections of the call `pending_call` */
    struct {
        int32_t q;
        int32_t phase;
        struct pt_entry entry;
    } *open; /* annotated phases entered and not left */
    size_t open_count, open_room;
    struct pt_held *held; /* while a part of a log is read */
    size_t held_count, held_room;
};

/* A thread that has never called the driver, as far as it was seen. */
struct pt_helper_thread {
    char *name;
    int64_t tid;
    int64_t cpu_ns, ready_ns;
};
#define PT_HELPERS_HIGHEST 4096

/* How a process ended, best knowledge first. */
enum pt_ending {
    PT_ENDED_STATUS,
    PT_ENDED_SIGNAL,
    PT_ENDED_EXIT,
    PT_ENDED_LEFT, /* by _exit or quick_exit: in order, but without an end in the log */
    PT_ENDED_EXEC, /* another program took the process over: the log of that one is here */
    PT_ENDED_RUNNING,
    PT_ENDED_UNKNOWN,    /* it is gone, without an ordered end */
    PT_ENDED_CANNOT_TELL /* no ordered end, and the process table says nothing of it */
};

struct pt_process {
    char *log_path;
    int64_t pid_namespace, time_namespace; /* 0: not known */
    bool has_time_offset;
    int64_t time_offset_ns; /* by which its CLOCK_MONOTONIC is ahead of the machine's */
    bool has_manifest;
    char *program, *tool_version, *boot_id;       /* NULL: not in the manifest */
    char *host, *run;                             /* the same */
    char *trace_id, *parent_span_id;              /* the same: of the trace it was started in */
    enum pt_names_mode names_mode;                /* what the log has of names */
    struct pt_driver drivers[PT_DRIVERS_HIGHEST]; /* those seen, in order of appearance */
    size_t driver_count;
    size_t drivers_named; /* since the last manifest, while the log is read */
    struct pt_unseen_driver unseen[PT_DRIVERS_HIGHEST];
    size_t unseen_count;
    struct pt_ignored_options ignored;
    int64_t pid, ppid, start_ticks;
    int64_t start_ns, opened_ns, realtime_ns, wall_offset_ns;
    int32_t clock;              /* PT_CLOCK_STATES, of the last CLOCK document */
    int64_t clock_deviation_ns; /* the largest of the counter from CLOCK_MONOTONIC */
    int64_t clock_cost_ns, cpu_clock_cost_ns, event_cost_ns;
    int64_t interval_ns, limit_bytes;
    bool has_end, has_run_end;
    int32_t busy_threads;                   /* that used the driver when the process exited */
    int32_t children_lost, children_reason; /* children that could not record, and why */
    int64_t end_ns;                         /* of the END document */
    int64_t exited_ns;                      /* of the newest EXITED document; 0: none */
    int64_t run_end_ns;                     /* when `run` saw its end; 0: not known */
    int64_t clock_back_ns;                  /* by which CLOCK_MONOTONIC was seen to go back */
    int64_t wall_step_ns;                   /* by which the clock of day was set meanwhile */
    int64_t last_ns;                        /* latest moment any document tells of */
    int32_t exit_status, exit_signal;
    enum pt_ending ending;
    bool asks; /* it runs, and asks for this report itself */
    struct {
        int32_t state, reason;
        int64_t events, dropped, clocks, cpus, threads, handles;
        bool seen;
    } status;
    int64_t calls, gaps, connections, annotations; /* documents of these kinds */
    int64_t left_out;                              /* documents that are in the totals alone */
    int64_t overflow;                              /* of them, those that found no room */
    int64_t implausible; /* documents of the right form that make no sense, left out */
    uint8_t *clients;    /* bit by number: it has connected */
    size_t clients_bytes;
    struct pt_names names;
    struct pt_resources resources;
    struct pt_log_facts facts;
    struct pt_recorded_thread **threads; /* by number; NULL where there is none */
    size_t thread_slots;
    struct pt_time_series activity, memory; /* while the log is read */
    struct pt_memory_growth growth;
    struct pt_helper_thread *helpers;
    size_t helper_count, helper_room;
};

struct pt_process *pt_process_new(const char *log_path);
void pt_process_free(struct pt_process *process);

/* The thread of that number, made when it is new; NULL when the number is out of range or memory
 * ran out. */
struct pt_recorded_thread *pt_process_thread(struct pt_process *process, int32_t number);

/* Adds to a part of the thread's time. */
static inline void pt_thread_spend(struct pt_recorded_thread *thread, enum pt_part part, int64_t ns)
{
    thread->parts_ns[part] = pt_add(thread->parts_ns[part], ns);
}

/* True when the log tells of no call of the driver. */
static inline bool pt_process_is_silent(const struct pt_process *process)
{
    return process->calls + process->connections == 0;
}

void pt_process_manifest(struct pt_process *process, const struct pt_record *manifest);
void pt_process_clock(struct pt_process *process, const struct pt_record *clock);

/* A reading of the thread of that id and name, which replaces an earlier one. Takes `name`. */
void pt_process_helper(struct pt_process *process, int64_t tid, char *name, int64_t cpu_ns,
                       int64_t ready_ns);

/* The word of PHASETAP_NAMES. */
const char *pt_process_names_text(const struct pt_process *process);

/* File name of its log, without folders. */
const char *pt_process_log_name(const struct pt_process *process);

/* When it ended, as far as its own log tells: threads have no time behind it. */
int64_t pt_process_end_ns(const struct pt_process *process);
/* The same, or the later moment at which `phasetap run` saw its end. */
int64_t pt_process_gone_ns(const struct pt_process *process);
/* Both are of one boot and have the same CLOCK_MONOTONIC. */
bool pt_process_same_clock(const struct pt_process *a, const struct pt_process *b);
/* Both are of one boot and see the same processes and the same CLOCK_MONOTONIC. */
bool pt_process_same_place(const struct pt_process *a, const struct pt_process *b);

/* "exit" (in order, status not known), "exit status 3", "signal 9 (SIGKILL)", "still running", and
 * so on; docs/REPORT.md lists them. At most PT_ENDING_BYTES. */
#define PT_ENDING_BYTES 80
void pt_process_ending_text(const struct pt_process *process, char *text, size_t room);

#endif
