/* SPDX-License-Identifier: Apache-2.0 */
/* GridFS by its old functions. Each case has a file of its own name, 1000 bytes in chunks of 400.
 */
#include "every.h"

#include <stdio.h>
#include <string.h>

enum { FILE_BYTES = 1000, CHUNK_BYTES = 400 };

static mongoc_gridfs_t *open_gridfs(struct every *every)
{
    mongoc_gridfs_t *gridfs = mongoc_client_get_gridfs(
        every->client, mongoc_database_get_name(every->database), "fs", &every->error);
    every_check(every, gridfs != NULL, "there is no GridFS");
    return gridfs;
}

/* Creates the file with its content and saves it; NULL with the failure noted. */
static mongoc_gridfs_file_t *make_file(struct every *every, mongoc_gridfs_t *gridfs,
                                       const char *name)
{
    char content[FILE_BYTES];
    memset(content, 'x', sizeof content);
    mongoc_gridfs_file_opt_t opt = {.filename = name, .chunk_size = CHUNK_BYTES};
    mongoc_iovec_t part = {.iov_base = content, .iov_len = sizeof content};
    mongoc_gridfs_file_t *file = mongoc_gridfs_create_file(gridfs, &opt);
    if (file != NULL && mongoc_gridfs_file_writev(file, &part, 1, 0) == FILE_BYTES &&
        mongoc_gridfs_file_save(file)) {
        return file;
    }
    every_check(every, false, "the file was not written");
    mongoc_gridfs_file_destroy(file);
    return NULL;
}

static bool read_all(struct every *every, mongoc_gridfs_file_t *file)
{
    char content[FILE_BYTES];
    mongoc_iovec_t part = {.iov_base = content, .iov_len = sizeof content};
    const ssize_t got =
        file != NULL ? mongoc_gridfs_file_readv(file, &part, 1, sizeof content, 0) : -1;
    if (file != NULL && got < 0) {
        mongoc_gridfs_file_error(file, &every->error);
    }
    return every_check(every, got == FILE_BYTES,
                       got < 0 ? "reading failed" : "reading ended early");
}

/* A GridFS that has the file of that name; NULL with the failure noted. */
static mongoc_gridfs_t *gridfs_with(struct every *every, const char *name)
{
    mongoc_gridfs_t *gridfs = open_gridfs(every);
    mongoc_gridfs_file_t *file = gridfs != NULL ? make_file(every, gridfs, name) : NULL;
    if (file == NULL && gridfs != NULL) {
        mongoc_gridfs_destroy(gridfs);
        return NULL;
    }
    mongoc_gridfs_file_destroy(file);
    return gridfs;
}

/* Reads the file and gives both back. */
static bool finish(struct every *every, mongoc_gridfs_t *gridfs, mongoc_gridfs_file_t *file)
{
    const bool good = read_all(every, file);
    mongoc_gridfs_file_destroy(file);
    mongoc_gridfs_destroy(gridfs);
    return good;
}

static bool get_gridfs(struct every *every)
{
    mongoc_gridfs_t *gridfs = open_gridfs(every);
    if (gridfs != NULL) {
        mongoc_gridfs_destroy(gridfs);
    }
    return gridfs != NULL;
}

static bool create_file(struct every *every)
{
    mongoc_gridfs_t *gridfs = gridfs_with(every, "create_file");
    if (gridfs != NULL) {
        mongoc_gridfs_destroy(gridfs);
    }
    return gridfs != NULL;
}

