/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bind_work.h: the small job that every program of the binding tests does, whichever way it reaches
 * the driver: with a client, with a pool, and with command monitoring of its own. Header only,
 * compiled into programs and plugins, so that the calls come from their own object file. A job
 * writes one line of what it did; nothing is kept between two jobs. Any thread may do one.
 */
#ifndef BIND_WORK_H
#define BIND_WORK_H

#include <mongoc/mongoc.h>
#include <stdio.h>
#include <string.h>

#define BIND_DATABASE   "bindings"
#define BIND_INSERTS    3
#define BIND_LINE_BYTES 256

struct bind_job {
    int inserted;
    int read;
    int counted;
    int events; /* seen by the program's own monitoring; -1 without */
    int failed;
};

static inline void bind_insert(struct bind_job *job, mongoc_collection_t *collection)
{
    for (int i = 0; i < BIND_INSERTS; i++) {
        bson_t *document = BCON_NEW("number", BCON_INT32(i));
        if (mongoc_collection_insert_one(collection, document, NULL, NULL, NULL)) {
            job->inserted++;
        } else {
            job->failed++;
        }
        bson_destroy(document);
    }
}

static inline void bind_read(struct bind_job *job, mongoc_collection_t *collection)
{
    bson_t *filter = bson_new();
    const bson_t *document = NULL;
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(collection, filter, NULL, NULL);
    while (mongoc_cursor_next(cursor, &document)) {
        job->read++;
    }
    job->failed += mongoc_cursor_error(cursor, NULL) ? 1 : 0;
    mongoc_cursor_destroy(cursor);
    job->counted =
        (int)mongoc_collection_count_documents(collection, filter, NULL, NULL, NULL, NULL);
    job->failed += job->counted < 0 ? 1 : 0;
    bson_destroy(filter);
}

static inline void bind_use_client(struct bind_job *job, mongoc_client_t *client, const char *name)
{
    if (client == NULL) {
        job->failed++;
        return;
    }
    mongoc_collection_t *collection = mongoc_client_get_collection(client, BIND_DATABASE, name);
    bind_insert(job, collection);
    bind_read(job, collection);
    mongoc_collection_destroy(collection);
}

static inline void bind_count_event(const mongoc_apm_command_succeeded_t *event)
{
    ++*(int *)mongoc_apm_command_succeeded_get_context(event);
}

static inline void bind_monitored(struct bind_job *job, const char *uri, const char *name)
{
    mongoc_client_t *client = mongoc_client_new(uri);
    mongoc_apm_callbacks_t *callbacks = mongoc_apm_callbacks_new();
    mongoc_apm_set_command_succeeded_cb(callbacks, bind_count_event);
    mongoc_client_set_apm_callbacks(client, callbacks, &job->events);
    mongoc_apm_callbacks_destroy(callbacks);
    bind_use_client(job, client, name);
    mongoc_client_destroy(client);
}

static inline void bind_pooled(struct bind_job *job, const char *uri, const char *name)
{
    mongoc_uri_t *parsed = mongoc_uri_new(uri);
    mongoc_client_pool_t *pool = mongoc_client_pool_new(parsed);
    mongoc_client_t *client = mongoc_client_pool_pop(pool);
    bind_use_client(job, client, name);
    mongoc_client_pool_push(pool, client);
    mongoc_client_pool_destroy(pool);
    mongoc_uri_destroy(parsed);
}

/* Does the job in one `mode`: client, pool, monitored. Writes its line; returns what failed. */
static inline int bind_do(const char *mode, const char *uri, const char *name, char *line)
{
    struct bind_job job = {0, 0, 0, strcmp(mode, "monitored") == 0 ? 0 : -1, 0};
    if (job.events == 0) {
        bind_monitored(&job, uri, name);
    } else if (strcmp(mode, "pool") == 0) {
        bind_pooled(&job, uri, name);
    } else {
        mongoc_client_t *client = mongoc_client_new(uri);
        bind_use_client(&job, client, name);
        mongoc_client_destroy(client);
    }
    snprintf(line, BIND_LINE_BYTES,
             "%s %s: inserted %d, read %d, counted %d, events %d, failed %d\n", name, mode,
             job.inserted, job.read, job.counted, job.events, job.failed);
    return job.failed;
}

#endif
