/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log_format.h: the event log as C, shared by the writer (preload/) and the reader (src/).
 * docs/FORMAT.md is the law; this header follows it and has no behaviour. Both sides take kinds,
 * phases, commands and field layouts from here alone.
 *
 * A log is a row of chunks of PT_CHUNK_BYTES. Each chunk is tiled by BSON documents: events first,
 * one filler last. Events that are written often have a fixed layout: a packed struct below, made
 * from a field list, that holds the whole BSON document, element headers included. Rare events
 * (manifest, names, annotations, end) are ordinary BSON of any length. Every document's length is a
 * multiple of PT_ALIGN_BYTES, so that its length word can be stored atomically.
 *
 * Units: times are nanoseconds of CLOCK_MONOTONIC, absolute (`t`) or a duration (`d`); sizes are
 * bytes. Integers are little-endian.
 */
#ifndef PHASETAP_LOG_FORMAT_H
#define PHASETAP_LOG_FORMAT_H

#include <stdint.h>

#define PT_FORMAT_VERSION 2
#define PT_FORMAT_CHUNKS  1      /* the version of logs that are rows of chunks */
#define PT_CHUNK_BYTES    65536u /* of format version 1 */
#define PT_ALIGN_BYTES    8u
#define PT_LOG_MAGIC      "phasetap" /* value of the manifest's `format` */

/* Kind of a document: the value of its first element, `k`. 0 is a filler (which has no `k`: its
 * first key is `_`). */
enum pt_kind {
    PT_KIND_FILLER = 0,
    PT_KIND_MANIFEST = 1,    /* first document of the file */
    PT_KIND_STATUS = 2,      /* second document: the writer's state, updated in place */
    PT_KIND_NAME = 3,        /* a namespace or an annotated phase gets its id */
    PT_KIND_THREAD = 4,      /* a thread was seen first / has ended */
    PT_KIND_DRIVER = 5,      /* driver version and soname, once known */
    PT_KIND_SPAN = 10,       /* one driver call that went to the network */
    PT_KIND_CONNECTION = 11, /* one connection established or refused */
    PT_KIND_GAP = 12,        /* application time of one thread between two recorded calls */
    PT_KIND_COMMAND = 13,    /* one command answered by the server, or failed */
    PT_KIND_WRITE = 14,      /* counts of one write call, from its replies */
    PT_KIND_ERROR = 15,      /* errors of one call by code */
    PT_KIND_TOTAL = 16,      /* totals of documents that the log does not hold */
    PT_KIND_LEFT = 17,       /* operations of a write call that were not done, or nobody knows */
    PT_KIND_PART = 18,       /* the share of a mixed bulk that belongs to another phase */
    PT_KIND_TXN = 19,        /* writes inside a transaction: acknowledged, and what came of them */
    PT_KIND_SAMPLE = 20,     /* process resources */
    PT_KIND_SYSTEM = 21,     /* system resources */
    PT_KIND_CLOCK = 22,      /* the clock that the recording reads from now on */
    PT_KIND_SCHED = 23,      /* what the scheduler counts for a recorded thread */
    PT_KIND_HELPER = 24, /* the same of a thread that has never called the driver, by its name */
    PT_KIND_BEGIN = 30,  /* an annotated phase was entered */
    PT_KIND_FINISH = 31, /* an annotated phase was left */
    PT_KIND_MISUSE = 32, /* wrong use of the annotation interface */
    PT_KIND_THROUGHPUT = 33, /* documents counted by the program */
    PT_KIND_RESET = 34,      /* the program starts its figures anew */
    PT_KIND_END = 40,        /* the process ended in order */
    PT_KIND_RUN_END = 41,    /* how it ended, seen by its parent `phasetap run` */
    PT_KIND_UNSEEN = 42,     /* a driver in the process whose calls could not be seen */
    PT_KIND_EXITED = 43,     /* the process ended past its exit handlers: _exit, quick_exit */
};

/* Phases: id, constant, name, and whether it is a phase of the report (1) or only part of the time
 * partition (0). */
