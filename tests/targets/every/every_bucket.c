/* SPDX-License-Identifier: Apache-2.0 */
/* GridFS by its bucket functions. Each case has a file of its own, 1000 bytes in chunks of 400. */
#include "every.h"

#include <stdio.h>
#include <string.h>

enum { FILE_BYTES = 1000 };

static mongoc_gridfs_bucket_t *open_bucket(struct every *every)
{
    const bson_t *opts = every_doc(every, "{\"bucketName\": \"bucket\", \"chunkSizeBytes\": 400}");
    mongoc_gridfs_bucket_t *bucket =
        mongoc_gridfs_bucket_new(every->database, opts, NULL, &every->error);
    every_check(every, bucket != NULL, "there is no bucket");
    return bucket;
}

/* A stream on a temporary file, with content or empty; the file goes with the stream. */
static mongoc_stream_t *file_stream(bool with_content)
{
    char content[FILE_BYTES];
    FILE *made = tmpfile();
    if (made == NULL) {
        return NULL;
    }
    memset(content, 'x', sizeof content);
    fwrite(content, 1, with_content ? sizeof content : 0, made);
    rewind(made);
    mongoc_stream_t *stream = mongoc_stream_file_new(dup(fileno(made)));
    fclose(made);
    return stream;
}

/* Uploads a file through a stream that is written to; the id is the caller's to clear. */
static bool write_upload(struct every *every, mongoc_stream_t *upload)
{
    char content[FILE_BYTES];
    memset(content, 'x', sizeof content);
    mongoc_iovec_t rest = {.iov_base = content, .iov_len = FILE_BYTES / 2};
    const bool written =
        upload != NULL &&
        mongoc_stream_write(upload, content, FILE_BYTES / 2, 0) == FILE_BYTES / 2 &&
        mongoc_stream_writev(upload, &rest, 1, 0) == FILE_BYTES / 2;
    if (!written && upload != NULL) {
        mongoc_gridfs_bucket_stream_error(upload, &every->error);
    }
    return every_check(every, written, "the file was not written");
}

static bool upload_named(struct every *every, mongoc_gridfs_bucket_t *bucket, const char *name,
                         bson_value_t *id)
{
    mongoc_stream_t *upload =
        mongoc_gridfs_bucket_open_upload_stream(bucket, name, NULL, id, &every->error);
    const bool good = write_upload(every, upload) && mongoc_stream_close(upload) == 0;
    mongoc_stream_destroy(upload);
    return every_check(every, good, "the upload was not closed");
}

static bool open_upload_stream(struct every *every)
{
    bson_value_t id;
    mongoc_gridfs_bucket_t *bucket = open_bucket(every);
    const bool good = upload_named(every, bucket, "open_upload", &id);
    bson_value_destroy(&id);
    mongoc_gridfs_bucket_destroy(bucket);
    return good;
}

static bool open_upload_stream_with_id(struct every *every)
{
    const bson_value_t id = {.value_type = BSON_TYPE_INT32, .value.v_int32 = 1};
    mongoc_gridfs_bucket_t *bucket = open_bucket(every);
    mongoc_stream_t *upload = mongoc_gridfs_bucket_open_upload_stream_with_id(
        bucket, &id, "open_with_id", NULL, &every->error);
    const bool good = write_upload(every, upload) && mongoc_stream_close(upload) == 0;
    mongoc_stream_destroy(upload);
    mongoc_gridfs_bucket_destroy(bucket);
    return good;
}

static bool upload_from_stream(struct every *every)
{
    bson_value_t id;
    mongoc_gridfs_bucket_t *bucket = open_bucket(every);
    mongoc_stream_t *source = file_stream(true);
    const bool good = mongoc_gridfs_bucket_upload_from_stream(bucket, "from_stream", source, NULL,
                                                              &id, &every->error);
    if (good) {
        bson_value_destroy(&id);
    }
    mongoc_stream_destroy(source);
    mongoc_gridfs_bucket_destroy(bucket);
    return every_check(every, good, "the upload failed");
}