static bool create_file_from_stream(struct every *every)
{
    FILE *made = tmpfile();
    mongoc_gridfs_t *gridfs = open_gridfs(every);
    if (made == NULL || gridfs == NULL) {
        return every_check(every, false, "there is no temporary file");
    }
    char content[FILE_BYTES] = {'x'};
    fwrite(content, 1, sizeof content, made);
    rewind(made);
    mongoc_stream_t *stream = mongoc_stream_file_new(dup(fileno(made)));
    mongoc_gridfs_file_opt_t opt = {.filename = "create_file_from_stream",
                                    .chunk_size = CHUNK_BYTES};
    mongoc_gridfs_file_t *file = mongoc_gridfs_create_file_from_stream(gridfs, stream, &opt);
    const bool saved = file != NULL && mongoc_gridfs_file_save(file) &&
                       mongoc_gridfs_file_get_length(file) == FILE_BYTES;
    mongoc_gridfs_file_destroy(file);
    mongoc_gridfs_destroy(gridfs);
    fclose(made);
    return every_check(every, saved, "the file was not written");
}

static bool find_one_by_filename(struct every *every)
{
    mongoc_gridfs_t *gridfs = gridfs_with(every, "by_filename");
    return gridfs != NULL &&
           finish(every, gridfs,
                  mongoc_gridfs_find_one_by_filename(gridfs, "by_filename", &every->error));
}

static bool find_one_with_opts(struct every *every)
{
    mongoc_gridfs_t *gridfs = gridfs_with(every, "one_with_opts");
    const bson_t *filter = every_doc(every, "{\"filename\": \"one_with_opts\"}");
    return gridfs != NULL &&
           finish(every, gridfs,
                  mongoc_gridfs_find_one_with_opts(gridfs, filter, NULL, &every->error));
}

/* Reads the list's only file and gives all back. */
static bool finish_list(struct every *every, mongoc_gridfs_t *gridfs,
                        mongoc_gridfs_file_list_t *list)
{
    mongoc_gridfs_file_t *file = mongoc_gridfs_file_list_next(list);
    const bool good = read_all(every, file);
    mongoc_gridfs_file_t *more = mongoc_gridfs_file_list_next(list);
    mongoc_gridfs_file_destroy(file);
    mongoc_gridfs_file_destroy(more);
    mongoc_gridfs_file_list_destroy(list);
    mongoc_gridfs_destroy(gridfs);
    return every_check(every, good && more == NULL, "the list is not of one file");
}

static bool find_with_opts(struct every *every)
{
    mongoc_gridfs_t *gridfs = gridfs_with(every, "with_opts");
    const bson_t *filter = every_doc(every, "{\"filename\": \"with_opts\"}");
    return gridfs != NULL &&
           finish_list(every, gridfs, mongoc_gridfs_find_with_opts(gridfs, filter, NULL));
}

#if EVERY_1_X
static bool find(struct every *every)
{
    mongoc_gridfs_t *gridfs = gridfs_with(every, "find");
    return gridfs != NULL &&
           finish_list(every, gridfs,
                       mongoc_gridfs_find(gridfs, every_doc(every, "{\"filename\": \"find\"}")));
}

static bool find_one(struct every *every)
{
    mongoc_gridfs_t *gridfs = gridfs_with(every, "find_one");
    const bson_t *query = every_doc(every, "{\"filename\": \"find_one\"}");
    return gridfs != NULL &&
           finish(every, gridfs, mongoc_gridfs_find_one(gridfs, query, &every->error));
}
#endif

/* Backwards over the border of a chunk, then the last bytes. */
static bool file_seek(struct every *every)
{
    char content[100];
    mongoc_iovec_t part = {.iov_base = content, .iov_len = sizeof content};
    mongoc_gridfs_t *gridfs = open_gridfs(every);
    mongoc_gridfs_file_t *file = gridfs != NULL ? make_file(every, gridfs, "seek") : NULL;
    const bool good = file != NULL && mongoc_gridfs_file_seek(file, 0, SEEK_SET) == 0 &&
                      read_all(every, file) && mongoc_gridfs_file_seek(file, -100, SEEK_END) == 0 &&
                      mongoc_gridfs_file_readv(file, &part, 1, sizeof content, 0) == sizeof content;
    mongoc_gridfs_file_destroy(file);
    if (gridfs != NULL) {
        mongoc_gridfs_destroy(gridfs);
    }
    return every_check(every, good, "the end was not read");
}