#define PT_PHASES(P)                                                                               \
    P(1, CONNECTION, "Database Connection", 1)                                                     \
    P(2, QUERY, "Document Query", 1)                                                               \
    P(3, MASKING, "Document Masking", 1)                                                           \
    P(4, INSERTION, "Document Insertion", 1)                                                       \
    P(5, UPDATE, "Document Update", 1)                                                             \
    P(6, DELETION, "Document Deletion", 1)                                                         \
    P(7, INDEX, "Index Creation", 1)                                                               \
    P(8, COUNT, "Count Documents", 1)                                                              \
    P(9, AGGREGATION, "Aggregation", 1)                                                            \
    P(10, TRANSACTION, "Transaction", 1)                                                           \
    P(11, COMMAND, "Command", 1)                                                                   \
    P(12, ADMINISTRATION, "Collection Administration", 1)                                          \
    P(13, TEARDOWN, "Teardown", 0)                                                                 \
    P(14, CONSTRUCTION, "Connection Construction", 0)                                              \
    P(15, POOL_WAIT, "Pool Wait", 0)                                                               \
    P(16, SERVER_CHECK, "Server Check", 0)

enum pt_phase {
#define PT_PHASE_ENUM(id, constant, name, reported) PT_PHASE_##constant = (id),
    PT_PHASES(PT_PHASE_ENUM)
#undef PT_PHASE_ENUM
        PT_PHASE_BUILT_IN_END,
    PT_NAME_FIRST = 64, /* ids given by NAME documents: namespaces and annotated phases share one
                           row of numbers */
};

/* Server commands: id, name on the wire, phase of a call that is only this command. Any other name
 * is id 0, `other`: a log never holds a command name that the program made up. Aliases of old
 * servers stand beside the new names. */
#define PT_COMMANDS(C)                                                                             \
    C(1, find, QUERY)                                                                              \
    C(2, getMore, QUERY)                                                                           \
    C(3, aggregate, QUERY)                                                                         \
    C(4, insert, INSERTION)                                                                        \
    C(5, update, UPDATE)                                                                           \
    C(6, delete, DELETION)                                                                         \
    C(7, findAndModify, UPDATE)                                                                    \
    C(8, findandmodify, UPDATE)                                                                    \
    C(9, bulkWrite, INSERTION)                                                                     \
    C(10, createIndexes, INDEX)                                                                    \
    C(11, count, COUNT)                                                                            \
    C(12, distinct, COMMAND)                                                                       \
    C(13, commitTransaction, TRANSACTION)                                                          \
    C(14, abortTransaction, TRANSACTION)                                                           \
    C(15, create, ADMINISTRATION)                                                                  \
    C(16, drop, ADMINISTRATION)                                                                    \
    C(17, dropDatabase, ADMINISTRATION)                                                            \
    C(18, dropIndexes, ADMINISTRATION)                                                             \
    C(19, deleteIndexes, ADMINISTRATION)                                                           \
    C(20, listIndexes, ADMINISTRATION)                                                             \
    C(21, listCollections, ADMINISTRATION)                                                         \
    C(22, listDatabases, ADMINISTRATION)                                                           \
    C(23, renameCollection, ADMINISTRATION)                                                        \
    C(24, collMod, ADMINISTRATION)                                                                 \
    C(25, convertToCapped, ADMINISTRATION)                                                         \
    C(26, killCursors, TEARDOWN)                                                                   \
    C(27, endSessions, TEARDOWN)                                                                   \
    C(28, ping, COMMAND)                                                                           \
    C(29, hello, COMMAND)                                                                          \
    C(30, isMaster, COMMAND)                                                                       \
    C(31, ismaster, COMMAND)                                                                       \
    C(32, buildInfo, COMMAND)                                                                      \
    C(33, buildinfo, COMMAND)                                                                      \
    C(34, serverStatus, COMMAND)                                                                   \
    C(35, collStats, COMMAND)                                                                      \
    C(36, dbStats, COMMAND)                                                                        \
    C(37, validate, COMMAND)                                                                       \
    C(38, explain, COMMAND)                                                                        \
    C(39, getParameter, COMMAND)                                                                   \
    C(40, setParameter, COMMAND)                                                                   \
    C(41, getLastError, COMMAND)                                                                   \
    C(42, startSession, COMMAND)                                                                   \
    C(43, refreshSessions, COMMAND)                                                                \
    C(44, killSessions, COMMAND)                                                                   \
    C(45, connectionStatus, COMMAND)                                                               \
    C(46, createUser, COMMAND)                                                                     \
    C(47, updateUser, COMMAND)                                                                     \
    C(48, dropUser, COMMAND)                                                                       \
    C(49, dropAllUsersFromDatabase, COMMAND)                                                       \
    C(50, usersInfo, COMMAND)                                                                      \
    C(51, mapReduce, AGGREGATION)                                                                  \
    C(52, currentOp, COMMAND)                                                                      \
    C(53, fsync, COMMAND)                                                                          \
    C(54, logRotate, COMMAND)                                                                      \
    C(55, authenticate, COMMAND)                                                                   \
    C(56, saslStart, COMMAND)                                                                      \
    C(57, saslContinue, COMMAND)                                                                   \
    C(58, whatsmyuri, COMMAND)                                                                     \
    C(59, replSetGetStatus, COMMAND)

