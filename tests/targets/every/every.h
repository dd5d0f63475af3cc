/* SPDX-License-Identifier: Apache-2.0 */
/*
 * every: the driver's functions that talk to a server, each called by a case of its name. This is
 * what the files every_*.c share; every.c is the program, and its --help the user's manual.
 *
 * A case gets an `every` whose client and handles are shared by all cases of the run, in one
 * thread. It returns true when the calls gave what they must; otherwise it has said why with
 * every_check or every_cannot. The documents that every_doc makes live until the case ends. Names
 * are those of the functions without `mongoc_`; what follows a slash tells ways of calling one
 * function apart.
 */
#ifndef EVERY_H
#define EVERY_H

#include <mongoc/mongoc.h>

/* The oldest way of doing something is to be called, too. */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

#if MONGOC_CHECK_VERSION(2, 0, 0)
#define EVERY_1_X 0
#else
#define EVERY_1_X 1
#endif

/* Both collections that must be there, `source` (only read) and `work`, hold this many documents,
 * int32 _id from 0. */
enum { EVERY_COUNT = 250, EVERY_DOCUMENTS = 64 };

struct every {
    const char *uri;
    mongoc_client_t *client;
    mongoc_client_pool_t *pool; /* where the client is from; NULL: from nowhere */
    mongoc_database_t *database;
    mongoc_collection_t *source;
    mongoc_collection_t *work;
    mongoc_collection_t *target; /* for inserts; nobody reads it */
    bson_error_t error;          /* for the calls of a case; cleared before each */
    char reason[BSON_ERROR_BUFFER_SIZE + 256];
    bool impossible; /* the case did not fail: it could not be run */
    bson_t *documents[EVERY_DOCUMENTS];
    unsigned document_count;
};

struct every_case {
    const char *name; /* NULL ends a table */
    bool (*run)(struct every *every);
};

extern const struct every_case EVERY_CLIENT[], EVERY_READ[], EVERY_CURSOR[], EVERY_WATCH[],
    EVERY_WRITE[], EVERY_BULK[], EVERY_BULKWRITE[], EVERY_CATALOG[], EVERY_INDEX[], EVERY_COMMAND[],
    EVERY_SESSION[], EVERY_GRIDFS[], EVERY_BUCKET[], EVERY_ENCRYPTION[];

/* The document that the JSON text stands for. */
const bson_t *every_doc(struct every *every, const char *json);
/* A copy that the case may change; it lives as long. */
bson_t *every_opts(struct every *every, const char *json);

/* Returns good; when it is false, notes what was wrong, together with the driver's error when there
 * is one. */
bool every_check(struct every *every, bool good, const char *what);
/* Returns false: this driver or server does not allow the case. */
bool every_cannot(struct every *every, const char *why);

/* True when the value at the (dotted) path of the reply equals the number; notes the failure. */
bool every_number(struct every *every, const bson_t *reply, const char *path, int64_t wanted);
/* The same, and destroys the reply. */
bool every_reply(struct every *every, bool good, bson_t *reply, const char *path, int64_t wanted);

/* Reads the cursor to its end, destroys it, and checks the number of documents; wanted -1: any
 * number. */
bool every_drain(struct every *every, mongoc_cursor_t *cursor, int64_t wanted);

/* A fresh collection of this name, to be destroyed by the caller, into which `count` documents were
 * inserted. */
mongoc_collection_t *every_fresh(struct every *every, const char *name, int count);

/* Puts write concern w: 0 into a case's options. */
const bson_t *every_w0(struct every *every);

#endif