/* A file as a stream: a read for each chunk that it goes through. */
static bool stream_gridfs(struct every *every)
{
    char content[FILE_BYTES];
    mongoc_iovec_t part = {.iov_base = content, .iov_len = sizeof content};
    mongoc_gridfs_t *gridfs = gridfs_with(every, "stream");
    mongoc_gridfs_file_t *file =
        gridfs != NULL ? mongoc_gridfs_find_one_by_filename(gridfs, "stream", &every->error) : NULL;
    mongoc_stream_t *stream = file != NULL ? mongoc_stream_gridfs_new(file) : NULL;
    const bool good = stream != NULL &&
                      mongoc_stream_readv(stream, &part, 1, sizeof content, 0) == sizeof content;
    mongoc_stream_destroy(stream);
    mongoc_gridfs_file_destroy(file);
    if (gridfs != NULL) {
        mongoc_gridfs_destroy(gridfs);
    }
    return every_check(every, good, "the stream was not read");
}

/* The collection of the files' descriptions, as any other. */
static bool get_files(struct every *every)
{
    mongoc_gridfs_t *gridfs = gridfs_with(every, "get_files");
    int64_t files = -1, chunks = -1;
    if (gridfs != NULL) {
        files = mongoc_collection_estimated_document_count(mongoc_gridfs_get_files(gridfs), NULL,
                                                           NULL, NULL, &every->error);
        chunks = mongoc_collection_estimated_document_count(mongoc_gridfs_get_chunks(gridfs), NULL,
                                                            NULL, NULL, &every->error);
        mongoc_gridfs_destroy(gridfs);
    }
    return every_check(every, files > 0 && chunks >= files, "the counts are wrong");
}

static bool file_remove(struct every *every)
{
    mongoc_gridfs_t *gridfs = open_gridfs(every);
    mongoc_gridfs_file_t *file = gridfs != NULL ? make_file(every, gridfs, "remove") : NULL;
    const bool good = file != NULL && mongoc_gridfs_file_remove(file, &every->error);
    mongoc_gridfs_file_destroy(file);
    if (gridfs != NULL) {
        mongoc_gridfs_destroy(gridfs);
    }
    return every_check(every, good, "the file was not removed");
}

static bool remove_by_filename(struct every *every)
{
    mongoc_gridfs_t *gridfs = gridfs_with(every, "remove_by_filename");
    const bool good = gridfs != NULL &&
                      mongoc_gridfs_remove_by_filename(gridfs, "remove_by_filename", &every->error);
    if (gridfs != NULL) {
        mongoc_gridfs_destroy(gridfs);
    }
    return every_check(every, good, "the file was not removed");
}

static bool drop(struct every *every)
{
    mongoc_gridfs_t *gridfs = gridfs_with(every, "drop");
    const bool good = gridfs != NULL && mongoc_gridfs_drop(gridfs, &every->error);
    if (gridfs != NULL) {
        mongoc_gridfs_destroy(gridfs);
    }
    return every_check(every, good, "the files were not dropped");
}

const struct every_case EVERY_GRIDFS[] = {
    {"client_get_gridfs", get_gridfs},
    {"gridfs_create_file", create_file},
    {"gridfs_create_file_from_stream", create_file_from_stream},
    {"gridfs_find_one_by_filename", find_one_by_filename},
    {"gridfs_find_one_with_opts", find_one_with_opts},
    {"gridfs_find_with_opts", find_with_opts},
#if EVERY_1_X
    {"gridfs_find", find},
    {"gridfs_find_one", find_one},
#endif
    {"gridfs_file_seek", file_seek},
    {"stream_gridfs_new", stream_gridfs},
    {"gridfs_get_files", get_files},
    {"gridfs_file_remove", file_remove},
    {"gridfs_remove_by_filename", remove_by_filename},
    {"gridfs_drop", drop},
    {NULL, NULL},
};