enum pt_command {
    PT_COMMAND_OTHER = 0,
#define PT_COMMAND_ENUM(id, name, phase) PT_COMMAND_##name = (id),
    PT_COMMANDS(PT_COMMAND_ENUM)
#undef PT_COMMAND_ENUM
        PT_COMMAND_END,
};

enum pt_status { PT_STATUS_OK = 0, PT_STATUS_FAILED = 1 };

/* `st` of a TXN document. */
enum pt_txn_state {
    PT_TXN_OPEN = 0,      /* the server acknowledged these; the transaction has not ended */
    PT_TXN_COMMITTED = 1, /* of those: done */
    PT_TXN_ABORTED = 2,   /* of those: rolled back */
};

/* `state` and `reason` of the STATUS document. */
enum pt_state { PT_STATE_RECORDING = 1, PT_STATE_STOPPED = 2, PT_STATE_CLOSED = 3 };
#define PT_REASONS(R)                                                                              \
    R(0, NONE, "none")                                                                             \
    R(1, LIMIT, "the log reached its size limit")                                                  \
    R(2, DISK, "no space left for the log")                                                        \
    R(3, THREADS, "more threads than phasetap can track")                                          \
    R(4, HANDLES, "more open driver objects than phasetap can track")                              \
    R(5, NAMES, "more names than phasetap can store")                                              \
    R(6, OPEN, "the log could not be created")                                                     \
    R(7, DIRECTORY, "others can write to the log's folder")                                        \
    R(8, MAP, "the log could not be mapped into memory")                                           \
    R(9, CLOSED, "the process was already ending")                                                 \
    R(10, NOT_FILE, "the output exists and is neither a regular file nor a folder")                \
    R(11, DISABLED, "PHASETAP_ENABLE or PHASETAP_FOLLOW switched the recording off")               \
    R(12, HOME,                                                                                    \
      "the default folder cannot be made: HOME or XDG_STATE_HOME names no folder of "              \
      "this user")                                                                                 \
    R(13, BEHIND, "events came faster than the log could be written")                              \
    R(14, GONE, "the log was removed or replaced, or can no longer be opened")                     \
    R(15, CUT, "the log was truncated while it was written")                                       \
    R(16, FILE_SIZE, "the log reached the process's file size limit (RLIMIT_FSIZE)")               \
    R(17, STALLED, "a write to the log stalled for more than a tenth of a second")                 \
    R(18, PARENT, "everybody can write to a folder above the log's folder")
enum pt_reason {
#define PT_REASON_ENUM(id, constant, text) PT_REASON_##constant = (id),
    PT_REASONS(PT_REASON_ENUM)
#undef PT_REASON_ENUM
        PT_REASON_COUNT,
};

