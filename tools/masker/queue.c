/* SPDX-License-Identifier: Apache-2.0 */
/* Batches and their queue: see queue.h. */
#include "queue.h"

#include <stdlib.h>
#include <string.h>

batch *batch_new(uint64_t sequence)
{
    batch *made = calloc(1, sizeof *made);
    if (made != NULL) {
        made->sequence = sequence;
    }
    return made;
}

void batch_free(batch *freed)
{
    if (freed != NULL) {
        free(freed->data);
        free(freed);
    }
}

static bool reserve(batch *target, size_t bytes)
{
    size_t capacity = target->capacity_bytes == 0 ? 64 * 1024 : target->capacity_bytes;
    while (capacity < bytes) {
        capacity *= 2;
    }
    if (capacity == target->capacity_bytes) {
        return true;
    }
    uint8_t *data = realloc(target->data, capacity);
    if (data == NULL) {
        return false;
    }
    target->data = data;
    target->capacity_bytes = capacity;
    return true;
}

bool batch_add(batch *target, const bson_t *document)
{
    if (!reserve(target, target->used_bytes + document->len)) {
        return false;
    }
    memcpy(target->data + target->used_bytes, bson_get_data(document), document->len);
    target->last_offset = target->used_bytes;
    target->used_bytes += document->len;
    target->count++;
    return true;
}

bool batch_next(const batch *source, size_t *offset, bson_t *ret_document)
{
    uint32_t length_le = 0;
    if (*offset >= source->used_bytes) {
        return false;
    }
    memcpy(&length_le, source->data + *offset, sizeof length_le);
    const uint32_t length = BSON_UINT32_FROM_LE(length_le);
    if (!bson_init_static(ret_document, source->data + *offset, length)) {
        return false;
    }
    *offset += length;
    return true;
}

void queue_init(batch_queue *queue, uint32_t capacity)
{
    *queue = (batch_queue){.capacity = capacity};
    queue->end = &queue->first;
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->not_empty, NULL);
    pthread_cond_init(&queue->not_full, NULL);
}

void queue_release(batch_queue *queue)
{
    for (batch *item = queue->first, *next; item != NULL; item = next) {
        next = item->next;
        batch_free(item);
    }
    pthread_cond_destroy(&queue->not_full);
    pthread_cond_destroy(&queue->not_empty);
    pthread_mutex_destroy(&queue->lock);
}

static void wait_for_room(batch_queue *queue, truth_log *log)
{
    if (queue->count < queue->capacity || queue->stopped) {
        return;
    }
    const int64_t begin_ns = truth_wait_begin(log);
    while (queue->count == queue->capacity && !queue->stopped) {
        pthread_cond_wait(&queue->not_full, &queue->lock);
    }
    truth_wait_end(log, begin_ns);
}

static void wait_for_batch(batch_queue *queue, truth_log *log)
{
    if (queue->first != NULL || queue->closed || queue->stopped) {
        return;
    }
    const int64_t begin_ns = truth_wait_begin(log);
    while (queue->first == NULL && !queue->closed && !queue->stopped) {
        pthread_cond_wait(&queue->not_empty, &queue->lock);
    }
    truth_wait_end(log, begin_ns);
}

bool queue_push(batch_queue *queue, batch *added, truth_log *log)
{
    pthread_mutex_lock(&queue->lock);
    wait_for_room(queue, log);
    const bool good = !queue->stopped;
    if (good) {
        *queue->end = added;
        queue->end = &added->next;
        queue->count++;
        pthread_cond_signal(&queue->not_empty);
    }
    pthread_mutex_unlock(&queue->lock);
    return good;
}

static batch *take_first(batch_queue *queue)
{
    batch *taken = queue->first;
    queue->first = taken->next;
    if (queue->first == NULL) {
        queue->end = &queue->first;
    }
    taken->next = NULL;
    queue->count--;
    return taken;
}

batch *queue_pop(batch_queue *queue, truth_log *log)
{
    batch *taken = NULL;
    pthread_mutex_lock(&queue->lock);
    wait_for_batch(queue, log);
    if (queue->first != NULL && !queue->stopped) {
        taken = take_first(queue);
        pthread_cond_signal(&queue->not_full);
    }
    pthread_mutex_unlock(&queue->lock);
    return taken;
}

static void raise_flag(batch_queue *queue, bool *flag)
{
    pthread_mutex_lock(&queue->lock);
    *flag = true;
    pthread_cond_broadcast(&queue->not_empty);
    pthread_cond_broadcast(&queue->not_full);
    pthread_mutex_unlock(&queue->lock);
}

void queue_close(batch_queue *queue)
{
    raise_flag(queue, &queue->closed);
}

void queue_stop(batch_queue *queue)
{
    raise_flag(queue, &queue->stopped);
}