static bool upload_from_stream_with_id(struct every *every)
{
    const bson_value_t id = {.value_type = BSON_TYPE_INT32, .value.v_int32 = 2};
    mongoc_gridfs_bucket_t *bucket = open_bucket(every);
    mongoc_stream_t *source = file_stream(true);
    const bool good = mongoc_gridfs_bucket_upload_from_stream_with_id(bucket, &id, "from_with_id",
                                                                      source, NULL, &every->error);
    mongoc_stream_destroy(source);
    mongoc_gridfs_bucket_destroy(bucket);
    return every_check(every, good, "the upload failed");
}

static bool abort_upload(struct every *every)
{
    bson_value_t id;
    mongoc_gridfs_bucket_t *bucket = open_bucket(every);
    mongoc_stream_t *upload =
        mongoc_gridfs_bucket_open_upload_stream(bucket, "aborted", NULL, &id, &every->error);
    const bool good = write_upload(every, upload) && mongoc_gridfs_bucket_abort_upload(upload);
    mongoc_stream_destroy(upload);
    bson_value_destroy(&id);
    mongoc_gridfs_bucket_destroy(bucket);
    return every_check(every, good, "the upload was not aborted");
}

static bool open_download_stream(struct every *every)
{
    char content[FILE_BYTES];
    bson_value_t id;
    mongoc_gridfs_bucket_t *bucket = open_bucket(every);
    bool good = upload_named(every, bucket, "open_download", &id);
    mongoc_stream_t *download =
        mongoc_gridfs_bucket_open_download_stream(bucket, &id, &every->error);
    good = good && download != NULL &&
           mongoc_stream_read(download, content, sizeof content, sizeof content, 0) == FILE_BYTES;
    mongoc_stream_destroy(download);
    bson_value_destroy(&id);
    mongoc_gridfs_bucket_destroy(bucket);
    return every_check(every, good, "the file was not read");
}

static bool download_to_stream(struct every *every)
{
    bson_value_t id;
    mongoc_gridfs_bucket_t *bucket = open_bucket(every);
    mongoc_stream_t *destination = file_stream(false);
    bool good = upload_named(every, bucket, "download", &id);
    good = mongoc_gridfs_bucket_download_to_stream(bucket, &id, destination, &every->error) && good;
    mongoc_stream_destroy(destination);
    bson_value_destroy(&id);
    mongoc_gridfs_bucket_destroy(bucket);
    return every_check(every, good, "the file was not read");
}

static bool bucket_find(struct every *every)
{
    bson_value_t id;
    mongoc_gridfs_bucket_t *bucket = open_bucket(every);
    bool good = upload_named(every, bucket, "bucket_find", &id);
    const bson_t *filter = every_doc(every, "{\"filename\": \"bucket_find\"}");
    good = every_drain(every, mongoc_gridfs_bucket_find(bucket, filter, NULL), 1) && good;
    bson_value_destroy(&id);
    mongoc_gridfs_bucket_destroy(bucket);
    return good;
}

static bool delete_by_id(struct every *every)
{
    bson_value_t id;
    mongoc_gridfs_bucket_t *bucket = open_bucket(every);
    bool good = upload_named(every, bucket, "delete", &id);
    good = mongoc_gridfs_bucket_delete_by_id(bucket, &id, &every->error) && good;
    bson_value_destroy(&id);
    mongoc_gridfs_bucket_destroy(bucket);
    return every_check(every, good, "the file was not deleted");
}

const struct every_case EVERY_BUCKET[] = {
    {"gridfs_bucket_open_upload_stream", open_upload_stream},
    {"gridfs_bucket_open_upload_stream_with_id", open_upload_stream_with_id},
    {"gridfs_bucket_upload_from_stream", upload_from_stream},
    {"gridfs_bucket_upload_from_stream_with_id", upload_from_stream_with_id},
    {"gridfs_bucket_abort_upload", abort_upload},
    {"gridfs_bucket_open_download_stream", open_download_stream},
    {"gridfs_bucket_download_to_stream", download_to_stream},
    {"gridfs_bucket_find", bucket_find},
    {"gridfs_bucket_delete_by_id", delete_by_id},
    {NULL, NULL},
};