/* `why` of an UNSEEN document. */
#define PT_UNSEEN_REASONS(U)                                                                       \
    U(1, LOADED, "calls to it bypass libphasetap.so (RTLD_DEEPBIND or dlsym)")                     \
    U(2, COPY,                                                                                     \
      "it contains a copy of the driver, and calls to it bypass libphasetap.so (RTLD_DEEPBIND "    \
      "or dlsym)")                                                                                 \
    U(3, HIDDEN, "it contains a static copy of the driver that exports no functions")              \
    U(4, CALLER, "its calls to the driver bypass libphasetap.so (it was opened with RTLD_DEEPBIND)")
enum pt_unseen {
#define PT_UNSEEN_ENUM(id, constant, text) PT_UNSEEN_##constant = (id),
    PT_UNSEEN_REASONS(PT_UNSEEN_ENUM)
#undef PT_UNSEEN_ENUM
};

/* `w` of an ERROR document: what the code belongs to. */
enum pt_error_where {
    PT_ERROR_WRITE = 1,         /* an element of writeErrors */
    PT_ERROR_WRITE_CONCERN = 2, /* writeConcernError */
    PT_ERROR_SERVER = 3,        /* the command was answered with ok: 0 */
    PT_ERROR_DRIVER =
        4, /* the driver's own: network, server selection, arguments (`dom` is its error domain) */
};

/* `w` of a MISUSE document. */
enum pt_misuse {
    PT_MISUSE_END_WITHOUT_BEGIN = 1,
    PT_MISUSE_END_OF_OUTER =
        2, /* the named phase is open, but not the innermost: the inner ones are ended with it */
    PT_MISUSE_TOO_DEEP = 3,
    PT_MISUSE_BAD_NAME = 4,
    PT_MISUSE_NOT_ENDED = 5, /* the thread ended inside the phase */
    PT_MISUSE_NO_TOTALS = 6, /* the process keeps totals of no more phases; the log has the entry */
};

/* ---- documents of a fixed layout ----
 * A field list names the elements in order: I(name) is an int32, L(name) an int64. PAD is the name
 * of a last, null-valued element whose length brings the document to a multiple of eight. */
#define PT_SPAN_FIELDS(I, L)                                                                       \
    I(k)                                                                                           \
    I(th)                                                                                          \
    I(q)                                                                                           \
    I(ph) I(ns) I(cl) I(st) I(c) I(f) L(t) L(d) L(net) L(cpu) L(wait) L(ev) L(n) L(b) L(con) L(oth)
#define PT_CONNECTION_FIELDS(I, L) I(k) I(th) I(q) I(cl) I(st) L(t) L(d) L(x)
#define PT_GAP_FIELDS(I, L)        I(k) I(th) I(q) L(t) L(d) L(cpu) L(rn) L(wn) L(wb)
#define PT_COMMAND_FIELDS(I, L)                                                                    \
    I(k)                                                                                           \
    I(th) I(q) I(cmd) I(cl) I(st) I(code) I(srv) I(rw) I(rdom) I(rc) L(t) L(d) L(n) L(b)
#define PT_WRITE_FIELDS(I, L) I(k) I(th) I(q) I(ph) I(ns) L(ins) L(mat) L(mod) L(rem) L(ups) L(err)
#define PT_LEFT_FIELDS(I, L)  I(k) I(th) I(q) I(ph) I(ns) L(ref) L(nat) L(una) L(unk)
#define PT_TXN_FIELDS(I, L)                                                                        \
    I(k) I(th) I(q) I(ph) I(ns) I(st) L(ops) L(ins) L(mat) L(mod) L(rem) L(ups)
#define PT_PART_FIELDS(I, L)  I(k) I(th) I(q) I(ph) I(ns) I(st) I(c) L(t) L(d) L(n) L(b)
#define PT_ERROR_FIELDS(I, L) I(k) I(th) I(q) I(w) I(dom) I(code) I(ns) L(t) L(n)
#define PT_SAMPLE_FIELDS(I, L)                                                                     \
    I(k)                                                                                           \
    I(th)                                                                                          \
    I(thr) L(t) L(ucpu) L(scpu) L(rss) L(peak) L(rd) L(wr) L(minf) L(majf) L(vcs) L(ics) L(own)
#define PT_SYSTEM_FIELDS(I, L)                                                                     \
    I(k)                                                                                           \
    I(th) I(ncpu) L(t) L(busy) L(all) L(mtot) L(mavl) L(cmax) L(ccur) L(cthr) L(pcpu) L(pmem) L(pio)
#define PT_SCHED_FIELDS(I, L)  I(k) I(th) L(t) L(cpu) L(rdy)
#define PT_EXITED_FIELDS(I, L) I(k) I(th) L(t)
#define PT_STATUS_FIELDS(I, L)                                                                     \
    I(k) I(state) I(reason) L(events) L(dropped) L(clocks) L(cpus) L(threads) L(handles)

#define PT_FIELD_I(name)                                                                           \
    uint8_t type_##name;                                                                           \
    char key_##name[sizeof #name];                                                                 \
    int32_t name;
#define PT_FIELD_L(name)                                                                           \
    uint8_t type_##name;                                                                           \
    char key_##name[sizeof #name];                                                                 \
    int64_t name;
#define PT_DOCUMENT(tag, FIELDS, pad)                                                              \
    struct __attribute__((packed)) pt_doc_##tag {                                                  \
        int32_t length;                                                                            \
        FIELDS(PT_FIELD_I, PT_FIELD_L)                                                             \
        uint8_t type_pad;                                                                          \
        char key_pad[sizeof pad];                                                                  \
        uint8_t end;                                                                               \
    };                                                                                             \
    _Static_assert(sizeof(struct pt_doc_##tag) % PT_ALIGN_BYTES == 0,                              \
                   "document " #tag " is not padded to eight")

#define PT_INIT_I(name) .type_##name = 0x10, .key_##name = #name,
#define PT_INIT_L(name) .type_##name = 0x12, .key_##name = #name,
/* Initialiser of a template: everything but the values. */
#define PT_TEMPLATE(tag, FIELDS, pad)                                                              \
    {.length = (int32_t)sizeof(struct pt_doc_##tag),                                               \
     FIELDS(PT_INIT_I, PT_INIT_L).type_pad = 0x0A,                                                 \
     .key_pad = pad}

/* The rows: tag, field list, padding key, kind. */
#define PT_DOCUMENTS(D)                                                                            \
    D(span, PT_SPAN_FIELDS, "___", SPAN)                                                           \
    D(connection, PT_CONNECTION_FIELDS, "__", CONNECTION)                                          \
    D(gap, PT_GAP_FIELDS, "____", GAP)                                                             \
    D(command, PT_COMMAND_FIELDS, "_", COMMAND)                                                    \
    D(write, PT_WRITE_FIELDS, "_____", WRITE)                                                      \
    D(left, PT_LEFT_FIELDS, "_______", LEFT)                                                       \
    D(part, PT_PART_FIELDS, "________", PART)                                                      \
    D(txn, PT_TXN_FIELDS, "_____", TXN)                                                            \
    D(error, PT_ERROR_FIELDS, "___", ERROR)                                                        \
    D(sample, PT_SAMPLE_FIELDS, "____", SAMPLE)                                                    \
    D(system, PT_SYSTEM_FIELDS, "___", SYSTEM)                                                     \
    D(exited, PT_EXITED_FIELDS, "_______", EXITED)                                                 \
    D(sched, PT_SCHED_FIELDS, "_____", SCHED)                                                      \
    D(status, PT_STATUS_FIELDS, "__", STATUS)

#define PT_DEFINE_DOCUMENT(tag, FIELDS, pad, kind) PT_DOCUMENT(tag, FIELDS, pad);
PT_DOCUMENTS(PT_DEFINE_DOCUMENT)

#endif
